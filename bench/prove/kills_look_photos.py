"""What is kept of one photo, whole or on its way. Imported by ``kills_look``, when Django is set up."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from PIL import Image

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.keepsakes.files.keeping import open_part
from alongside.keepsakes.models import Memory, MemoryObject, Upload
from alongside.media import objects
from alongside.vault import objects as sealing
from alongside.vault.errors import VaultError

_LOOKS = 5
"""How often is looked again when a piece is not there: just then it may have become a photo."""
_NOT_THERE = (FileNotFoundError, VaultError, MemoryObject.DoesNotExist)


def photo(asked: dict[str, str]) -> dict[str, Any]:
    """Return {kept: its parts by name or None, received: bytes or None, pieces: a digest of them}."""
    pk = ids.read(asked["id"])
    with acting_for(ids.read(asked["viewer"])):
        for _ in range(_LOOKS):
            memory = Memory.objects.filter(pk=pk).first()
            if memory is not None:
                return {"kept": parts_of(memory), "received": None, "pieces": ""}
            upload = Upload.objects.select_related("box").filter(pk=pk).first()
            try:
                pieces = _pieces(upload)
            except _NOT_THERE:
                continue
            if not Memory.objects.filter(pk=pk).exists():
                return {"kept": None, "received": upload and upload.received, "pieces": pieces}
    return {"kept": None, "received": 0, "pieces": ""}


def parts_of(memory: Memory) -> dict[str, dict[str, Any]]:
    """Return of each part its digest, and whether it opens and, being a picture, is one."""
    found = {}
    for part in MemoryObject.objects.filter(memory=memory).values_list("part", flat=True):
        try:
            with open_part(memory, part) as plain:
                content = plain.read()
            opens = part == MemoryObject.Part.ORIGINAL or _is_picture(content)
            found[part] = {"digest": hashlib.sha256(content).hexdigest(), "opens": opens}
        except _NOT_THERE:
            found[part] = {"digest": "", "opens": False}
    return found


def _is_picture(content: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(content), formats=["WEBP"]) as picture:
            picture.load()
    except OSError:
        return False
    return True


def _pieces(upload: Upload | None) -> str:
    known = hashlib.sha256()
    if upload is None:
        return ""
    for row in upload.pieces.all():
        row.upload = upload
        known.update(sealing.open_bytes(row.place(), objects.read(row.pk)))
    return known.hexdigest()
