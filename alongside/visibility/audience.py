"""For whom something is meant (V2), and which change widens it (C2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import TextChoices

if TYPE_CHECKING:
    from collections.abc import Mapping


class Audience(TextChoices):
    """The five circles a family chooses from; the labels are what the screen says."""

    FAMILY = "family", "Only us"
    INVITED = "invited", "People we invited"
    LIVED = "lived", "People who have lived it"
    MEMBERS = "members", "Everyone here"
    OPEN = "open", "Anyone, also without an account"

    @property
    def reaches_strangers(self) -> bool:
        """Whether people whom the family did not name may read it."""
        return self in STRANGERS

    def narrower_than(self, other: Audience) -> bool:
        """Whether going from ``other`` to this one only takes readers away (C2).

        family < invited < open and family < lived < members < open; ``invited`` beside ``lived`` or ``members`` is
        neither, and so counts as wider both ways.
        """
        return other in _ABOVE[self]


STRANGERS: frozenset[Audience] = frozenset({Audience.LIVED, Audience.MEMBERS, Audience.OPEN})

_ABOVE: Mapping[Audience, frozenset[Audience]] = {
    Audience.FAMILY: frozenset({Audience.INVITED, Audience.LIVED, Audience.MEMBERS, Audience.OPEN}),
    Audience.INVITED: frozenset({Audience.OPEN}),
    Audience.LIVED: frozenset({Audience.MEMBERS, Audience.OPEN}),
    Audience.MEMBERS: frozenset({Audience.OPEN}),
    Audience.OPEN: frozenset(),
}
