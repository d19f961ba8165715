"""Verbs of something on its way: begin, take a piece, finish, give up. Any may be sent twice (D2, S37)."""

from __future__ import annotations

import io
import shutil
import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum

from alongside import ids
from alongside.accounts.models import Account
from alongside.keepsakes import erasing
from alongside.keepsakes.files.keeping import keep_photo, keep_voice
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory, Upload, UploadPiece, delete_later
from alongside.keepsakes.models.erasure import ErasureQuerySet
from alongside.media import in_memory, objects
from alongside.media.jail.parent import USUAL
from alongside.media.refused import DAMAGED, Refused
from alongside.vault import objects as sealing
from alongside.vault import vaults
from alongside.vault.digest import keyed_digest
from alongside.vault.errors import KeyErased, KeyMissing

MOST_BYTES = USUAL.taken
PIECE = 1024 * 1024
"""Bytes of a piece at most: little enough to be sent again over a connection that breaks."""
LASTS = timedelta(days=7)
"""How long something stays that was begun and not finished, after its last piece."""
LASTS_AT_MOST = timedelta(days=14)
"""After this it goes, however slowly its pieces come."""
MOST_ON_THEIR_WAY = 60
MOST_BYTES_ON_THEIR_WAY = 1_000_000_000
LEAST_FREE = 500_000_000
"""Bytes of disk that photos and recordings leave free."""


class TooMany(Exception):
    """More is on its way already than one person sends at a time."""


class TooLarge(Exception):
    """It is larger than can be taken."""


class NoRoom(Exception):
    """The disk is nearly full."""


class NotWhole(Exception):
    """Not all of it is here yet."""


def mark_of(by: Account, box: KeepsakeBox, said: str) -> bytes:
    """Return what finds an unfinished file again, from what its device says of it; it tells nothing of the file."""
    return keyed_digest(by.vault, b"upload|" + box.pk.bytes + said.encode("utf-8", "replace"))


@transaction.atomic
def begin(by: Account, box: KeepsakeBox, kind: str, pk: uuid.UUID, said: str, now: datetime) -> Upload:
    """Begin to take a file, or go on with the one that was begun. Raise NotAParent, TooMany, NoRoom."""
    Account.objects.select_for_update().get(pk=by.pk)  # two beginnings of one page, one after the other
    box.family.parent(by)
    mark = mark_of(by, box, said)
    mine = Upload.objects.filter(by=by)
    there = mine.filter(pk=pk).first() or (mine.filter(box=box, kind=kind, mark=mark).first() if said else None)
    if there is not None:
        return there
    waiting = mine.aggregate(files=Count("pk"), bytes=Sum("received"))
    if waiting["files"] >= MOST_ON_THEIR_WAY or (waiting["bytes"] or 0) > MOST_BYTES_ON_THEIR_WAY:
        raise TooMany(ids.show(by.pk))
    refuse_without_room()
    upload = Upload(pk=pk, box=box, by=by, kind=kind, item=ids.new_id(), mark=mark, began_at=now)
    vaults.add_item(box.vault, upload.item)
    upload.save(force_insert=True)
    vault, item = upload.vault_place()
    Erasure.objects.create(
        kind=Erasure.Kind.UPLOAD,
        subject=upload.pk,
        vault=vault,
        item=item,
        viewer=by.pk,
        asked_at=now,
        due_at=now + LASTS,
    )
    return upload


