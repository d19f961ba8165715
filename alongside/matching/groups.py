"""What was found, in the three groups of DESIGN 4.3: six rows at most, no positions, no scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from alongside.matching.nearest import Near

ROWS = 6
FIRST = 3
"""How many of the very nearest stand in the first group, whoever tells them."""
LOOKED_AT = 40
"""How many of the nearest are looked through for somebody in the same seat, and further down the road."""
FURTHER_MONTHS = 60
"""From how many months on somebody is further down the road."""

_FROM = {
    "father": "From fathers",
    "partner": "From the other parent",
    "nonbirth_mother": "From mothers who did not carry",
    "intended_parent": "From those whose baby was carried for them",
    "surrogate": "From those who carried for someone else",
    "donor": "From donors",
    "adoptive": "From those who were going to adopt or foster",
    "grandparent": "From grandparents",
    "sibling_adult": "From brothers and sisters",
    "born_after": "From those born after",
    "aunt_uncle": "From aunts and uncles",
    "friend": "From friends",
    "staff": "From those who cared for a family",
}


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and those found who stand under it."""

    title: str
    found: Sequence[Near]


def pages(found: Sequence[Near], relation: str, page: int) -> tuple[list[Group], bool]:
    """Return the groups of one page of what was found, and whether there are a few more.

    The first page has three groups; each later one the next six nearest that have not stood before.
    """
    first = grouped(found, relation)
    shown = {one.id for group in first for one in group.found}
    rest = [one for one in found if one.id not in shown]
    if page == 0:
        return first, bool(rest)
    few = rest[(page - 1) * ROWS : page * ROWS]
    return ([Group(gettext("A few more"), few)] if few else []), len(rest) > page * ROWS


def grouped(found: Sequence[Near], relation: str) -> list[Group]:
    """Return up to six of ``found`` (nearest first) as groups; none stands twice, an empty group is left out.

    ``relation`` is who the seeker said they are. Those who carried are most of the closest already, so for them, and
    for who has not said, the second group is the fathers.
    """
    beside = "father" if relation in {"", "carried"} else relation
    rest = found[FIRST:]
    seat = [one for one in rest if one.relation == beside][:2]
    further = [one for one in rest if one not in seat and (one.since_months or 0) >= FURTHER_MONTHS][:1]
    taken = {one.id for one in (*seat, *further)}
    closest = [one for one in found if one.id not in taken][: ROWS - len(taken)]
    groups = [
        (gettext("Closest to what you wrote"), closest),
        (gettext(_FROM.get(beside, "From others like you")), seat),
        (gettext("Further down the road"), further),
    ]
    return [Group(title, part) for title, part in groups if part]
