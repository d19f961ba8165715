"""What becomes of photos and recordings in the erase campaign. Imported when Django is set up.

Of each box that lives one photo is let go of and one photo on its way falls due; the other ones live. An object is a thing by
its row and the digest of its bytes: what opens otherwise than it was is not opened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from alongside.database.viewer import acting_for
from alongside.keepsakes.models import MemoryObject, Upload, UploadPiece
from alongside.keepsakes.said import Said
from alongside.keepsakes.uploads import pieces
from alongside.media import objects
from alongside.vault import objects as sealing
from bench.prove.kept_files import Files
from bench.prove.kept_world import KEEPSAKES, Kept

Plan = list[dict[str, Any]]
_TABLES: dict[str, type[MemoryObject | UploadPiece]] = {"object": MemoryObject, "piece": UploadPiece}


def plan_of_files(kept: Kept, files: Files, *, whole: bool, now: datetime) -> Plan:
    """Write something to each file, and return what goes of them: all with a whole box, else every second."""
    by, plan = str(kept.parent.pk), []
    with acting_for(kept.parent.pk):
        for number, memory in enumerate([*files.photos, files.voice]):
            goes, thing = whole or number % 2 == 0, f"{kept.word} of keepsake {KEEPSAKES + number}"
            memory.keep(kept.parent, Said(text=f"{thing}."), base=0, tab="", now=now)
            one = {"sort": "memory", "id": str(memory.pk), "thing": thing, "gone": goes, "by": by, "goes_with": whole}
            plan += [one, *_objects(one, "object", MemoryObject.objects.filter(memory=memory))]
        for number, upload in enumerate(files.uploads):
            one = {"sort": "upload", "id": str(upload.pk), "thing": "", "gone": whole or number == 0, "by": by}
            plan += [one, *_objects(one, "piece", UploadPiece.objects.filter(upload=upload))]
    return plan


def _objects(of: dict[str, Any], table: str, rows: Any) -> Iterator[dict[str, Any]]:
    for row in rows:
        digest = hashlib.sha256(_opened(row)).hexdigest()
        one = {"sort": "object", "table": table, "id": str(row.pk), "thing": f"object {row.pk} {digest}"}
        yield one | {"gone": of["gone"], "by": of["by"], "goes_with": True}


def sends_on(one: dict[str, Any], now: datetime) -> None:
    """Let one more piece of what lives arrive, days later; what does not live is heard of no more."""
    if one["gone"]:
        return
    with acting_for(one["by"]):
        upload = Upload.objects.get(pk=one["id"])
        pieces.take(upload, upload.received, b"and then", now + timedelta(days=5))


def opens_object(one: dict[str, Any]) -> bool:
    """Whether the product opens this object, and it is byte for byte what it was. Raise KeyErased, FileNotFoundError."""
    related = {"object": "memory__box", "piece": "upload__box"}[one["table"]]
    row = _TABLES[one["table"]]._default_manager.select_related(related).get(pk=one["id"])
    return str(one["thing"]).endswith(hashlib.sha256(_opened(row)).hexdigest())


def _opened(row: MemoryObject | UploadPiece) -> bytes:
    return sealing.open_bytes(row.place(), objects.read(row.pk))
