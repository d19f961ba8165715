"""Small photographs and recordings for the tests, made here."""

from __future__ import annotations

import io
import math
import struct
import wave
from typing import Any

from PIL import Image


def photograph(width: int = 640, height: int = 480, shade: int = 90, **how: Any) -> bytes:
    """Return a JPEG whose upper left corner is light."""
    image = Image.new("RGB", (width, height), (shade, shade, 60))
    image.paste((240, 230, 200), (0, 0, width // 4, height // 4))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, **how)
    return out.getvalue()


def recording(seconds: float = 2.0, rate: int = 16_000) -> bytes:
    """Return a WAV of a quiet tone."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        tone = (int(9000 * math.sin(place / 8)) for place in range(int(seconds * rate)))
        file.writeframes(b"".join(struct.pack("<h", one) for one in tone))
    return out.getvalue()
