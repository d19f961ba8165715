"""S19: whatever a phone recorded is played by every browser from any second on, and tells nothing but its sound."""

from __future__ import annotations

import io
import secrets
import struct
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from pytest_django import Settings

from alongside.media import sounds
from alongside.media.jail import sound
from alongside.media.jail.answer import Answer
from alongside.media.refused import DAMAGED, NOT_A_SOUND, TOO_LARGE, TOO_LONG, Refused
from alongside.media.sounds import Sound, normalise
from bench.prove import exiftool
from bench.prove.scan import Needle, scan
from tests.media.recordings import KINDS, SECONDS, STEPS, WORD, Kind, record, samples


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    """The data folder, where the turns of the jail are."""
    settings.DATA = tmp_path
    return tmp_path


def plain(recording: bytes) -> Sound:
    return normalise(io.BytesIO(recording))


def quickly(recording: bytes) -> tuple[bytes, dict[str, object]]:
    """Do what the child does, in this process: for recordings that were made here and are whole."""
    facts, (m4a,) = sound.work(io.BytesIO(recording), {})
    return m4a, facts


def boxes(m4a: bytes) -> list[str]:
    found, at = [], 0
    while at < len(m4a):
        size, name = struct.unpack(">I4s", m4a[at : at + 8])
        found.append(name.decode())
        at += size
    assert at == len(m4a), "and nothing behind the last"
    return found


def pitch(m4a: bytes, second: float) -> float:
    """Return the hertz of what is heard half a second long from a second on, after a seek and not from the start."""
    with av.open(io.BytesIO(m4a), "r") as file:
        track = file.streams.audio[0]
        file.seek(round(second * av.time_base))
        heard: list[np.ndarray] = []
        first = None
        for frame in file.decode(track):
            first = frame.time if first is None else first
            heard.append(frame.to_ndarray()[0])
            if sum(part.size for part in heard) > frame.sample_rate // 2:
                break
        assert first is not None
        assert abs(first - second) < 0.1, "it begins where it was asked to"
        part = np.concatenate(heard)
        spectrum = np.abs(np.fft.rfft(part * np.hanning(part.size)))
        return float(np.argmax(spectrum) * track.rate / part.size)


def about(recording: bytes, folder: Path) -> dict[str, object]:
    """Return what exiftool says of a file, but for what it says of every file."""
    path = folder / secrets.token_hex(4)
    path.write_bytes(recording)
    (said,) = exiftool.read([path]).values()
    return {tag: value for tag, value in said.items() if not tag.startswith(("ExifTool:", "System:"))}


@pytest.mark.parametrize("name", KINDS)
def test_s19_of_every_container_the_sound_is_taken_and_nothing_else(name: str, tmp_path: Path) -> None:
    recording = record(KINDS[name])
    got = plain(recording)
    assert abs(got.seconds - SECONDS) < 0.06
    assert boxes(got.m4a) == ["ftyp", "moov", "free", "mdat"]
    said = about(got.m4a, tmp_path)
    assert (said["File:MIMEType"], said["Track1:AudioChannels"]) == ("audio/mp4", 1)
    if name not in {"aac", "amr", "caf"}:  # in which exiftool finds no words
        assert WORD in str(about(recording, tmp_path)), "it would find them"
    assert set(said) == set(about(_untagged(), tmp_path)), "no tag more"
    (tmp_path / "got.m4a").write_bytes(got.m4a)
    assert scan([tmp_path / "got.m4a"], [Needle("tag", WORD.encode())]) == []
    assert b"Lav" not in got.m4a, "nor by what it was written"


def _untagged() -> bytes:
    return quickly(record(KINDS["wav"], tags=False))[0]


@pytest.mark.parametrize("name", ["wav", "mp4 with a cover", "webm", "3gp"])
def test_it_is_heard_as_it_was_said(name: str) -> None:
    m4a, _ = quickly(record(KINDS[name]))
    for number, (hertz, _) in enumerate(STEPS):
        assert abs(pitch(m4a, number + 0.25) - hertz) < 4, "a seek leads to the very place"


def test_its_shape_is_what_is_heard() -> None:
    _, facts = quickly(record(KINDS["flac"]))
    peaks = facts["peaks"]
    assert isinstance(peaks, list)
    assert len(peaks) == sounds.PEAKS == sound.PEAKS
    for number, (_, loud) in enumerate(STEPS):
        inner = peaks[number * 12 + 1 : number * 12 + 11]
        assert all(abs(peak - 125 * loud) <= 3 for peak in inner), inner


def test_both_ears_become_one_voice_without_clipping() -> None:
    loud = np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000).astype(np.float32)
    m4a, _ = quickly(record(KINDS["flac"], loud))
    with av.open(io.BytesIO(m4a), "r") as file:
        heard = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(audio=0)])
    assert 0.9 < np.abs(heard[4800:-4800]).max() < 1.1
    spectrum = np.abs(np.fft.rfft(heard[4800:43200] * np.hanning(38_400)))
    assert spectrum[900:].max() < spectrum.max() / 300, "no overtone, as clipping makes them"


@pytest.mark.parametrize("container", ["mp4", "webm"])
def test_of_a_video_the_sound_is_taken_and_no_picture(container: str, tmp_path: Path) -> None:
    codec = "aac" if container == "mp4" else "libopus"
    got = plain(record(Kind(container, codec), picture=True))
    said = about(got.m4a, tmp_path)
    assert said["Track1:HandlerType"] == "Audio Track"
    assert not [tag for tag in said if tag.startswith("Track2:")]
    assert abs(got.seconds - SECONDS) < 0.06


def test_a_silent_recording_is_kept_as_it_is() -> None:
    got = plain(record(KINDS["wav"], np.zeros(44_100, np.float32)))
    assert got.seconds == 1.0
    assert got.peaks == (0,) * 48


