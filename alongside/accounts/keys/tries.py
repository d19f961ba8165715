"""How guessing at six digits and recovery codes is slowed without locking their owner out.

As with mailed codes: the first try after a fresh sign-in is free, and such a sign-in takes a mailed code of its own. A
household has one more an hour, and all that is beyond comes from a small pot of the account.

Six digits are few: of them an account takes sixty an hour at most, from however many places. A recovery code and a
passkey stay outside that, so that it locks nobody out.
"""

from __future__ import annotations

import secrets
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator

from alongside.accounts.models import Account
from alongside.pacing.bucket import Pace, take

FREE = Pace("key-first-try", size=1, per_hour=0)
HOUSEHOLD = Pace("key-of-a-household", size=1, per_hour=1)
FURTHER = Pace("key-further-tries", size=4, per_hour=3)
SIX_DIGITS = Pace("six-digits-of-an-account", size=30, per_hour=30)
_RECOVERY_DIGITS = 8
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


def kind_of(code: str) -> str:
    """Return which kind of key a typed code is of, by its length: it is compared with that kind alone."""
    is_long = sum(sign.isalnum() for sign in code) == _RECOVERY_DIGITS
    return str(Authenticator.Type.RECOVERY_CODES if is_long else Authenticator.Type.TOTP)


def may_try_six_digits(account: Account, now: datetime) -> bool:
    """Whether the account takes one more try at six digits; takes it."""
    return take(SIX_DIGITS, str(account.pk), now)
