"""Why a file does not become a photograph or a recording here."""

from __future__ import annotations


class Refused(Exception):  # a plain word of why, from REASONS; never anything of the file
    """This file is not taken; ``reason`` is one of ``REASONS``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


TOO_LARGE = "too large"
NOT_A_PICTURE = "not a picture"
NOT_A_SOUND = "not a sound"
DAMAGED = "damaged"
TOOK_TOO_LONG = "took too long"
TOO_LONG = "too long"  # a recording of more than an hour
REASONS = frozenset({TOO_LARGE, TOO_LONG, NOT_A_PICTURE, NOT_A_SOUND, DAMAGED, TOOK_TOO_LONG})


class Busy(Exception):
    """Others are being decoded, and none came to an end in time: the same file may be sent again in a while."""
