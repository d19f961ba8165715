"""Who is invited to a story, as its parents see it; naming somebody once, however often a page is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from alongside.accounts.models import Account
from alongside.keepsakes.people import listed, name_of
from alongside.stories.models import Link, Story


@dataclass(frozen=True, slots=True)
class Named:
    """One person: their link, by whom they were named, and whose yes it waits for."""

    link: Link
    who: str
    by_me: bool
    asks_me: bool
    others: str


def named(story: Story, me: Account, now: datetime) -> list[Named]:
    """Return everyone whose link was not taken back and has not run out, first named first."""
    found = []
    for link in story.links.live(now).select_related("made_by__profile").order_by("made_at", "pk"):
        # The row knows its story already; asking the database again would be one query a link.
        link.story = story
        lacks = [parent.account for parent in link.waits_for()]
        others = listed([name_of(account) for account in lacks if account != me])
        found.append(Named(link, name_of(link.made_by), link.made_by_id == me.pk, me in lacks, others))
    return found


def others_who_say_yes(story: Story, me: Account) -> str:
    """Return the names of the parents who are asked when ``me`` names somebody; "" for nobody."""
    places = story.family.parents.current().exclude(account=me).select_related("account__profile")
    return listed([name_of(place.account) for place in places.order_by("joined_at", "pk")])


@transaction.atomic
def name_once(
    story: Story, by: Account, name: str, until: datetime | None, *, page_from: datetime, now: datetime
) -> tuple[Link, str, bool]:
    """Name somebody; a second sending of the same page takes the first one's place.

    Return the link, its code, and whether there was a first. Raise NotAParent.
    """
    Story.objects.select_for_update().get(pk=story.pk)
    since = story.links.live(now).filter(made_by=by, made_at__gte=page_from)
    twins = [twin for twin in since.select_related("story") if twin.name == name.strip()]
    for twin in twins:
        twin.take_back(by, now)
    return *Link.make(story, by, name, until, now), bool(twins)
