"""Opening a link: who has the link and the code reads; whoever has one of them learns nothing (S8, S23, V4, V6).

Guessing is slowed without locking anybody out: each household's first try an hour is free, and all further tries come
from one small pot of the link. Somebody at fifty places gets some sixty guesses an hour at one in 31^10; whom the code
was given to, at a place of their own, still gets a try.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from alongside import ids
from alongside.accounts.models import TooOften
from alongside.pacing.bucket import Pace, take
from alongside.stories.models import Link, Story
from alongside.visibility.reader import Reader

FIRST = Pace("first-try-at-a-link", size=1, per_hour=1)
FURTHER = Pace("further-tries-at-a-link", size=8, per_hour=8)


def find(pk: uuid.UUID, code: str, reader: Reader, now: datetime, *, household: str) -> Link | None:
    """Return the link that this code opens for this reader. Raise TooOften.

    None for a wrong code, and for a right one where the link or its story does not stand, or a block stands between:
    nobody learns which. The tries are counted before anything is looked up.
    """
    pot = ids.show(pk)
    if not (take(FIRST, f"{pot}|{household}", now) or take(FURTHER, pot, now)):
        raise TooOften(pot)
    link = Link.objects.standing(now).filter(pk=pk).first()
    if link is None or not link.opens_with(code):
        return None
    carrying = replace(reader, links=MappingProxyType({**reader.links, pk: link.story_id}))
    return link if Story.objects.visible_to(carrying).filter(pk=link.story_id).exists() else None
