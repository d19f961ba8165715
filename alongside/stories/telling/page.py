"""A story as its parents see it: where it stands, what is asked, what readers of each circle get."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from alongside import ids
from alongside.accounts.models import Account
from alongside.keepsakes.models import KeepsakeBox
from alongside.keepsakes.people import Circle, listed
from alongside.stories import erasing, shown
from alongside.stories.composing.page import photograph_address
from alongside.stories.models import Asking, Chapter, Consent, Revision, Story
from alongside.stories.telling.changes import Change, changes, stands_with
from alongside.stories.words import Words
from alongside.visibility.audience import Audience

if TYPE_CHECKING:
    from django.http import QueryDict  # noqa: TID251 - for the type alone

Parts = Sequence[tuple[Chapter, Words]]


class Preview(shown.Page):
    """A story's chapters, of just these revisions, as readers get them; what is unfolded, is unfolded here."""

    def __init__(self, story: Story, parts: Parts, here: str, asked: QueryDict, *, whole: bool = False) -> None:
        """``whole``: no chapter is folded, for somebody who is asked about all of it."""
        unfolded, opened = asked.getlist("unfold"), asked.getlist("open")
        super().__init__(story, parts, unfolded, opened, listened=asked.getlist("listen"))
        self.address, self.folds = here, not whole

    def source(self, photo: str) -> str:
        return photograph_address(self.story.pk, ids.read(photo))

    def source_of_sound(self, sound: str) -> str:
        return reverse("telling:sound", args=[self.story.pk, ids.read(sound)])


@dataclass(frozen=True, slots=True)
class Answer:
    """Another parent and what they said: "Tobias said not yet."; "" while they have said nothing."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class AboutChapter:
    """A chapter in a list of a story's parts; ``newer``: there are words that readers do not have."""

    id: uuid.UUID
    title: str
    date: str
    first: bool
    is_open: bool
    newer: bool


@dataclass(frozen=True, slots=True)
class ShownStory:
    """Where a story stands, for one of its parents."""

    row: Story
    head: shown.Head
    circle: Circle
    chapters: Sequence[AboutChapter]
    asking: Asking | None
    asked_by_me: bool
    answers: Sequence[Answer]
    mine: bool

    @property
    def others(self) -> str:
        """The other parents: "Tobias"."""
        return others(self.circle)

    @property
    def is_held(self) -> bool:
        """Whether a host reads it first (M1)."""
        return self.row.hold is not None and self.row.hold.released_at is None


def others(circle: Circle) -> str:
    """Return the parents besides the one who looks, in words."""
    return listed([one.name for one in circle.parents if one.account != circle.viewer])


def story_page(story: Story, me: Account) -> ShownStory:
    """Return where ``story`` stands; asks the database as ``me``, one of its parents."""
    circle = Circle.of(story.box, me.pk)
    asking = story.askings.open().select_related("by__profile").first()
    newest = parts_of(newest_of(story))
    return ShownStory(
        row=story,
        head=shown.head(story, newest),
        circle=circle,
        chapters=[_about(chapter, words) for chapter, words in newest],
        asking=asking,
        asked_by_me=asking is not None and asking.answer_of(me) == Consent.Answer.YES,
        answers=_answers(asking, circle) if asking else [],
        mine=story.teller_id == me.pk,
    )


def _about(chapter: Chapter, words: Words) -> AboutChapter:
    newest = chapter.newest().pk
    is_open = chapter.open_revision_id is not None
    return AboutChapter(
        chapter.pk, words.title, words.date, chapter.place == 0, is_open, is_open and chapter.open_revision_id != newest
    )


def _answers(asking: Asking, circle: Circle) -> list[Answer]:
    """Return what the other parents said. "No" is shown as "not yet" (C4)."""
    said = []
    for one in circle.parents:
        if one.account == circle.viewer:
            continue
        answer = asking.answer_of(Account(pk=one.account))
        words = {
            "": "",
            Consent.Answer.YES: gettext("%(name)s said yes."),
        }.get(answer, gettext("%(name)s said not yet."))
        said.append(Answer(one.name, words % {"name": one.name} if words else ""))
    return said


def newest_of(story: Story) -> list[Revision]:
    """Return the newest revision of each chapter, in order."""
    return [chapter.newest() for chapter in story.chapters.order_by("place")]


