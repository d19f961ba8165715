"""Recordings as phones and browsers make them, made here: four steps, each louder and higher than the one before."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

WORD = "canarybcdfghjkl"
SECONDS = 4
STEPS = ((330, 0.1), (440, 0.2), (550, 0.4), (660, 0.8))
"""Hertz and loudness of each second."""
TAGS = dict.fromkeys(("title", "artist", "album", "comment", "location", "copyright", "description"), WORD)


@dataclass(frozen=True)
class Kind:
    """A container with what a device puts into it."""

    container: str
    codec: str
    rate: int = 48_000
    layout: str = "stereo"
    cover: bool = False
    options: tuple[tuple[str, str], ...] = ()
    bits: int = 0


KINDS = {
    "wav": Kind("wav", "pcm_s16le", 44_100),
    "wav, 24 bits": Kind("wav", "pcm_s24le", 96_000),
    "wav, a-law": Kind("wav", "pcm_alaw", 8_000, "mono"),
    "m4a": Kind("ipod", "aac", 44_100),
    "mp4 with a cover": Kind("mp4", "aac", 44_100, cover=True),
    "m4a, lossless": Kind("ipod", "alac", 44_100),
    "m4a, 5.1": Kind("ipod", "aac", 48_000, "5.1"),
    "mov": Kind("mov", "aac", options=(("movflags", "use_metadata_tags"),)),
    "mp4 in fragments": Kind("mp4", "aac", options=(("movflags", "frag_keyframe+empty_moov"),)),
    "mp3 with a cover": Kind("mp3", "libmp3lame", 44_100, cover=True),
    "ogg": Kind("ogg", "libopus"),
    "webm": Kind("webm", "libopus", 48_000, "mono"),
    "matroska": Kind("matroska", "flac"),
    "flac": Kind("flac", "flac", 44_100),
    "aac": Kind("adts", "aac", 44_100),
    "3gp": Kind("3gp", "libopencore_amrnb", 8_000, "mono", bits=12_200),
    "amr": Kind("amr", "libopencore_amrnb", 8_000, "mono", bits=12_200),
    "caf": Kind("caf", "pcm_s16be", 44_100),
}


def samples(rate: int, seconds: int = SECONDS) -> NDArray[np.float32]:
    """Return the recording itself."""
    at = np.arange(rate) / rate
    parts = [loud * np.sin(2 * np.pi * hertz * at) for hertz, loud in (STEPS * (seconds // 4 + 1))[:seconds]]
    return np.concatenate(parts).astype(np.float32)


def record(
    kind: Kind,
    sound: NDArray[np.float32] | None = None,
    *,
    tags: bool = True,
    picture: bool = False,
    seekable: bool = True,
) -> bytes:
    """Return a file of a kind. ``picture``: a video with moving pictures; not ``seekable``: written as a stream, without a length."""
    out = io.BytesIO() if seekable else _Stream()
    sound = samples(kind.rate) if sound is None else sound
    with av.open(out, "w", format=kind.container, options=dict(kind.options)) as file:
        if tags:
            file.metadata.update(TAGS)
        track: Any = file.add_stream(kind.codec, rate=kind.rate, layout=kind.layout)
        if kind.bits:
            track.bit_rate = kind.bits
        if tags:
            track.metadata.update({"title": WORD, "language": "eng"})
        if kind.cover and tags:
            _add_cover(file)
        if picture:
            _add_pictures(file)
        for packet in _packets(track, kind, sound):
            file.mux(packet)
    return out.getvalue()


class _Stream(io.BytesIO):
    def seekable(self) -> bool:
        return False


def _packets(track: Any, kind: Kind, sound: NDArray[np.float32]) -> list[Any]:
    channels = len(av.AudioLayout(kind.layout).channels)
    frame = av.AudioFrame.from_ndarray(np.stack([sound] * channels), format="fltp", layout=kind.layout)
    frame.sample_rate, frame.pts = kind.rate, 0
    return [*track.encode(frame), *track.encode(None)]


def _add_cover(file: Any) -> None:
    image = io.BytesIO()
    Image.new("RGB", (64, 64), "plum").save(image, "JPEG", comment=WORD.encode())
    stream = file.add_stream("mjpeg", rate=1)
    stream.width = stream.height = 64
    stream.pix_fmt = "yuvj420p"
    stream.disposition = 0x400  # a picture that goes with the sound
    packet = av.Packet(image.getvalue())
    packet.stream, packet.pts, packet.dts, packet.time_base = stream, 0, 0, Fraction(1, 1)
    file.mux(packet)


def _add_pictures(file: Any) -> None:
    stream = file.add_stream("libx264" if file.format.name == "mp4" else "libvpx", rate=5)
    stream.width = stream.height = 64
    stream.pix_fmt = "yuv420p"
    for number in range(20):
        frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number * 12, np.uint8), format="rgb24")
        file.mux(stream.encode(frame))
    file.mux(stream.encode(None))
