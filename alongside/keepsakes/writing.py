"""Writing that loses nothing (D1): texts, their versions, and what happens when two write at once.

A text has versions. A version is a *head* until another follows it; mostly there is one. Whoever keeps words says
from which head they grew (``base``). When somebody else wrote meanwhile, the words become a head of their own beside
the other, and both are shown side by side until somebody settles it. Nothing that was kept is ever overwritten by
somebody else, nor by oneself beyond what one types in a few minutes.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction
from django.db.models import Max

from alongside import ids
from alongside.accounts.models import Account
from alongside.keepsakes.said import Said
from alongside.vault.fields import SealedBytes, SealedField

WARM = timedelta(minutes=10)
"""How long one version takes in what the same page goes on typing."""
A_SLIP = 120
"""Characters that may be cut or written over within one version; more than that begins another."""


class LetGo(Exception):
    """The text was let go of: nobody writes in it any more."""


class WrittenMeanwhile(Exception):
    """What was to be settled is not what stands there now."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What ``keep`` answers: the head's number, and whether another head stands beside it."""

    number: int
    beside: bool


class Text(models.Model):
    """Something written, with a key of its own. Subclasses say where it lies and who may."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    item = models.UUIDField(editable=False)
    made_at = models.DateTimeField()
    erase_at = models.DateTimeField(null=True, blank=True, help_text="Closed to everyone; its key goes at this time.")

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        versions: Any  # the reverse of the foreign key of its versions

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        """Return the vault and the item that lock it."""
        raise NotImplementedError

    def wrap(self, plain: bytes) -> bytes:
        """Return ``plain`` as it is given to the vault; a guest's sheet locks it once more."""
        return plain

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return what ``wrap`` was given."""
        return wrapped

    def heads(self) -> list[Any]:
        """Return the versions that nothing follows, oldest first; one, unless two wrote at once."""
        return list(self.versions.filter(followed_at=None).order_by("began_at", "number"))

    def history(self) -> list[Any]:
        """Return every version, newest first."""
        return list(self.versions.order_by("-number"))

    def now_says(self) -> Said:
        """Return the words of the newest head; empty when nothing was kept yet."""
        heads = self.heads()
        said: Said = max(heads, key=lambda head: head.number).said if heads else Said()
        return said

    @transaction.atomic
    def keep(
        self, by: Account | None, said: Said, *, base: int, tab: str, now: datetime, stroke: int | None = None
    ) -> Kept:
        """Keep words that grew from head ``base`` (0: from nothing) on the page ``tab``; durable when this commits.

        ``stroke`` counts what one page sends: a late, older sending changes nothing. Raises LetGo.
        """
        self._lock()
        heads = self.heads()
        ours = next((head for head in heads if tab and head.tab == tab), None)
        if ours is not None and (ours.is_later_than(stroke) or ours.said == said):
            # A sending that was overtaken, a double submit, or one whose answer was lost.
            return Kept(ours.number, len(heads) > 1)
        grown_from = next((head for head in heads if head.number == base), None)
        if grown_from is not None and grown_from.said == said:
            return Kept(grown_from.number, len(heads) > 1)
        if grown_from is not None and grown_from.goes_on(by, said, tab, now):
            grown_from.rewrite(said, self._next(), now, stroke)
            return Kept(grown_from.number, len(heads) > 1)
        before = grown_from or ours
        if stroke is None and ours is not None:
            stroke = ours.stroke  # what the same page sent earlier and comes late still changes nothing
        fresh = self._add(by, said, tab=tab, stroke=stroke, now=now, follows=[before] if before else [])
        return Kept(fresh.number, len(heads) > (1 if before else 0))

    @transaction.atomic
    def settle(self, by: Account | None, chosen: Sequence[int], heads: Sequence[int], now: datetime) -> None:
        """Let one text follow all ``heads``: the chosen ones, one after the other. Raise WrittenMeanwhile, LetGo."""
        self._lock()
        standing = self.heads()
        picked = [head for head in standing if head.number in chosen]
        if sorted(heads) != sorted(head.number for head in standing) or not picked:
            raise WrittenMeanwhile(ids.show(self.pk))
        said = picked[0].said
        for other in picked[1:]:
            said = said.joined_to(other.said)
        self._add(by, said, now=now, follows=standing)

    @transaction.atomic
    def bring_back_version(self, by: Account | None, number: int, now: datetime) -> None:
        """Let the words of an earlier version stand again, as a new one: nothing of what came after is lost."""
        self._lock()
        said = self.versions.get(number=number).said
        newest = max(self.heads(), key=lambda head: head.number)
        self._add(by, said, now=now, follows=[newest])

    @transaction.atomic
    def drop_version(self, by: Account | None, number: int) -> None:
        """Take an earlier version out of the history: its author alone may, and never a head."""
        self._lock()
        self.versions.filter(number=number, by=by, followed_at__isnull=False).delete()

    def _lock(self) -> None:
        fresh = type(self)._default_manager.select_for_update(of=("self",)).get(pk=self.pk)
        if fresh.erase_at is not None:
            raise LetGo(ids.show(self.pk))

    def _next(self) -> int:
        return 1 + (self.versions.aggregate(newest=Max("number"))["newest"] or 0)

    def _add(
        self,
        by: Account | None,
        said: Said,
        *,
        now: datetime,
        follows: Sequence[Any],
        tab: str = "",
        stroke: int | None = None,
    ) -> Any:
        fresh = self.versions.model(
            text=self, number=self._next(), by=by, tab=tab, stroke=stroke or 0, began_at=now, at=now
        )
        fresh.said = said
        fresh.save(force_insert=True)
        self.versions.filter(pk__in=[head.pk for head in follows]).update(followed_at=now)
        return fresh

    def take_history(self, history: Sequence[tuple[Any, Said]], *, guest: Account | None = None) -> None:
        """Take over versions of another text, sealed anew for this one; authors stay who they were (C8).

        ``guest``: who wrote, it is known by now, those that name nobody.
        """
        for old, said in history:
            fresh = self.versions.model(
                text=self,
                number=old.number,
                by_id=old.by_id or (guest.pk if guest else None),
                began_at=old.began_at,
                at=old.at,
                followed_at=old.followed_at,
            )
            fresh.said = said
            fresh.save(force_insert=True)


class Version(models.Model):
    """One state of a text. Subclasses add ``text``, the foreign key to it."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    number = models.PositiveIntegerField()
    by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    tab = models.CharField(max_length=22, blank=True, help_text="The page it was typed on; says nothing of a person.")
    stroke = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    at = models.DateTimeField()
    followed_at = models.DateTimeField(null=True, blank=True)
    lost = models.PositiveIntegerField(default=0, help_text="Characters cut or written over since it began.")
    said_sealed = SealedField()

    words = SealedBytes("said_sealed")

    if TYPE_CHECKING:
        text: Text

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("text", "number", name="%(class)s_one_a_number"),
        ]

    def __str__(self) -> str:
        return f"{type(self).__name__} {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.text.vault_place()

    @property
    def said(self) -> Said:
        """What it says, opened."""
        return Said.loads(self.text.unwrap(self.words))

    @said.setter
    def said(self, said: Said) -> None:
        self.words = self.text.wrap(said.dumps())

    def goes_on(self, by: Account | None, said: Said, tab: str, now: datetime) -> bool:
        """Whether ``said`` is the same page typing on: little of what stood here would be written over."""
        same = bool(tab) and self.tab == tab and self.by_id == (by.pk if by else None)
        # Added up: what is cut letter by letter is cut too.
        return same and now - self.began_at < WARM and self.lost + said.loses_of(self.said) <= A_SLIP

    def is_later_than(self, stroke: int | None) -> bool:
        """Whether the same page has sent something newer than sending ``stroke`` (None: one that does not count)."""
        return stroke is not None and stroke < self.stroke

    def rewrite(self, said: Said, number: int, now: datetime, stroke: int | None) -> None:
        """Take in what was typed since."""
        self.lost += said.loses_of(self.said)
        self.said = said
        self.number, self.at, self.stroke = number, now, self.stroke if stroke is None else stroke
        self.save(update_fields=["said_sealed", "number", "at", "stroke", "lost"])