def parts_of(revisions: Iterable[Revision]) -> list[tuple[Chapter, Words]]:
    """Return chapters with the words of these revisions."""
    return [(revision.chapter, revision.words) for revision in revisions]


def as_readers(story: Story, revisions: Sequence[Revision], audience: Audience) -> tuple[Story, Parts]:
    """Return the story and its parts as readers of ``audience`` get them; nothing of it is kept."""
    story.audience = audience
    return story, [(chapter, words.for_others()) for chapter, words in parts_of(revisions)]


def beside_the_text(revisions: Iterable[Revision]) -> list[tuple[str, list[Change]]]:
    """Return of each chapter its title and all that a yes covers besides its text (C6)."""
    return [(one.words.title, stands_with(one.words, one.circumstances)) for one in revisions]


def is_new_to(revisions: Iterable[Revision], me: Account) -> bool:
    """Whether another wrote one of these revisions and ``me`` has not said yes to it: it has to be seen first (C1)."""
    theirs = [one.pk for one in revisions if one.author_id != me.pk]
    agreed = Consent.objects.filter(parent__account=me, answer=Consent.Answer.YES, revision__in=theirs)
    return bool(set(theirs) - set(agreed.values_list("revision", flat=True)))


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One chapter beside what this parent said yes to; ``new``: there was no such yes."""

    title: str
    new: bool
    rows: Sequence[Change]


def side_by_side(asking: Asking, me: Account) -> list[SideBySide]:
    """Return each chapter that is asked about beside its revision that ``me`` said yes to last (C6)."""
    found = []
    for revision in asking.new():
        before = _agreed_before(revision, me)
        now = revision.words
        if before is None:
            found.append(SideBySide(now.title, new=True, rows=[]))
        elif before.pk != revision.pk:
            rows = changes(before.words, now, before.circumstances, revision.circumstances)
            found.append(SideBySide(now.title, new=False, rows=rows))
    return found


def _agreed_before(revision: Revision, me: Account) -> Revision | None:
    said = Consent.objects.filter(parent__account=me, answer=Consent.Answer.YES, revision__chapter=revision.chapter_id)
    yes = said.select_related("revision__chapter__story").order_by("-id").first()
    return yes.revision if yes else None


@dataclass(frozen=True, slots=True)
class Told:
    """A story in its box: its title, whether something waits for this parent's answer, whether it was let go of."""

    id: uuid.UUID
    title: str
    lang: str
    waits: bool
    goes_at: datetime | None


def told_from(box: KeepsakeBox, me: Account | None) -> list[Told]:
    """Return the stories told from a box that ``me``, a parent of it, has a say in, and those that can come back."""
    if me is None or not box.family.parents.current().filter(account=me).exists():
        return []
    mine = Story.objects.filter(box=box, family=box.family_id).filter(Q(teller=me) | Q(asked_at__isnull=False))
    now = timezone.now()
    rows = mine.filter(Q(erasing_at=None) | Q(erasing_at__gt=now)).order_by("created_at", "pk")
    found = []
    for story in rows:
        newest = newest_of(story)
        if newest and (story.erasing_at is None or erasing.can_come_back(story, me)):
            asking = story.askings.open().first()
            waits = asking is not None and asking.answer_of(me) == ""
            found.append(Told(story.pk, newest[0].words.title, story.language, waits, story.erasing_at))
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of mine, for the record: to which story, what, for whom, when, to which wording."""

    story: Story
    title: str
    answer: str
    audience: str
    at: datetime
    wording: str
    reads: str


def said_by(me: Account, stories: Iterable[Story]) -> list[Said]:
    """Return my answers to these stories, newest first, one for each revision and circle."""
    consents = Consent.objects.filter(parent__account=me, revision__chapter__story__in=list(stories))
    newest = consents.select_related("revision__chapter__story").order_by("-id")
    return [
        Said(
            story=one.revision.chapter.story,
            title=one.revision.words.title,
            answer=str(Consent.Answer(one.answer).label),
            audience=str(Audience(one.audience).label),
            at=one.at,
            wording=one.wording,
            reads=str(Audience(one.covers).label) if one.answer == Consent.Answer.YES else "",
        )
        for one in newest
    ]
