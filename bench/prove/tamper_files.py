"""Objects of photos and recordings in boxes, and pieces on their way: changed in the store, then asked for as the product does."""

from __future__ import annotations

import logging
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from alongside.database.viewer import acting_for
from alongside.keepsakes.files.keeping import open_part
from alongside.keepsakes.models import Memory, MemoryObject, Upload, UploadPiece
from alongside.keepsakes.uploads import pieces
from alongside.media.places import place_of
from alongside.vault import objects as sealing
from alongside.vault.errors import Tampered
from alongside.vault.sealing import Place
from bench.prove.tamper_ways import in_clear, mixed, ways

Case = tuple[str, Callable[[], str]]
_FLIPS = 60
"""Of the first object that has one segment; of the others some."""


@dataclass(frozen=True)
class Kept:
    """One object: where it lies, and what asks for it."""

    what: str
    place: Place
    viewer: uuid.UUID
    ask: Callable[[], BinaryIO | None] = field(repr=False)

    @property
    def path(self) -> Path:
        return settings.MEDIA_FOLDER / place_of(self.place.row)


def file_cases(chance: random.Random) -> Iterator[Case]:
    """Yield (what, check) for every kind of tampering with every object of the first family, and with its pieces."""
    kept = [*_of_memories(), *_of_uploads()]
    heard = Heard()
    logging.getLogger("alongside.vault").addHandler(heard)
    flips = _FLIPS
    for one in kept:
        sealed = one.path.read_bytes()
        with acting_for(one.viewer):
            plain = sealing.open_bytes(one.place, sealed)
        for what, bad in chain(ways(sealed, chance, flips=flips), in_clear(sealed, plain)):
            yield f"{one.what} {what}", _refused(one, sealed, bad, heard)
        for other in _others(one, kept, chance):
            for what, bad in mixed(sealed, other.path.read_bytes()):
                yield f"{one.what}, {what} ({other.what})", _refused(one, sealed, bad, heard)
        flips = 4


def _of_memories() -> Iterator[Kept]:
    rows = MemoryObject.objects.using("owner").select_related("memory__box").order_by("memory", "part")
    for row in rows:
        what = f"{row.part} of {row.memory.kind} {row.memory_id}"
        yield Kept(what, row.place(), row.memory.contributed_by_id, _opener(row.memory, row.part))


def _opener(memory: Memory, part: str) -> Callable[[], BinaryIO]:
    return lambda: open_part(memory, part)


def _of_uploads() -> Iterator[Kept]:
    for row in (
        UploadPiece.objects.using("owner").select_related("upload__box", "upload__by").order_by("upload", "start")
    ):
        what = f"piece {row.start} of {row.upload_id}"
        yield Kept(what, row.place(), row.upload.by_id, _finisher(row.upload))


def _finisher(upload: Upload) -> Callable[[], None]:
    def finish() -> None:
        with transaction.atomic():
            pieces.finish(upload, upload.by, upload.received, timezone.now())
            transaction.set_rollback(True)

    return finish


def _others(one: Kept, kept: list[Kept], chance: random.Random) -> list[Kept]:
    """Return another object under the same key, one under another key of the same vault, and one of another vault."""
    rest = [other for other in kept if other.place.row != one.place.row]
    same_key = [other for other in rest if other.place.item == one.place.item]
    same_vault = [other for other in rest if other.place.vault == one.place.vault and other not in same_key]
    elsewhere = [other for other in rest if other.place.vault != one.place.vault]
    return [chance.choice(some) for some in (same_key, same_vault, elsewhere) if some]


def _refused(one: Kept, sound: bytes, bad: bytes, heard: Heard) -> Callable[[], str]:
    """Return a check: is an object in whose place ``bad`` lies refused, with a line that says which row?"""

    def check() -> str:
        one.path.write_bytes(bad)
        heard.lines.clear()
        try:
            with acting_for(one.viewer):
                given = one.ask()
        except Tampered as refusal:
            if str(one.place.row) not in str(refusal):
                return "the refusal does not say which row"
            return "" if any(str(one.place.row) in line for line in heard.lines) else "the log does not say which row"
        except Exception as error:
            return f"refused by {type(error).__name__}, which is not the refusal for it"
        finally:
            one.path.write_bytes(sound)
        return "taken" if given is None else f"given out: {len(given.read())} bytes"

    return check


class Heard(logging.Handler):
    """What the operator would read."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())