@pytest.mark.parametrize("part", [0.4, 0.6, 0.95])
@pytest.mark.parametrize("name", ["wav", "webm", "ogg", "mp3 with a cover", "aac", "flac"])
def test_what_is_left_of_a_recording_that_broke_off_is_kept(name: str, part: float) -> None:
    recording = record(KINDS[name], tags=False)
    m4a, facts = quickly(recording[: int(len(recording) * part)])
    assert isinstance(facts["seconds"], float)
    assert abs(facts["seconds"] - SECONDS * part) < 1.1, "less by one page at most"
    assert boxes(m4a)[0] == "ftyp"


def test_a_recording_without_its_index_is_said_to_be_damaged() -> None:
    recording = record(KINDS["m4a"])
    with pytest.raises(Refused) as refused:
        plain(recording[: len(recording) // 2])
    assert refused.value.reason == DAMAGED


@pytest.mark.parametrize("seed", range(18))
def test_s17_a_damaged_recording_is_a_sound_or_a_refusal(seed: int) -> None:
    chance = np.random.default_rng(seed)
    name = list(KINDS)[seed % len(KINDS)]
    recording = bytearray(record(KINDS[name], samples(KINDS[name].rate, 1)))
    for at in chance.integers(0, len(recording), size=max(8, len(recording) // 200)):
        recording[at] = chance.integers(256)
    try:
        got = boxes(plain(bytes(recording)).m4a)
    except Refused as refused:
        got = [refused.reason]
    assert got in (["ftyp", "moov", "free", "mdat"], [DAMAGED], [NOT_A_SOUND], [TOO_LONG])


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"a letter, not a recording" * 99,
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n",
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n" + bytes(99),
    ],
)
def test_s17_what_is_no_recording_is_refused_whatever_it_leads_to(said: bytes) -> None:
    with pytest.raises(Refused) as refused:
        plain(said)
    assert refused.value.reason == NOT_A_SOUND


@pytest.mark.parametrize("kind", [Kind("aiff", "pcm_s16be", 44_100), Kind("matroska", "ac3")])
def test_s17_no_container_and_no_decoder_is_tried_that_is_not_on_the_list(kind: Kind) -> None:
    with pytest.raises(Refused):
        plain(record(kind))


def test_pictures_alone_are_no_sound() -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as file:
        stream = file.add_stream("libx264", rate=5)
        stream.width = stream.height = 64
        file.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        file.mux(stream.encode(None))
    with pytest.raises(Refused) as refused:
        plain(out.getvalue())
    assert refused.value.reason == NOT_A_SOUND


def test_three_hours_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 1, 8_000, 0, "NONE", ""))
        file.writeframes(b"\x80" * (3 * 3600 * 8_000))
    with pytest.raises(Refused) as refused:
        plain(out.getvalue())
    assert refused.value.reason == TOO_LONG
    monkeypatch.delattr(sound, "_convert")
    with pytest.raises(Refused):
        quickly(out.getvalue())  # without a second of it being heard


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two seconds in the first quality and four in the second, in place of minutes."""
    first, second = sound.QUALITIES
    monkeypatch.setattr(sound, "LONGEST", 4)
    changed = (sound.Quality(2, first.rate, first.bits), sound.Quality(4, second.rate, second.bits))
    monkeypatch.setattr(sound, "QUALITIES", changed)


@pytest.mark.parametrize(("seconds", "rate"), [(1, 48_000), (3, 24_000)])
def test_a_long_recording_is_written_smaller(short: None, tmp_path: Path, seconds: int, rate: int) -> None:
    """Also where the file does not say how long it is, as what a browser recorded does not."""
    for seekable in (True, False):
        m4a, facts = quickly(record(KINDS["webm"], samples(48_000, seconds), seekable=seekable))
        assert about(m4a, tmp_path)["Track1:AudioSampleRate"] == rate
        assert isinstance(facts["seconds"], float)
        assert abs(facts["seconds"] - seconds) < 0.06


@pytest.mark.parametrize("seekable", [True, False])
def test_what_goes_on_and_on_is_refused_though_the_file_does_not_say_so(short: None, seekable: bool) -> None:
    with pytest.raises(Refused) as refused:
        quickly(record(KINDS["webm"], samples(48_000, 6), seekable=seekable))
    assert refused.value.reason == TOO_LONG


GOOD = {"seconds": 1.0, "peaks": [50] * 48}
BEGINS = b"\0\0\0\x1cftypM4A "


@pytest.mark.parametrize(
    ("facts", "parts"),
    [
        (GOOD, ()),
        (GOOD, (BEGINS, BEGINS)),
        (GOOD, (b"<html>",)),
        *(
            ({**GOOD, "seconds": value}, (BEGINS,))
            for value in (0.0, -1.0, float("nan"), float("inf"), 1e9, "1", None, True)
        ),
        *(
            ({**GOOD, "peaks": value}, (BEGINS,))
            for value in ([], [50] * 49, [101] * 48, [-1] * 48, ["1"] * 48, [True] * 48, 5)
        ),
    ],
)
def test_s21_an_answer_that_no_child_of_ours_gives_is_not_believed(
    facts: dict[str, object], parts: tuple[bytes, ...]
) -> None:
    with pytest.raises(Refused):
        sounds._believed(Answer(facts, parts, (), 0.0, 0))


def test_what_is_too_large_to_be_played_is_not_kept() -> None:
    with pytest.raises(Refused) as refused:
        sounds._believed(Answer(GOOD, (BEGINS.ljust(sounds.LARGEST + 1, b"\0"),), (), 0.0, 0))
    assert refused.value.reason == TOO_LARGE
