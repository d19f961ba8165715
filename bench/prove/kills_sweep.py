"""Run by the kills campaign at its end: what is due is erased, what no row names is swept, and then all is counted.

Standard output: {unnamed, swept, without_row, without_object, half_written, photos, half}.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import timedelta

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from alongside.backup import stored  # noqa: E402
from alongside.backup.keys import named_among  # noqa: E402
from alongside.database.viewer import acting_for  # noqa: E402
from alongside.keepsakes import erasing  # noqa: E402
from alongside.keepsakes.models import Erasure, Memory  # noqa: E402
from alongside.keepsakes.uploads.pieces import remove_upload  # noqa: E402
from alongside.media import objects, sweep  # noqa: E402
from bench.prove.kills_look_photos import parts_of  # noqa: E402
from bench.prove.kills_photos import PICTURES  # noqa: E402

# Two hundred crashes leave in ten minutes what no sweep should believe to be of crashes.
sweep.ALWAYS = 10**6


def main() -> None:
    now = timezone.now()
    while erasing.finish_due(now, {Erasure.Kind.UPLOAD: remove_upload}):
        pass
    unnamed = len(_without_row())
    swept = sweep.sweep(named_among, timezone.now(), timedelta(0))
    wholes = [_is_whole(memory) for memory in _photos()]
    said = {
        "unnamed": unnamed,
        "swept": swept,
        "without_row": len(_without_row()),
        "without_object": sum(len(names) for names in stored.without_object().values()),
        "half_written": sum(1 for path in settings.MEDIA_FOLDER.rglob(".*") if path.is_file()),
        "photos": len(wholes),
        "half": wholes.count(False),
    }
    json.dump(said, sys.stdout)


def _without_row() -> set[object]:
    names = {name for name, _ in objects.names()}
    return set(names - named_among(names))


def _photos() -> Iterator[Memory]:
    kept = Memory._base_manager.using("owner").select_related("box").filter(kind=Memory.Kind.PHOTO)
    yield from kept


def _is_whole(memory: Memory) -> bool:
    with acting_for(memory.contributed_by_id):
        parts = parts_of(memory)
    return set(parts) == {"original", *PICTURES} and all(part["opens"] for part in parts.values())


if __name__ == "__main__":
    main()
