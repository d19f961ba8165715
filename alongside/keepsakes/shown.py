"""A box as its pages show it: plain values in words, and never more than the policy gave."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext

from alongside import ids
from alongside.accounts.models import Profile
from alongside.keepsakes import days, erasing
from alongside.keepsakes.files import showing
from alongside.keepsakes.files.showing import NEVER_OPEN, Looking, ShownPhoto, ShownVoice
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory, MemoryVersion
from alongside.keepsakes.models.erasure import ErasureQuerySet
from alongside.keepsakes.models.memory import MemoryQuerySet
from alongside.keepsakes.people import Circle, name_of
from alongside.keepsakes.said import Said, blocks, few_words
from alongside.visibility.reader import Reader

FIRST_LINES = 320
"""Characters of a text that its compartment in the tray may show."""


@dataclass(frozen=True, slots=True)
class BoxLink:
    """One of several boxes."""

    id: uuid.UUID
    title: str
    cloth: str

    @property
    def shown_id(self) -> str:
        """The id as addresses hold it."""
        return ids.show(self.id)


@dataclass(frozen=True, slots=True)
class ShownBox:
    """The head of a box."""

    id: uuid.UUID
    title: str
    line: str
    cloth: str
    held: bool
    circle: Circle
    row: KeepsakeBox

    @property
    def shown_id(self) -> str:
        """The id as addresses hold it."""
        return ids.show(self.id)


@dataclass(frozen=True, slots=True)
class Keepsake:
    """One thing in a box: as a compartment of the tray, in the timeline, and on its own page."""

    id: uuid.UUID
    kind: str
    title: str
    is_named: bool
    first_lines: str
    shows: str
    day: str
    by: str
    mine: bool
    who_sees: str
    kept_at: datetime
    when: tuple[int, int, int]
    heads: int
    blocks: Sequence[tuple[str, str]]
    photo: ShownPhoto | None = None
    voice: ShownVoice | None = None

    @property
    def called(self) -> str:
        """What tells it from other things where its words are not shown: its name, or its first words."""
        if self.is_named or self.kind == Memory.Kind.DATE:
            return self.title
        words = few_words(self.blocks or [("", self.shows)])
        return (
            " · ".join(filter(None, (self.title, words))) if self.kind == Memory.Kind.TRIBUTE else words or self.title
        )

    @property
    def shown_id(self) -> str:
        """The id as addresses hold it."""
        return ids.show(self.id)


@dataclass(frozen=True, slots=True)
class LetGoOf:
    """Something that can still be brought back; ``mine``: the one who looks let go of it."""

    id: uuid.UUID
    asked_at: datetime
    due_at: datetime
    mine: bool

    @property
    def shown_id(self) -> str:
        """The id as addresses hold it."""
        return ids.show(self.id)


def boxes_of(reader: Reader) -> list[KeepsakeBox]:
    """Return the boxes that exist for ``reader``, their own before those they look into as a relative."""
    boxes = KeepsakeBox.objects.visible_to(reader).select_related("family").order_by("created_at", "pk")
    return sorted(boxes, key=lambda box: box.family_id not in reader.families)


def box_head(box: KeepsakeBox, reader: Reader) -> ShownBox:
    """Return what stands above a box."""
    circle = Circle.of(box, reader.account)
    return ShownBox(
        id=box.pk,
        title=circle.title(_called(box, circle)),
        line=circle.line(),
        cloth=box.cloth,
        held=circle.viewer_holds_it,
        circle=circle,
        row=box,
    )


def box_link(box: KeepsakeBox, reader: Reader) -> BoxLink:
    """Return another box, to go to."""
    circle = Circle.of(box, reader.account)
    return BoxLink(box.pk, circle.title(_called(box, circle)), box.cloth)


def _called(box: KeepsakeBox, circle: Circle) -> str:
    """Return the name of a box; where it has none, the one that its parent who looks uses in her own words."""
    if box.name or not circle.viewer_holds_it:
        return box.name
    profile = Profile.objects.select_related("account").filter(account=circle.viewer).first()
    return profile.own_words.name if profile else ""


def with_words(memories: MemoryQuerySet) -> MemoryQuerySet:
    """Fetch what each keepsake says now, and to whom it is shown, along with it."""
    heads = MemoryVersion.objects.filter(followed_at=None).order_by("number")
    return memories.select_related("box", "contributed_by__profile", "file").prefetch_related(
        Prefetch("versions", queryset=heads, to_attr="standing"), "shown", "objects_kept"
    )


def keepsakes(box: ShownBox, reader: Reader, looking: Looking = NEVER_OPEN) -> list[Keepsake]:
    """Return what of a box exists for ``reader``, as the family put it; photographs as they are being looked at."""
    found = with_words(Memory.objects.visible_to(reader).filter(box=box.id).in_order())
    return [keepsake(memory, box.circle, looking) for memory in found]


def keepsake(memory: Memory, circle: Circle, looking: Looking = NEVER_OPEN) -> Keepsake:
    """Return one keepsake that came through ``with_words``, with its words opened."""
    standing: list[MemoryVersion] = memory.standing  # type: ignore[attr-defined]
    for version in standing:
        version.text = memory  # asking the database again would be one query a keepsake
    said = standing[-1].said if standing else Said()
    parts = list(blocks(said.text))
    by = circle.name(memory.contributed_by_id) or name_of(memory.contributed_by)
    return Keepsake(
        id=memory.pk,
        kind=memory.kind,
        title=said.title.strip() or _untitled(memory, said, by, circle.viewer),
        is_named=bool(said.title.strip()),
        first_lines=_first_lines(parts),
        shows=said.shows.strip(),
        day=days.in_words(said.day),
        by=by,
        mine=memory.contributed_by_id == circle.viewer,
        who_sees=circle.who_sees(memory, (one.relative_id for one in memory.shown.all())),
        kept_at=memory.made_at,
        when=days.when(said.day, memory.made_at),
        heads=len(standing),
        blocks=parts,
        photo=showing.photo(memory, looking) if memory.kind == Memory.Kind.PHOTO else None,
        voice=showing.voice(memory) if memory.kind == Memory.Kind.VOICE else None,
    )


def _untitled(memory: Memory, said: Said, by: str, viewer: uuid.UUID | None) -> str:
    if memory.kind == Memory.Kind.DATE:
        return days.in_words(said.day) or gettext("A date")
    if memory.kind == Memory.Kind.OBJECT:
        return gettext("Something kept")
    if memory.kind == Memory.Kind.PHOTO:
        return gettext("A photo")
    if memory.kind == Memory.Kind.VOICE:
        return gettext("A voice, %(length)s") % {"length": showing.length(memory.file.about.seconds)}
    if memory.kind == Memory.Kind.TRIBUTE and memory.contributed_by_id != viewer:
        return gettext("From %(name)s") % {"name": by}
    return gettext("Words")


def _first_lines(parts: Iterable[tuple[str, str]]) -> str:
    text = "\n".join(part for _, part in parts)
    return text if len(text) <= FIRST_LINES else text[:FIRST_LINES].rsplit(maxsplit=1)[0]


def timeline(things: Iterable[Keepsake]) -> list[tuple[int, list[Keepsake]]]:
    """Return keepsakes by year and within it by day, each with the year it belongs to."""
    years: dict[int, list[Keepsake]] = {}
    for one in sorted(things, key=lambda one: (one.when, one.kept_at)):
        years.setdefault(one.when[0], []).append(one)
    return list(years.items())


def beside(things: Sequence[Keepsake], pk: uuid.UUID) -> tuple[Keepsake | None, Keepsake | None]:
    """Return what lies before and after one keepsake; None at an edge."""
    at = next(place for place, one in enumerate(things) if one.id == pk)
    return (things[at - 1] if at else None, things[at + 1] if at + 1 < len(things) else None)


def may_let_go(memory: Memory, circle: Circle) -> bool:
    """Whether the one who looks may let go of it: their own, or what nobody who holds the box put in (C8).

    Of a relative's, who may have been a parent before, a tribute alone.
    """
    if memory.contributed_by_id == circle.viewer:
        return circle.viewer_holds_it or memory.kind == Memory.Kind.TRIBUTE
    return circle.viewer_holds_it and all(one.account != memory.contributed_by_id for one in circle.parents)


def let_go_of(box: KeepsakeBox, reader: Reader, now: datetime) -> list[LetGoOf]:
    """Return what was let go of in this box, by ``reader`` or another, that ``reader`` can still bring back."""
    assert reader.account is not None
    waiting = erasing.that_can_come_back(reader.account, now).filter(vault=box.vault)
    return _let_go_of(waiting, reader)


def closed_boxes(reader: Reader, now: datetime) -> list[LetGoOf]:
    """Return the boxes of ``reader`` that are closed and not erased yet: no name, no words, only until when."""
    waiting = Erasure.objects.filter(
        kind=Erasure.Kind.BOX,
        done_at=None,
        due_at__gt=now,
        subject__in=KeepsakeBox.objects.filter(family__in=reader.families).values("pk"),
    )
    return _let_go_of(waiting, reader)


def _let_go_of(waiting: ErasureQuerySet, reader: Reader) -> list[LetGoOf]:
    return [
        LetGoOf(one.subject, one.asked_at, one.due_at, one.viewer == reader.account)
        for one in waiting.order_by("asked_at")
    ]


def parents_and_yes(box: ShownBox) -> list[tuple[str, bool, bool]]:
    """Return each parent's name, whether they said yes to erasing the whole box, and whether that is who looks."""
    said = set(box.row.erasing_yes.values_list("parent", flat=True))
    circle = box.circle
    return [(circle.name(one.account), one.place in said, one.account == circle.viewer) for one in circle.parents]


