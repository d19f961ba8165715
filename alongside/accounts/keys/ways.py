"""An account's keys, as a page shows and changes them. Only their owner's, and told apart by when they were added."""

from __future__ import annotations

import base64
import secrets
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.crypto import constant_time_compare, salted_hmac

from alongside.accounts.keys.lost import goes_at
from alongside.accounts.models import Account
from alongside.mail import letters
from alongside.vault.digest import keyed_digest

_NONCE = "authenticator_nonce"


@dataclass(frozen=True)
class Key:
    """One passkey: a word that stands for it in a form, when it was added, and when it goes."""

    token: str
    added: datetime
    goes: datetime | None
    """When it is taken away, where it was said to be lost."""


@dataclass(frozen=True)
class Keys:
    """All that an account can sign in with, besides a mailed code."""

    passkeys: list[Key]
    authenticator: datetime | None
    codes_left: int | None

    @property
    def any(self) -> bool:
        """Whether there is a key at all."""
        return bool(self.passkeys or self.authenticator)


def keys_of(account: Account) -> Keys:
    """Return an account's keys."""
    passkeys: list[Key] = []
    authenticator, codes = None, None
    for held in Authenticator.objects.filter(user=account).order_by("created_at", "pk"):
        if held.type == Authenticator.Type.WEBAUTHN:
            passkeys.append(Key(_token(held), held.created_at, goes_at(held)))
        elif held.type == Authenticator.Type.TOTP:
            authenticator = held.created_at
        else:
            codes = len(held.wrap().get_unused_codes())
    return Keys(passkeys, authenticator, codes)


def passkey_of(account: Account, token: str) -> Authenticator | None:
    """Return the account's passkey that a form's word stands for."""
    held = Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN)
    return next((one for one in held if constant_time_compare(_token(one), token)), None)


def authenticator_of(account: Account) -> Authenticator | None:
    """Return the account's authenticator, if it has set one up."""
    found: Authenticator | None = Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).first()
    return found


def fresh_secret(account: Account, session: MutableMapping[str, Any], *, anew: bool) -> str:
    """Return the secret that an authenticator is set up with.

    It is worked out from the account's key and a number in the session: the secret itself is stored nowhere
    until it is sealed.
    """
    if anew or _NONCE not in session:
        session[_NONCE] = secrets.token_hex(16)
    plain = keyed_digest(account.vault, f"authenticator|{session[_NONCE]}".encode())[:20]
    return base64.b32encode(plain).decode("ascii")


def forget_secret(session: MutableMapping[str, Any]) -> None:
    """Forget what it is worked out from, now that it is in use: nobody sees it a second time."""
    session.pop(_NONCE, None)


def tell(account: Account) -> None:
    """Mail that a way in was added or taken away; where mail fails, the change stands."""
    try:
        letters.send(account.email, "keys-changed")
    except letters.MailFailed:
        return


def _token(held: Authenticator) -> str:
    # Not the row's number: numbers in a row tell how many there are of something (S4).
    return salted_hmac("alongside.accounts.key", str(held.pk), algorithm="sha256").hexdigest()
