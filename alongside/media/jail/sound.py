"""The job of the child for recordings: whatever a phone or a browser recorded becomes plain AAC in M4A (S19).

Of the file nothing is taken but the samples of one sound track: no tag, no cover, no chapter, no picture of a video. One
voice, 48 kHz; a recording of more than 25 minutes at half of that, so that an hour stays below 20 MB. Nothing is made louder
or quieter.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import wave

import av
import numpy as np
from av.container.input import InputContainer
from numpy.typing import NDArray

from alongside.media.refused import DAMAGED, NOT_A_SOUND, TOO_LONG, Refused

CONTAINERS = (
    "mov",
    "mp4",
    "matroska",
    "webm",
    "ogg",
    "mp3",
    "wav",
    "w64",
    "flac",
    "aac",
    "amr",
    "amrnb",
    "amrwb",
    "caf",
)
CODECS = (
    *("aac", "alac", "mp3float", "mp3", "mp2float", "mp2", "opus", "vorbis", "flac", "amrnb", "amrwb"),
    *("pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le", "pcm_s32be"),
    *("pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be", "pcm_alaw", "pcm_mulaw", "adpcm_ms", "adpcm_ima_wav"),
    *("adpcm_ima_qt",),
)
MARKS = (b"ftyp", b"RIFF", b"OggS", b"\x1aE\xdf\xa3", b"fLaC", b"ID3", b"#!AMR", b"caff")
"""With one of these a recording begins: if it cannot be read, it is damaged."""
MUXER = {"movflags": "+faststart", "fflags": "+bitexact"}
"""The index first; and bitexact: no name of the program that wrote it."""
ENCODER = {"aac_coder": "fast", "flags": "+bitexact"}
PEAKS = 48
LONGEST = 60 * 60
"""Seconds."""
MOST_WRONG = 0.5
"""The largest share of its packets that may be beyond reading: what is left of a recording may be all that there is."""
_STILL = 32
"""Of 32,768: nothing louder than this is silence."""
_BLOCKS = 100
"""Loudest samples looked for in each second."""
av.logging.set_level(av.logging.PANIC)


@dataclass(frozen=True, slots=True)
class Quality:
    """How a recording is written that lasts no longer than ``seconds``."""

    seconds: int
    rate: int
    bits: int


QUALITIES = (Quality(25 * 60, 48_000, 96_000), Quality(LONGEST, 24_000, 42_000))


class _Longer(Exception):
    """The recording goes on after the end of this quality."""


class _Output(io.BytesIO):
    """The M4A as it is written. FFmpeg reads it once more to put its index before its sound, so that players can seek."""

    def again(self, *_: object) -> io.BytesIO:
        return _Reading(self)


class _Reading(io.BytesIO):
    """The same bytes with a place of its own in them."""

    def __init__(self, output: io.BytesIO) -> None:
        super().__init__(output.getbuffer())


def work(source: BinaryIO, _: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Return the facts ``seconds`` and ``peaks``, and the M4A; raise Refused."""
    said = _said_to_last(source)
    if said > 2 * LONGEST:
        raise Refused(TOO_LONG)
    # What a file says of itself may be wrong; how long it is shows in the end.
    for quality in [one for one in QUALITIES if said <= one.seconds * 1.01 or one is QUALITIES[-1]]:
        source.seek(0)
        try:
            m4a, samples, loudest = _convert(source, quality)
        except _Longer:
            continue
        return {"seconds": round(samples / quality.rate, 3), "peaks": _peaks(loudest)}, (m4a,)
    raise Refused(TOO_LONG)


def _convert(source: BinaryIO, quality: Quality) -> tuple[bytes, int, NDArray[np.int32]]:
    with _opened(source) as recording:
        out, samples, loudest = _Output(), 0, []
        with av.open(
            out,
            "w",
            format="ipod",
            options=MUXER,
            io_open=out.again,
        ) as written:
            track = written.add_stream("aac", rate=quality.rate, layout="mono", options=ENCODER)
            track.bit_rate = quality.bits
            for second in _seconds(recording, quality.rate):
                loudest.append(_loudest(second, quality.rate))
                frame = av.AudioFrame.from_ndarray(second.reshape(1, -1), format="s16", layout="mono")
                frame.sample_rate, frame.pts = quality.rate, samples
                samples += second.size
                if samples > quality.seconds * quality.rate:
                    raise _Longer
                written.mux(track.encode(frame))
            if not samples:
                raise Refused(DAMAGED)
            written.mux(track.encode(None))
    return out.getvalue(), samples, np.concatenate(loudest)


