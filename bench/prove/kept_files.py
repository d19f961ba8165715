"""Photos and recordings that families keep in their boxes, and what is on its way there, for campaigns about what lies at rest.

Imported by programs that have set Django up.
"""

from __future__ import annotations

import io
import random
import uuid
from dataclasses import dataclass
from datetime import datetime

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.keepsakes.files.keeping import keep_photo, keep_voice
from alongside.keepsakes.models import KeepsakeBox, Memory, Upload
from alongside.keepsakes.uploads import pieces
from bench.prove.given import photograph, recording


@dataclass(frozen=True)
class Files:
    """Photos and a recording of one box, and a photo of which pieces have arrived; ``sent`` has each by its id."""

    photos: list[Memory]
    voice: Memory
    uploads: list[Upload]
    sent: dict[uuid.UUID, bytes]


def keep_files(
    by: Account, box: KeepsakeBox, chance: random.Random, now: datetime, *, weight: int, seconds: float
) -> Files:
    """Put two photos of ``weight`` bytes and a recording of ``seconds`` in, and two of which every piece arrives."""
    given = [photograph(chance, weight=weight) for _ in range(4)]
    sound = recording(chance, seconds)
    with acting_for(by.pk):
        photos = [keep_photo(by, box, io.BytesIO(one), pk=ids.new_id(), now=now) for one in given[:2]]
        voice = keep_voice(by, box, io.BytesIO(sound), pk=ids.new_id(), now=now)
        uploads = [_begin(by, box, one, now) for one in given[2:]]
    names = [one.pk for one in (*photos, *uploads, voice)]
    return Files(photos, voice, uploads, dict(zip(names, [*given, sound], strict=True)))


def _begin(by: Account, box: KeepsakeBox, photo: bytes, now: datetime) -> Upload:
    """Send every piece of a photo, and do not finish it."""
    upload = pieces.begin(by, box, "photo", ids.new_id(), "", now)
    for at in range(0, len(photo), pieces.PIECE):
        pieces.take(upload, at, photo[at : at + pieces.PIECE], now)
    return Upload.objects.select_related("box").get(pk=upload.pk)
