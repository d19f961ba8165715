"""What of a story is somebody's who holds the box no more: it goes nowhere without a yes of theirs that stands (C8)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from alongside import ids
from alongside.stories.models.chapter import Revision
from alongside.stories.models.consent import Consent
from alongside.visibility.audience import Audience

if TYPE_CHECKING:
    from alongside.stories.models.story import Story


class NeedsAnothersYes(Exception):
    """Something in it is somebody's who does not hold the box any more, and who has not said yes to just this."""


def refuse_without_their_yes(story: Story, proposed: Sequence[Revision], audience: Audience) -> None:
    """Raise NeedsAnothersYes; the yes of those who hold the box is asked for elsewhere (C1).

    For the family alone nothing leaves the box, and nobody needs to be asked.
    """
    if audience == Audience.FAMILY:
        return
    holding = set(story.family.parents.current().values_list("account", flat=True))
    for revision in proposed:
        for account in _whose(story, revision) - holding:
            if not Consent.stands_of(account, revision, audience):
                raise NeedsAnothersYes(ids.show(story.pk))


def _whose(story: Story, revision: Revision) -> set[uuid.UUID]:
    """Return who wrote a revision, and who contributed its photographs and recordings."""
    words, whose = revision.words, {revision.author_id}
    for copies, shown in (
        (story.photos, [beat.photo for beat in words.photos() if beat.photo]),
        (story.sounds, [beat.sound for beat in words.sounds() if beat.sound]),
    ):
        if shown:
            whose |= {*copies.filter(pk__in=map(ids.read, shown)).values_list("contributed_by", flat=True)}
    return whose