def _said_to_last(source: BinaryIO) -> float:
    with _opened(source) as recording:
        return (recording.duration or 0) / av.time_base


def _opened(source: BinaryIO) -> InputContainer:
    begins = source.read(16)
    source.seek(0)
    try:
        return av.open(
            source,
            "r",
            options={
                "format_whitelist": ",".join(CONTAINERS),
                "codec_whitelist": ",".join(CODECS),
                "protocol_whitelist": "none",
            },
            metadata_errors="ignore",
        )
    except (av.FFmpegError, ValueError):
        raise Refused(DAMAGED if any(mark in begins for mark in MARKS) else NOT_A_SOUND) from None


def _seconds(recording: InputContainer, rate: int) -> Iterator[NDArray[np.int16]]:
    """Yield the sound track as one voice, about a second at a time."""
    waiting: list[NDArray[np.int16]] = []
    size = 0
    for piece in _one_voice(recording, rate):
        waiting.append(piece.to_ndarray().reshape(-1).astype(np.int16, copy=False))
        size += piece.samples
        if size >= rate:
            yield np.concatenate(waiting)
            waiting, size = [], 0
    if size:
        yield np.concatenate(waiting)


def _one_voice(recording: InputContainer, rate: int) -> Iterator[av.AudioFrame]:
    resampler, kind = None, None
    for frame in _frames(recording):
        if kind != (kind := (frame.format.name, frame.layout.name, frame.sample_rate)):
            # Also in the middle: a recording may go on in another way.
            yield from resampler.resample(None) if resampler else ()
            resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
        assert resampler is not None
        yield from resampler.resample(frame)
    yield from resampler.resample(None) if resampler else ()


def _frames(recording: InputContainer) -> Iterator[av.AudioFrame]:
    # What FFmpeg is told above holds while it looks at the file; what decodes it is chosen here.
    tracks = [one for one in recording.streams.audio if one.codec_context and one.codec_context.codec.name in CODECS]
    if not tracks:
        raise Refused(NOT_A_SOUND)
    track = tracks[0]
    track.codec_context.thread_count = 1
    good = bad = 0
    packets = recording.demux(track)
    while True:
        try:
            packet = next(packets)
            for frame in packet.decode():
                good += 1
                yield frame
        except StopIteration:
            break
        except av.FFmpegError:
            bad += 1
            if bad > 1000 and not good:
                break
    if bad > (good + bad) * MOST_WRONG:
        raise Refused(DAMAGED)


def _loudest(second: NDArray[np.int16], rate: int) -> NDArray[np.int32]:
    """Return the loudest of each hundredth of a second."""
    block = rate // _BLOCKS
    size = -(-second.size // block) * block
    padded = np.zeros(size, np.int32)
    padded[: second.size] = np.abs(second.astype(np.int32))
    loudest: NDArray[np.int32] = padded.reshape(-1, block).max(axis=1)
    return loudest


def _peaks(loudest: NDArray[np.int32]) -> list[int]:
    """Return the shape of a recording: the loudest of each of its 48 parts, where the loudest of all is 100."""
    most = int(loudest.max())
    if most <= _STILL:
        return [0] * PEAKS
    edges = np.linspace(0, loudest.size, PEAKS + 1)
    parts = (loudest[int(start) : max(int(end), int(start) + 1)] for start, end in pairwise(edges))
    return [round(100 * int(part.max()) / most) for part in parts]


def _rehearse() -> None:
    """Do all of it once with a recording of our own: what is imported late is imported now, before the locks are closed."""
    recording = io.BytesIO()
    with wave.open(recording, "wb") as written:
        written.setparams((2, 2, 8000, 0, "NONE", ""))
        written.writeframes(bytes(range(100)) * 32)
    work(recording, {})
    with suppress(Refused):
        work(io.BytesIO(b"RIFF"), {})


_rehearse()
