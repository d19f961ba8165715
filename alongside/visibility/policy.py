"""The policy (V3): which stories, boxes and keepsakes exist for a reader.

Built of IN and EXISTS only, so that it composes with full-text and vector ordering. It speaks of fields by name and
imports nothing that it judges. What it does not name does not exist: absent and forbidden are the same.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from alongside.families.models import Parent, Relative
from alongside.visibility.audience import Audience
from alongside.visibility.reader import Reader

NOWHERE = Q(pk__in=[])


def visible_to(reader: Reader, via: str = "") -> Q:
    """Return the condition under which ``reader`` may read a story.

    ``via`` is the path from the row that is asked to its story, such as ``"story__"``.
    """
    return told_by_family_of(reader, via) | (_told(via) & _circle(reader, via) & _not_blocked(reader, via))


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
    """For whom it was meant. Who was invited, and by a link that stands now, was found when the Reader was made (V2)."""
    audiences = [Audience.OPEN]
    if reader.account is not None and reader.admitted:
        audiences.append(Audience.MEMBERS)
        if reader.lived:
            audiences.append(Audience.LIVED)
    meant = Q(**{f"{via}audience__in": audiences})
    if reader.links:
        meant |= Q(**{f"{via}audience": Audience.INVITED, f"{via}pk__in": {*reader.links.values()}})
    return meant


def told_by_family_of(reader: Reader, via: str = "") -> Q:
    """Return the condition under which ``reader`` is one of those who tell a story.

    A parent sees what was shown to the family; a draft is its writer's alone until she asks (V1)."""
    if reader.account is None or not reader.families:
        return NOWHERE
    mine = Q(**{f"{via}teller_id": reader.account}) | Q(**{f"{via}asked_at__isnull": False})
    return mine & Q(**{f"{via}family_id__in": reader.families, f"{via}erasing_at__isnull": True})


def _not_blocked(reader: Reader, via: str) -> Q:
    """Nobody of the story's family, and not its teller, is behind a block with this reader (V4)."""
    return _no_parent_blocked(reader, via) & ~Q(**{f"{via}teller_id__in": reader.blocks}) if reader.blocks else Q()


def _no_parent_blocked(reader: Reader, via: str) -> Q:
    """No current parent of a row's family is behind a block with this reader."""
    if not reader.blocks:
        return Q()
    of_family = Parent.objects.current().filter(family_id=OuterRef(f"{via}family_id"), account_id__in=reader.blocks)
    return ~Q(Exists(of_family))


def box_visible_to(reader: Reader, via: str = "") -> Q:
    """Return the condition under which a keepsake box exists for ``reader``: a parent's, or one shown to a relative (V1).

    ``via`` is the path from the row that is asked to its box. Hosts and stewards have none; nor has a relative who is
    behind a block with one of its parents (V4).
    """
    looks = {*reader.relatives.values()}
    if not looks and not reader.families:
        return NOWHERE
    around = Q(**{f"{via}family_id__in": reader.families})
    if looks:
        around |= Q(**{f"{via}family_id__in": looks}) & _no_parent_blocked(reader, via)
    return around & Q(**{f"{via}erase_at__isnull": True})


def memory_visible_to(reader: Reader, via: str = "") -> Q:
    """Return the condition under which a keepsake exists for ``reader`` (V1).

    Parents see all of their box; a relative sees what was shown to them and nobody gave whom a block keeps apart from
    them (V4), and what they gave themselves.
    """
    if reader.account is None:
        return NOWHERE
    shown = Q(**{f"{via}pk__in": Relative.objects.filter(pk__in=reader.relatives).values("shown__memory")})
    if reader.blocks:
        shown &= ~Q(**{f"{via}contributed_by_id__in": reader.blocks})
    given = Q(**{f"{via}contributed_by_id": reader.account, f"{via}kind": "tribute"})
    return (
        box_visible_to(reader, f"{via}box__")
        & Q(**{f"{via}erase_at__isnull": True})
        & (Q(**{f"{via}box__family_id__in": reader.families}) | shown | given)
    )
