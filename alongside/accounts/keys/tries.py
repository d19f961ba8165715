"""How guessing at six digits and recovery codes is slowed without locking their owner out.

As with mailed codes: the first try after a fresh sign-in is free, and such a sign-in takes a mailed code of its own. A
household has one more an hour, and all that is beyond comes from a small pot of the account.
"""

from __future__ import annotations

import secrets
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from alongside.accounts.models import Account
from alongside.pacing.bucket import Pace, take

FREE = Pace("key-first-try", size=1, per_hour=0)
HOUSEHOLD = Pace("key-of-a-household", size=1, per_hour=1)
FURTHER = Pace("key-further-tries", size=4, per_hour=3)
_ROUND = "key_round"


def begin(session: MutableMapping[str, Any]) -> None:
    """Note that somebody has shown anew that they read the account's mail, or used a key: the next try is free."""
    session[_ROUND] = secrets.token_hex(16)


def may_try(session: MutableMapping[str, Any], account: Account, household: str, now: datetime) -> bool:
    """Whether one more code may be tried; takes a try."""
    begun = session.get(_ROUND)
    if begun and take(FREE, f"{account.pk}|{begun}", now):
        return True
    return take(HOUSEHOLD, f"{account.pk}|{household}", now) or take(FURTHER, str(account.pk), now)
