"""A recording that somebody sent, as everyone gets it: AAC in M4A without a tag, decoded and written anew in the jail (S19)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from alongside.media.jail import parent
from alongside.media.jail.answer import Answer
from alongside.media.refused import DAMAGED, TOO_LARGE, Refused

CONTENT_TYPE = "audio/mp4"
LONGEST = 60 * 60
"""Seconds."""
PEAKS = 48
LARGEST = 20_000_000
"""Bytes of what is given back."""
CEILING = parent.Ceiling(cpu=60, clock=120, given=LARGEST + 64 * 1024)
"""More processor time than a picture gets: an hour of sound takes its time."""
_JOB = "alongside.media.jail.sound"
_BEGINS = b"\0\0\0\x1cftypM4A "
_ROUNDING = 1.0


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording in AAC-LC, one voice, its index before its sound; and its shape, in 48 parts of 0 to 100."""

    m4a: bytes
    seconds: float
    peaks: tuple[int, ...]


def normalise(source: BinaryIO) -> Sound:
    """Return a recording as it is kept and played. Raise Refused, or Busy when the machine has no turn left.

    ``source`` holds any container of ``jail.sound.CONTAINERS``, of a video its sound track; at most 100 MB and an hour.
    """
    return _believed(parent.run(_JOB, source, ceiling=CEILING))


def _believed(answer: Answer) -> Sound:
    """Take from an answer what a child of ours can have given."""
    if len(answer.parts) != 1 or not answer.parts[0].startswith(_BEGINS):
        raise Refused(DAMAGED)
    if len(answer.parts[0]) > LARGEST:
        raise Refused(TOO_LARGE)
    return Sound(answer.parts[0], _seconds(answer.facts), _peaks(answer.facts))


def _seconds(facts: Mapping[str, Any]) -> float:
    seconds = facts.get("seconds")
    if not isinstance(seconds, float) or not math.isfinite(seconds) or not 0 < seconds <= LONGEST + _ROUNDING:
        raise Refused(DAMAGED)
    return seconds


def _peaks(facts: Mapping[str, Any]) -> tuple[int, ...]:
    peaks = facts.get("peaks")
    if not isinstance(peaks, list) or len(peaks) != PEAKS:
        raise Refused(DAMAGED)
    if any(type(peak) is not int or not 0 <= peak <= 100 for peak in peaks):
        raise Refused(DAMAGED)
    return tuple(peaks)
