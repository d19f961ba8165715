"""Sealed objects: flipped, cut at every segment's end, put in another order, joined, lengthened, put in another's place."""

from __future__ import annotations

import dataclasses
import io
import random
from collections.abc import Callable

from alongside import ids
from alongside.media import objects as stored
from alongside.stories.models import StoryPhoto, StorySound
from alongside.vault import objects, vaults
from alongside.vault.errors import Tampered
from alongside.vault.sealing import Place
from bench.prove.tamper_files import Case
from bench.prove.tamper_ways import SEGMENT, in_clear, ways


def object_cases(chance: random.Random) -> list[Case]:
    """Return (what, check) for a photograph and a recording as they lie in the store, and for a long object of several segments."""
    first, second = StoryPhoto.objects.using("owner").select_related("story")[:2]
    photo, other = (Place(one.story.vault, one.item, "stories_storyphoto", "object", one.pk) for one in (first, second))
    sealed = stored.read(first.pk)
    changed = [*ways(sealed, chance, flips=100), *in_clear(sealed, b"RIFF" * 99)]
    cases = [(f"photograph {what}", _refused(photo, bad)) for what, bad in changed]
    cases.append(("photograph in another's place", _refused(other, sealed)))
    sound = StorySound.objects.using("owner").select_related("story")[0]
    heard = stored.read(sound.pk)
    changed = [*ways(heard, chance, flips=100), *in_clear(heard, b"ftyp" * 99)]
    cases += [(f"recording of a story {what}", _refused(sound.place(), bad)) for what, bad in changed]
    cases.append(("photograph in a recording's place", _refused(sound.place(), sealed)))
    item = ids.new_id()
    vaults.add_item(first.story.vault, item)
    place = dataclasses.replace(photo, item=item, row=ids.new_id(), column="voice")
    long = objects.seal_bytes(place, chance.randbytes(2 * SEGMENT + 1000))
    cases += [(f"long object {what}", _refused(place, bad)) for what, bad in ways(long, chance)]
    return cases


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