@transaction.atomic
def take(upload: Upload, start: int, piece: bytes, now: datetime) -> int:
    """Keep the bytes from ``start`` on; return how many are here, all of them on the disk.

    Bytes that are here already, or that do not follow on those that are, change nothing. Raise TooLarge, NoRoom, Gone.
    """
    found = (
        Upload.objects.select_for_update(of=("self",)).select_related("box").filter(pk=upload.pk, box__erase_at=None)
    )
    here = found.first()
    if here is None:
        raise erasing.Gone(ids.show(upload.pk))
    if start != here.received or not piece:
        return here.received
    if start + len(piece) > MOST_BYTES or len(piece) > PIECE:
        raise TooLarge(ids.show(here.pk))
    refuse_without_room()
    due = min(now + LASTS, here.began_at + LASTS_AT_MOST)
    if not _waiting(here.pk).filter(due_at__gt=now).update(due_at=due):
        raise erasing.Gone(ids.show(here.pk))
    row = UploadPiece(upload=here, start=start, size=len(piece))
    objects.write(row.pk, sealing.seal_bytes(row.place(), piece))
    row.save(force_insert=True)
    here.received = start + len(piece)
    here.save(update_fields=["received"])
    return here.received


@transaction.atomic
def finish(upload: Upload, by: Account, size: int, now: datetime) -> Memory:
    """Put what arrived in the box, under a key of its own; what it came with is erased once this is committed.

    Raise NotWhole, Gone, and what keep_photo raises. A second finishing waits here, and finds it Gone.
    """
    locked = _waiting(upload.pk).select_for_update().filter(due_at__gt=now).first()
    here = Upload.objects.select_related("box__family").filter(pk=upload.pk, box__erase_at=None).first()
    if locked is None or here is None:
        raise erasing.Gone(ids.show(upload.pk))
    if here.received != size:
        raise NotWhole(ids.show(here.pk))
    if not size:
        # A place-holder of a phone or a cloud folder: there is nothing to wait for.
        raise Refused(DAMAGED)
    keep = keep_photo if here.kind == Memory.Kind.PHOTO else keep_voice
    with _whole(here) as source:
        memory = keep(by, here.box, source, pk=here.pk, now=now)
    give_up(here, now)
    return memory


@transaction.atomic
def give_up(upload: Upload, now: datetime) -> None:
    """Erase what has arrived, its key first, as soon as this request is committed."""
    for waiting in _waiting(upload.pk):
        _waiting(upload.pk).update(due_at=now)
        erasing.at_once(waiting, now, remove_upload)


def forget_beginnings(by: Account, box: KeepsakeBox, kind: str, source: BinaryIO, now: datetime) -> None:
    """Give up what this person began of a file that is kept now, whole, by another way: it says so by its bytes."""
    for upload in Upload.objects.select_related("box").filter(by=by, box=box, kind=kind, received__gt=0):
        source.seek(0)
        with suppress(FileNotFoundError, KeyErased, KeyMissing):
            if all(source.read(row.size) == _opened(upload, row) for row in upload.pieces.all()):
                give_up(upload, now)


def refuse_without_room() -> None:
    """Raise NoRoom where this machine's disk is nearly full: the rest of it is for words, keys and the database."""
    folder = objects.local()
    if folder is not None and shutil.disk_usage(settings.DATA).free < LEAST_FREE:
        raise NoRoom


def _waiting(upload: uuid.UUID) -> ErasureQuerySet:
    return Erasure.objects.filter(kind=Erasure.Kind.UPLOAD, subject=upload, done_at=None)


def remove_upload(erasure: Erasure) -> int:
    """Remove the rows of something that was never finished."""
    _forget(erasure.subject)
    return 0


def _forget(pk: uuid.UUID) -> None:
    names = list(UploadPiece.objects.filter(upload=pk).values_list("pk", flat=True))
    Upload.objects.filter(pk=pk).delete()
    delete_later(names)


def _opened(upload: Upload, row: UploadPiece) -> bytes:
    row.upload = upload
    return sealing.open_bytes(row.place(), objects.read(row.pk))


def _whole(upload: Upload) -> BinaryIO:
    source = in_memory.blank()
    for row in upload.pieces.all():
        source.write(_opened(upload, row))
    if source.tell() != upload.received:
        raise NotWhole(ids.show(upload.pk))
    source.seek(0, io.SEEK_SET)
    return source
