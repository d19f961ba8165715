"""Addresses of photographs and voices: good for a while and for one thing, and the policy is asked each time (V7)."""

from __future__ import annotations

from django.core import signing

PHOTO_LASTS = 600
"""Seconds for which the address of an unfolded photograph is good."""
SOUND_LASTS = 3 * 3600
"""Seconds for which a recording can be listened to from one page: longer than the longest one, with pauses."""
_SALT = "alongside.photo"


def good_for(*names: str) -> str:
    """Return what makes an address of the thing of these names good from now on."""
    return signing.TimestampSigner(salt=_SALT).sign(".".join(names)).split(":", 1)[1]


def is_good(good: str, *names: str, lasts: int = PHOTO_LASTS) -> bool:
    """Whether ``good`` was given out for just these names within the last ``lasts`` seconds."""
    try:
        signing.TimestampSigner(salt=_SALT).unsign(f"{'.'.join(names)}:{good}", max_age=lasts)
    except signing.BadSignature:
        return False
    return True
