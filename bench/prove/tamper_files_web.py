"""Objects of photos and recordings, changed in the store and then asked for over HTTP: nothing of them is given out."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from zlib import crc32

from alongside.media.places import place_of
from bench.prove.place import Place
from bench.prove.tamper_ways import SEGMENT, Way, in_clear, mixed, ways

FAULT = b"our fault"
_WINDOW = 16
"""Bytes of a plain file by which it is known again in an answer."""
_FORM = {"Sec-Fetch-Site": "same-origin"}
_PARTS_OF = {"whole": "", "the first bytes": "bytes=0-99", "the last bytes": "bytes=-100"}


@dataclass(frozen=True)
class File:
    """An address that gives bytes of one object, to whoever sends ``cookie``."""

    path: str
    cookie: str
    row: str
    what: str

    def lies_at(self, place: Place) -> Path:
        return lies_at(place, self.row)


@dataclass(frozen=True)
class OnItsWay:
    """Something that is whole here, in pieces, and was never finished."""

    path: str
    cookie: str
    size: int
    rows: Sequence[str]


def lies_at(place: Place, row: str) -> Path:
    return place.data / "media" / place_of(uuid.UUID(row))


def given_out(place: Place, files: Sequence[File], chance: random.Random) -> Iterator[str]:
    """Tamper with each object, ask for it, and put it back; yield what was wrong, or "" for each."""
    for file in files:
        sealed, asked = file.lies_at(place).read_bytes(), {"Cookie": file.cookie}
        status, plain = place.ask(file.path, headers=asked)
        if status != 200 or not plain:
            raise RuntimeError(f"{file.what} is not given out: {status}")
        ranges = _PARTS_OF if file.what == "sound" else {"whole": ""}
        changed = chain(_changed(place, file, files, sealed, chance), in_clear(sealed, plain))
        for number, (how, bad) in enumerate(changed):
            # Each part of a recording is asked for in turn: a part that lies before the damage is refused, too.
            part, asks = list(ranges.items())[number % len(ranges)]
            said = asked | ({"Range": asks} if asks else {})
            yield _refused(place, file, f"{file.what} {how}, {part}", bad, sealed, plain, said)
        status, again = place.ask(file.path, headers=asked)
        yield "" if (status, again) == (200, plain) else f"{file.what} is not given out, though it was put back"


def _changed(place: Place, file: File, files: Sequence[File], sealed: bytes, chance: random.Random) -> Iterator[Way]:
    yield from ways(sealed, chance, flips=2)
    other = chance.choice([one for one in files if one.row != file.row])
    for how, bad in mixed(sealed, other.lies_at(place).read_bytes()):
        yield f"{how} ({other.what})", bad


def _refused(
    place: Place, file: File, what: str, bad: bytes, sealed: bytes, plain: bytes, said: Mapping[str, str]
) -> str:
    log = place.logs / "serve.log"
    before = log.stat().st_size
    file.lies_at(place).write_bytes(bad)
    try:
        # From many places: one that asks for so many originals is slowed, as it should be (M6).
        status, body = place.ask(file.path, headers=said, guest=crc32(what.encode()))
    finally:
        file.lies_at(place).write_bytes(sealed)
    return _wrong(what, status, body, plain) or _untold(what, log, before, file.row)


def finished(place: Place, uploads: Sequence[OnItsWay], chance: random.Random) -> Iterator[str]:
    """Tamper with each piece, finish, and put it back; then it is finished. Yield what was wrong, or "" for each."""
    for upload in uploads:
        pieces = [lies_at(place, row).read_bytes() for row in upload.rows]
        for number, (row, sealed) in enumerate(zip(upload.rows, pieces, strict=True)):
            changed = chain(ways(sealed, chance, flips=1), mixed(sealed, pieces[number - 1]))
            for how, bad in changed:
                yield _unfinished(place, upload, row, f"piece {number} {how}", bad, sealed)
        status, body = _finish(place, upload)
        yield "" if json.loads(body or b"{}").get("kept") else f"not kept, though every piece was put back: {status}"


def _unfinished(place: Place, upload: OnItsWay, row: str, what: str, bad: bytes, sealed: bytes) -> str:
    log = place.logs / "serve.log"
    before = log.stat().st_size
    lies_at(place, row).write_bytes(bad)
    try:
        status, body = _finish(place, upload)
    finally:
        lies_at(place, row).write_bytes(sealed)
    return _wrong(what, status, body, b"") or _untold(what, log, before, row)


def _finish(place: Place, upload: OnItsWay) -> tuple[int, bytes]:
    form = {"do": "finish", "size": str(upload.size)}
    return place.ask(upload.path, form, headers={"Cookie": upload.cookie, **_FORM}, guest=2)


def _wrong(what: str, status: int, body: bytes, plain: bytes) -> str:
    places = {*range(0, len(plain) - _WINDOW, max(1, len(plain) // 64)), *range(0, len(plain) - _WINDOW, SEGMENT)}
    if any(plain[at : at + _WINDOW] in body for at in places):
        return f"{what}: bytes were given out"
    return "" if status == 500 and FAULT in body else f"{what}: answered {status}, not with the page of our fault"


def _untold(what: str, log: Path, before: int, row: str) -> str:
    said = log.read_bytes()[before:]
    return "" if row.encode() in said else f"{what}: the log does not say which row"
