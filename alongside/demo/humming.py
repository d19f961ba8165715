"""Somebody humming, made of three sine waves: a recording in which nobody real is heard."""

from __future__ import annotations

import io
import wave

import numpy as np

RATE = 16_000
_NOTES = (196.0, 220.0, 246.9, 220.0, 196.0, 164.8, 196.0, 146.8)
_BREATH = 6.0  # seconds from one breath to the next


def hum(seconds: float) -> bytes:
    """Return a WAV of a slow tune."""
    at = np.arange(int(seconds * RATE)) / RATE
    note = np.asarray(_NOTES)[(at / 1.5).astype(int) % len(_NOTES)]
    turns = 2 * np.pi * np.cumsum(note + 2 * np.sin(2 * np.pi * 5 * at)) / RATE
    tone = np.sin(turns) + 0.4 * np.sin(2 * turns) + 0.15 * np.sin(3 * turns)
    swell = np.sin(np.pi * (at % _BREATH) / _BREATH) ** 0.6 * (0.7 + 0.3 * np.sin(at / 3))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((tone * swell * 9000).astype("<i2").tobytes())
    return out.getvalue()
