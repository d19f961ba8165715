"""Sealed objects: flipped, cut at every segment's end, put in another order, joined, lengthened, put in another's place."""

from __future__ import annotations

import dataclasses
import io
import random
from collections.abc import Callable

from alongside import ids
from alongside.media import objects as stored
from alongside.stories.models import StoryPhoto
from alongside.vault import objects, vaults
from alongside.vault.errors import Tampered
from alongside.vault.sealing import Place

_SEGMENT = 1024 * 1024
_HEADER = 2
Case = tuple[str, Callable[[], str]]


def object_cases(chance: random.Random) -> list[Case]:
    """Return (what, check) for a photograph as it lies in the store, and for a long object of several segments."""
    first, second = StoryPhoto.objects.using("owner").select_related("story")[:2]
    photo, other = (Place(one.story.vault, one.item, "stories_storyphoto", "object", one.pk) for one in (first, second))
    sealed = stored.read(first.pk)
    cases = [(f"photograph {what}", _refused(photo, bad)) for what, bad in _short(sealed, chance)]
    cases.append(("photograph in another's place", _refused(other, sealed)))
    item = ids.new_id()
    vaults.add_item(first.story.vault, item)
    place = dataclasses.replace(photo, item=item, row=ids.new_id(), column="voice")
    long = objects.seal_bytes(place, chance.randbytes(2 * _SEGMENT + 1000))
    cases += [(f"long object {what}", _refused(place, bad)) for what, bad in _long(long)]
    return cases


def _short(sealed: bytes, chance: random.Random) -> list[tuple[str, bytes]]:
    spots = [*range(60), *(chance.randrange(60, len(sealed)) for _ in range(60)), len(sealed) - 1]
    found = [(f"byte {at} flipped", sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]) for at in spots]
    found += [(f"cut to {size} bytes", sealed[:size]) for size in (0, 1, 2, 41, 42, len(sealed) // 2, len(sealed) - 1)]
    return [
        *found,
        ("longer by a byte", sealed + b"\0"),
        ("twice", sealed * 2),
        ("in clear", sealed[:2] + b"RIFF" * 99),
    ]


def _long(sealed: bytes) -> list[tuple[str, bytes]]:
    head, body = sealed[:_HEADER], sealed[_HEADER:]
    parts = [body[at : at + _SEGMENT] for at in range(0, len(body), _SEGMENT)]
    ends = [_HEADER + _SEGMENT * number for number in (1, 2)]
    found = [(f"cut at {end + by}", sealed[: end + by]) for end in ends for by in (-1, 0, 1)]
    found.append(("with two segments swapped", head + parts[0] + parts[2] + parts[1]))
    found.append(("without its middle", head + parts[0] + parts[2]))
    found.append(("with its middle twice", head + parts[0] + parts[1] + parts[1] + parts[2]))
    found.append(("with its last byte flipped", sealed[:-1] + bytes([sealed[-1] ^ 1])))
    return found


def _refused(place: Place, bad: bytes) -> Callable[[], str]:
    def check() -> str:
        given = io.BytesIO()
        try:
            objects.open(place, io.BytesIO(bad), given)
        except Tampered as refusal:
            if given.getvalue():
                return f"{len(given.getvalue())} bytes were given out before it was refused"
            return "" if str(place.row) in str(refusal) else "the refusal does not say which row"
        except Exception as error:
            return f"refused by {type(error).__name__}, which is not the refusal for it"
        return f"given out: {len(given.getvalue())} bytes"

    return check
