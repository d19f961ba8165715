"""The policy (V3): which stories exist for a reader.

Built of IN and EXISTS only, so that it composes with full-text and vector ordering. It speaks of fields by name and
imports nothing that it judges. What it does not name does not exist: absent and forbidden are the same.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from alongside.families.models import Parent
from alongside.visibility.audience import Audience
from alongside.visibility.reader import Reader

NOWHERE = Q(pk__in=[])


def visible_to(reader: Reader, via: str = "") -> Q:
    """Return the condition under which ``reader`` may read a story.

    ``via`` is the path from the row that is asked to its story, such as ``"story__"``.
    """
    return _of_family(reader, via) | (_told(via) & _circle(reader, via) & _not_blocked(reader, via))


def _told(via: str) -> Q:
    """Told to others now: agreed by everyone, not taken back, not being erased, not held (C1, C3, M1)."""
    return Q(
        **{
            f"{via}published_at__isnull": False,
            f"{via}withdrawn_at__isnull": True,
            f"{via}erasing_at__isnull": True,
        }
    ) & (Q(**{f"{via}hold__isnull": True}) | Q(**{f"{via}hold__released_at__isnull": False}))


def _circle(reader: Reader, via: str) -> Q:
    """For whom it was meant."""
    audiences = [Audience.OPEN]
    if reader.account is not None:
        audiences.append(Audience.MEMBERS)
        if reader.lived:
            audiences.append(Audience.LIVED)
    return Q(**{f"{via}audience__in": audiences})


def _of_family(reader: Reader, via: str) -> Q:
    """A parent sees what was shown to the family; a draft is its writer's alone until she asks (V1)."""
    if reader.account is None or not reader.families:
        return NOWHERE
    mine = Q(**{f"{via}teller_id": reader.account}) | Q(**{f"{via}asked_at__isnull": False})
    return mine & Q(**{f"{via}family_id__in": reader.families, f"{via}erasing_at__isnull": True})


def _not_blocked(reader: Reader, via: str) -> Q:
    """Nobody of the story's family, and not its teller, is behind a block with this reader (V4)."""
    if not reader.blocks:
        return Q()
    of_family = Parent.objects.current().filter(family_id=OuterRef(f"{via}family_id"), account_id__in=reader.blocks)
    return ~Q(Exists(of_family)) & ~Q(**{f"{via}teller_id__in": reader.blocks})
