"""Verbs of a photo or a voice: kept whole or not at all, turned and cropped without losing the original (D2, S16).

Every object is on the disk before the transaction that names it commits. What a crash leaves without a row is swept.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from alongside import ids
from alongside.accounts.models import Account
from alongside.keepsakes.files.one_at_a_time import refuse_a_second
from alongside.keepsakes.models import AboutFile, KeepsakeBox, Memory, MemoryFile, MemoryObject, NotYours, delete_later
from alongside.media import in_memory, objects, photos, sounds
from alongside.media.renditions import Crop, Rendition
from alongside.vault import objects as sealing

Part = MemoryObject.Part
PICTURES = (Part.LARGE, Part.PAGE, Part.SMALL)


def keep_photo(by: Account, box: KeepsakeBox, source: BinaryIO, *, pk: uuid.UUID, now: datetime) -> Memory:
    """Put a photograph in a box, with its pictures for the pages; again with the same ``pk`` it is found.

    Raise photos.Refused (it cannot be taken, and why), photos.Busy, NotAParent, OSError. Nothing is half kept.
    """
    refuse_a_second(by)
    source.seek(0)
    photo = photos.render(source)
    with transaction.atomic():
        memory = Memory.put(by, box, Memory.Kind.PHOTO, now=now, pk=pk)
        if _begin(memory, AboutFile(format=photo.kind)):
            _keep(memory, Part.ORIGINAL, source, photo.width, photo.height)
            _keep_pictures(memory, photo.renditions)
    return memory


def keep_voice(by: Account, box: KeepsakeBox, source: BinaryIO, *, pk: uuid.UUID, now: datetime) -> Memory:
    """Put a recording in a box, with a form of it that every browser plays; the same errors as of a photograph."""
    refuse_a_second(by)
    source.seek(0)
    sound = sounds.normalise(source)
    with transaction.atomic():
        memory = Memory.put(by, box, Memory.Kind.VOICE, now=now, pk=pk)
        if _begin(memory, AboutFile(baby=False, seconds=sound.seconds, peaks=sound.peaks)):
            _keep(memory, Part.ORIGINAL, source)
            _keep(memory, Part.SOUND, io.BytesIO(sound.m4a))
    return memory


@transaction.atomic
def reshape(memory: Memory, by: Account, *, turn: int, crop: Crop | None) -> None:
    """Show a photograph turned and cropped otherwise. The original stays as it came. Raise NotAParent, Refused, Busy."""
    memory.box.family.parent(by)
    refuse_a_second(by)
    with open_part(memory, Part.ORIGINAL) as original:
        photo = photos.render(original, turn=turn, crop=crop)
    # Locked after the long part: what was said of it meanwhile stays said.
    file = MemoryFile.objects.select_for_update(of=("self",)).select_related("memory__box").get(memory=memory)
    former = MemoryObject.objects.filter(memory=memory, part__in=PICTURES)
    names = list(former.values_list("pk", flat=True))
    former.delete()
    _keep_pictures(memory, photo.renditions)
    file.about = replace(file.about, turn=turn, crop=crop)
    file.save(update_fields=["about_sealed"])
    delete_later(names)


@transaction.atomic
def say_whether_a_baby_shows(memory: Memory, by: Account, baby: bool) -> None:
    """Say whether a baby may be seen in a photograph: then it stays folded until it is unfolded (P1). Raise NotAParent.

    Any parent may fold it; only who put it in says that it may lie open, while they are here. Else raise NotYours.
    """
    memory.box.family.parent(by)
    if not baby and not may_open_for_all(memory, by.pk):
        raise NotYours(ids.show(memory.pk))
    file = MemoryFile.objects.select_for_update(of=("self",)).select_related("memory__box").get(memory=memory)
    file.about = replace(file.about, baby=baby)
    file.save(update_fields=["about_sealed"])


def may_open_for_all(memory: Memory, by: uuid.UUID) -> bool:
    """Whether this parent may say that a photograph shows no baby."""
    others = memory.box.family.parents.current().exclude(account=by)
    return not others.filter(account=memory.contributed_by_id).exists()


def open_part(memory: Memory, part: str) -> BinaryIO:
    """Return the bytes of one part, in memory. Raise MemoryObject.DoesNotExist, FileNotFoundError or VaultError."""
    kept = MemoryObject.objects.select_related("memory__box").get(memory=memory, part=part)
    plain = in_memory.blank()
    with objects.open(kept.pk) as sealed:
        sealing.open(kept.place(), sealed, plain)
    plain.seek(0)
    return plain


def copy_file(memory: Memory, copy: Memory) -> None:
    """Give a copy of a memory its own copy of the file, under its own key (C8)."""
    file = MemoryFile.objects.select_related("memory__box").filter(memory=memory).first()
    if file is None:
        return
    _begin(copy, file.about)
    for kept in memory.objects_kept.all():
        with open_part(memory, kept.part) as plain:
            _keep(copy, kept.part, plain, kept.width, kept.height)


def _begin(memory: Memory, about: AboutFile) -> bool:
    """Give a memory its file's row; False where it has one, since the same thing was sent twice."""
    if MemoryFile.objects.filter(memory=memory).exists():
        return False
    file = MemoryFile(memory=memory)
    file.about = about
    file.save(force_insert=True)
    return True


def _keep_pictures(memory: Memory, renditions: Iterable[Rendition]) -> None:
    for one in renditions:
        _keep(memory, one.name, io.BytesIO(one.webp), one.width, one.height)


def _keep(memory: Memory, part: str, plain: BinaryIO, width: int = 0, height: int = 0) -> None:
    size = plain.seek(0, io.SEEK_END)
    plain.seek(0)
    kept = MemoryObject(memory=memory, part=part, size=size, width=width, height=height)
    with in_memory.blank() as sealed:
        sealing.seal(kept.place(), plain, sealed)
        sealed.seek(0)
        objects.write(kept.pk, sealed)
    kept.save(force_insert=True)
