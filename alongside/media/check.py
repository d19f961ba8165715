"""What ``doctor`` says of photographs: whether the jail can be made here, and which of its locks this kernel has."""

from __future__ import annotations

import io

from alongside.media.jail import locks
from alongside.media.jail.answer import Answer
from alongside.media.jail.parent import JailUnfit, run
from alongside.media.refused import Busy, Refused

_WORD = b"locks"
_WITHOUT = {
    locks.LANDLOCK: "the kernel has no Landlock (Linux 5.13)",
    locks.SECCOMP: "the kernel has no seccomp filters for this processor",
}


def problems() -> list[str]:
    """Return what has to be put right: photographs cannot be taken in."""
    seen = _tried()
    return [seen] if isinstance(seen, str) else []


def hints() -> list[str]:
    """Return which locks are missing; photographs are taken in all the same, under those that are there."""
    seen = _tried()
    if isinstance(seen, str):
        return []
    there = ", ".join(seen.locks)
    return [
        f"photos are decoded behind fewer locks: {why}; there are {there}"
        for name, why in _WITHOUT.items()
        if name not in seen.locks
    ]


def _tried() -> Answer | str:
    try:
        seen = run("alongside.media.jail.look", io.BytesIO(_WORD))
    except Busy:
        return "photos wait: two have been in the works for half a minute; look again"
    except (Refused, JailUnfit, OSError) as error:
        return f"no photo can be taken in, since its jail cannot be made ({type(error).__name__}: {error})"
    return seen if seen.parts == (_WORD,) else "no photo can be taken in: its jail does not give back what went in"
