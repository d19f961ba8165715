"""Links that this reader may not read by, also where their own device carries one (S2, V2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.stories.models import Link, LinkDevice, Story
from alongside.visibility.audience import Audience
from tests.cast import A_DAY, NOW, box_of, draft, says_yes, words

if TYPE_CHECKING:
    from bench.prove.two_worlds_hidden import World

TOKENS = {"waits": "t" * 43, "over": "u" * 43}
"""What every reader's device carries: in one world it belongs to nothing, in the other to links that do not stand."""
LINK = ids.new_id()
"""The address of a link that is somebody else's, or nobody's."""


def a_link_of_somebody_else(world: World) -> None:
    """They read by it; this reader knows its address, and has neither its code nor their device."""
    by = world.teller()
    _named(_for_invited(world, by), by, pk=LINK, token="s" * 43)


def a_person_invited_and_not_yet_agreed(world: World) -> None:
    """At this very device, on which a parent's yes is missing."""
    by, other = world.teller(), world.teller()
    _named(_for_invited(world, by, other), by, token=TOKENS["waits"])


def a_person_invited_no_more(world: World) -> None:
    """At this very device too."""
    by = world.teller()
    over = world.chance.choice([{"revoked_at": NOW}, {"expires_at": NOW}])
    _named(_for_invited(world, by), by, token=TOKENS["over"], **over)


def _for_invited(world: World, *parents: Account) -> Story:
    text = words("The placenta, at 20 weeks. A hat.", title="Hidden", told_by="Hidden")
    story = draft(parents[0], box_of(*parents, name="Hidden"), text)
    says_yes(story, *parents, to=Audience.INVITED, at=NOW - A_DAY)
    world.hidden.append(story)
    return story


def _named(story: Story, by: Account, *, token: str, **more: Any) -> None:
    made = {"made_by": by, "made_at": NOW - A_DAY, "code_hash": b"digest", "name_sealed": b"sealed"}
    link = Link.objects.create(story=story, **made | more)
    with acting_for(by.pk):
        link.yeses.create(parent=story.family.parent(by), at=NOW - A_DAY)
    link.devices.create(digest=LinkDevice.digest_of(token))


ACTS = (a_link_of_somebody_else, a_person_invited_and_not_yet_agreed, a_person_invited_no_more)
