"""A code that goes another way than its link (C5, V2): made, shown once, and known again by a keyed digest.

Nobody who reads the database can try codes, since the key is not in it.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
_LENGTH = 10


def new_code() -> str:
    """Return a code as it is shown: abcde-fghij."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return f"{code[:5]}-{code[5:]}"


def digest(whose: str, code: str) -> bytes:
    """Return what is kept of a code. ``whose`` names the row that it belongs to, so that it is no other row's."""
    return _digest(whose, code, settings.SECRET_KEY)


def belongs(code: str, kept: bytes, whose: str) -> bool:
    """Whether this is the code whose digest was kept, however it was typed."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(kept, _digest(whose, code, key)) for key in keys)


def _digest(whose: str, code: str, key: str | bytes) -> bytes:
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return salted_hmac(f"alongside.{whose}", plain, secret=key, algorithm="sha256").digest()
