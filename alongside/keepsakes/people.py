"""Who holds a box and who may look, in words: "Held by you and Tobias."."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, pgettext

from alongside.accounts.models import Account
from alongside.families.models import ParentQuerySet, RelativeQuerySet
from alongside.keepsakes.models import KeepsakeBox, Memory

LATELY = timedelta(days=14)
"""How long the box itself says to its parents that somebody came in; the page about its people always does."""


def name_of(account: Account) -> str:
    """Return the name somebody chose."""
    return account.profile.name or gettext("somebody")


def listed(names: Sequence[str]) -> str:
    """Return "Mara", "Mara and Tobias" or "Mara, Tobias and Ilse"; "" for nobody."""
    if len(names) < 2:
        return "".join(names)
    some = pgettext("between names in a list", ", ").join(names[:-1])
    return gettext("%(some)s and %(last)s") % {"some": some, "last": names[-1]}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of a box: an account's id, the id of their place, their name, and since when they are there."""

    account: uuid.UUID
    place: uuid.UUID
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Circle:
    """A box's parents and relatives, as one of them sees it."""

    viewer: uuid.UUID | None
    parents: Sequence[Person]
    relatives: Sequence[Person]

    @classmethod
    def of(cls, box: KeepsakeBox, viewer: uuid.UUID | None) -> Circle:
        """Return who is around a box now; asks the database."""
        return cls(viewer, _people(box.family.parents.current()), _people(box.family.relatives.current()))

    @property
    def viewer_holds_it(self) -> bool:
        """Whether the one who looks is a parent of it."""
        return any(one.account == self.viewer for one in self.parents)

    def holders(self) -> str:
        """Return the parents, within a sentence: "you and Tobias"."""
        return listed(self._with_you(self.parents))

    def title(self, name: str) -> str:
        """Return what the box is called: "Ansel’s box"."""
        if name:
            return pgettext("a box of whose name it is", "%(name)s’s box") % {"name": name}
        if self.viewer_holds_it:
            return gettext("Your box")
        return pgettext("a box of whose name it is", "%(name)s’s box") % {"name": self.holders()}

    def line(self) -> str:
        """Return who holds it, and who may look, for the head of the page."""
        if not self.viewer_holds_it:
            said = gettext("Held by %(names)s. You see what they’ve chosen to show you.")
            return said % {"names": self.holders()}
        held = gettext("Held by %(names)s.") % {"names": self.holders()}
        if not self.relatives:
            return held
        can_look = gettext("%(names)s can look at the things you’ve chosen to show.")
        return f"{held} {can_look % {'names': listed([one.name for one in self.relatives])}}"

    def who_sees(self, memory: Memory, shown_to: Iterable[uuid.UUID]) -> str:
        """Return who may see a keepsake: "Only us", "You, Tobias and Ilse"; to a relative, why it is there.

        ``shown_to`` are relatives' places.
        """
        if not self.viewer_holds_it:
            given = memory.contributed_by_id == self.viewer
            return gettext("You gave this") if given else gettext("Shown to you")
        places = set(shown_to)
        others = [one for one in self.relatives if one.place in places or one.account == memory.contributed_by_id]
        if others:
            names = listed([*self._with_you(self.parents), *(one.name for one in others)])
            return names[:1].upper() + names[1:]
        return gettext("Only us") if len(self.parents) > 1 else gettext("Only you")

    def writers_line(self, kind: str) -> str:
        """Return who sees what is being written, over the paper."""
        if not self.viewer_holds_it and kind == Memory.Kind.TRIBUTE:
            you = pgettext("within a sentence", "you")
            return gettext("%(names)s can see this.") % {"names": listed([*self._with_you(self.parents), you])}
        if len(self.parents) == 1:
            return gettext("Only you can see this, and whom you show it to.")
        names = self.holders()
        return gettext("%(names)s can see this.") % {"names": names[:1].upper() + names[1:]}

    def name(self, account: uuid.UUID) -> str:
        """Return the name of one of them, "you" for the one who looks, "" for somebody who is here no more."""
        if account == self.viewer:
            return pgettext("within a sentence", "you")
        return next((one.name for one in (*self.parents, *self.relatives) if one.account == account), "")

    def came_lately(self, now: datetime) -> list[tuple[Person, bool]]:
        """Return whom a parent finds here since a short while and did not come after, each with whether they hold it."""
        me = next((one for one in self.parents if one.account == self.viewer), None)
        if me is None:
            return []
        after = max(me.since, now - LATELY)
        people = [*((one, True) for one in self.parents), *((one, False) for one in self.relatives)]
        return [(one, holds) for one, holds in people if one.since > after]

    def _with_you(self, people: Sequence[Person]) -> list[str]:
        ordered = sorted(people, key=lambda one: one.account != self.viewer)
        return [self.name(one.account) for one in ordered]


def _people(places: ParentQuerySet | RelativeQuerySet) -> list[Person]:
    came = [
        Person(row.account_id, row.pk, name_of(row.account), row.joined_at)
        for row in places.select_related("account__profile")
    ]
    return sorted(came, key=lambda one: (one.since, one.name))
