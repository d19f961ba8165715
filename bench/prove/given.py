"""What a phone gives, made from a seed: photographs and recordings of noise, with words of camera and recorder in them."""

from __future__ import annotations

import io
import random
import struct
import wave

from PIL import ExifTags, Image

_LONGEST_COMMENT = 60_000
_RATE = 16_000


def photograph(
    chance: random.Random, *, width: int = 320, height: int = 240, words: str = "", weight: int = 0
) -> bytes:
    """Return a JPEG of noise; ``words`` as its artist, description and place, padded to ``weight`` bytes at least."""
    image = Image.frombytes("RGB", (width, height), chance.randbytes(width * height * 3))
    exif = Image.Exif()
    if words:
        exif[ExifTags.Base.Artist] = words
        exif[ExifTags.Base.ImageDescription] = f"{words}, asleep"
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place |= {ExifTags.GPS.GPSMapDatum: words, ExifTags.GPS.GPSLatitudeRef: "N"}
        place[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, chance.random() * 60)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=90, exif=exif)
    photo = out.getvalue()
    while len(photo) < weight:
        photo = with_comment(photo, chance.randbytes(min(_LONGEST_COMMENT, weight - len(photo))))
    return photo


def with_comment(photo: bytes, comment: bytes) -> bytes:
    """Return a JPEG that says one thing more: another file of the same picture."""
    return photo[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + photo[2:]


def recording(chance: random.Random, seconds: float = 2.0, words: str = "") -> bytes:
    """Return a WAV of noise; ``words`` as its title."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, _RATE, 0, "NONE", ""))
        file.writeframes(chance.randbytes(2 * int(seconds * _RATE)))
    if not words:
        return out.getvalue()
    title = words.encode().ljust(len(words) + len(words) % 2, b"\0")
    said = b"INFOINAM" + struct.pack("<I", len(title)) + title
    sound = out.getvalue() + b"LIST" + struct.pack("<I", len(said)) + said
    return sound[:4] + struct.pack("<I", len(sound) - 8) + sound[8:]


def pixels(photo: bytes, row: int = 0, count: int = 24) -> bytes:
    """Return the first pixels of a row as a decoder lays them out: red, green, blue."""
    with Image.open(io.BytesIO(photo)) as opened:
        image = opened.convert("RGB")
    return image.crop((0, row, count, row + 1)).tobytes()