def closed_or_open(reader: Reader, pk: uuid.UUID | None) -> KeepsakeBox | None:
    """Return a box of ``reader``'s own, closed ones too: for taking a yes back, never for looking into it."""
    return KeepsakeBox.objects.select_related("family").filter(pk__in=[pk], family__in=reader.families).first()


def versions(rows: Iterable[MemoryVersion], memory: Memory, reader: Reader) -> list[dict[str, object]]:
    """Return what the pages about versions show of each (templates/writing/)."""
    circle = Circle.of(memory.box, reader.account)
    found: list[dict[str, object]] = []
    for row in rows:
        row.text = memory
        by = circle.name(row.by.pk) or name_of(row.by) if row.by else ""
        mine = row.by_id is not None and row.by_id == reader.account
        found.append(
            {
                "number": row.number,
                "at": row.at,
                "said": row.said,
                "followed_at": row.followed_at,
                "by_name": by,
                "mine": mine,
            }
        )
    return found


def onlookers(memory: Memory, circle: Circle) -> list[tuple[str, str, bool, bool]]:
    """Return each relative's place, their name, whether they may look, and whether they gave it themselves."""
    shown_to = {one.relative_id for one in memory.shown.all()}
    return [
        (ids.show(one.place), one.name, one.place in shown_to, one.account == memory.contributed_by_id)
        for one in circle.relatives
    ]
