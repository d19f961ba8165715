"""Keeping what is typed: on an account's sheet, on a device's, and for later when a sign-in has run out (DESIGN 4.2)."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from alongside.accounts.models import Account, may_keep
from alongside.database.viewer import acting_for
from alongside.keepsakes.models import KeepsakeBox
from alongside.keepsakes.paper import Sent
from alongside.keepsakes.writing import Kept, LetGo, Text
from alongside.sheets.device import Device
from alongside.sheets.models import Sheet
from alongside.sheets.whose import find_anywhere


class NothingWritten(Exception):
    """A sheet begins with a word."""


class NotAgreed(Exception):
    """The account has not said yes to keeping what it writes, or has taken that back (H5)."""


@transaction.atomic
def keep_sheet(pk: uuid.UUID, writer: Account | Device, sent: Sent, now: datetime) -> tuple[uuid.UUID, Kept]:
    """Keep a sheet's words, the sheet made first where there is none; return its id, which may be another one.

    Another: where the page was opened by somebody else in this browser (she signed in meanwhile, or out), the words
    become a sheet of whoever sends them. Raise NothingWritten, NotAgreed, LetGo, TooLong.
    """
    said = sent.said()
    if isinstance(writer, Account) and not may_keep(writer):
        raise NotAgreed
    sheet = _standing(pk, writer) or _standing(_of_ones_own(pk, writer), writer)
    if sheet is None:
        if said.is_empty:
            raise NothingWritten
        sheet = _begin(pk, writer, now)
    account = writer if isinstance(writer, Account) else None
    kept = sheet.keep(account, said, base=sent.base, tab=sent.tab, stroke=sent.stroke, now=now)
    if account is None:
        sheet.stays(now)
    return sheet.pk, kept


def _begin(pk: uuid.UUID, writer: Account | Device, now: datetime) -> Sheet:
    try:
        with transaction.atomic():
            return Sheet.begin(pk, writer, now)
    except IntegrityError:
        return Sheet.begin(_of_ones_own(pk, writer), writer, now)


def _of_ones_own(pk: uuid.UUID, writer: Account | Device) -> uuid.UUID:
    """Return the id that stands in for ``pk`` where that is somebody else's: the same each time for this writer."""
    who = writer.pk if isinstance(writer, Account) else writer.viewer
    return uuid.UUID(bytes=hashlib.sha256(b"alongside/1|one's own|" + who.bytes + pk.bytes).digest()[:16])


def _standing(pk: uuid.UUID, writer: Account | Device) -> Sheet | None:
    mine = Sheet.objects.written_by(writer) if isinstance(writer, Account) else Sheet.objects.kept_for(writer)
    sheet = mine.filter(pk=pk).first()
    if sheet is not None and isinstance(writer, Device):
        sheet.device = writer
    return sheet


def keep_for_later(meant_for: uuid.UUID, device: Device, sent: Sent, now: datetime) -> Kept:
    """Keep words for this device that were meant for a text of an account whose sign-in has run out.

    The sheet's id follows from the device, the text and the page, so that each further sending finds it. Raise TooLong.
    """
    made_of = b"alongside/1|for later|" + device.secret + meant_for.bytes + sent.tab.encode()
    pk = uuid.UUID(bytes=hashlib.sha256(made_of).digest()[:16])
    with transaction.atomic(), acting_for(device.viewer):
        sheet = Sheet.begin(pk, device, now)
        Sheet.objects.filter(pk=pk).update(meant_for=meant_for, meant_by=sent.writer)
        kept = sheet.keep(None, sent.said(), base=sent.base, tab=sent.tab, stroke=sent.stroke, now=now)
        sheet.stays(now)
        return kept


def bring_in(text: Text, by: Account, device: Device, now: datetime) -> None:
    """Bring into ``text`` what this device kept for it while nobody was signed in, version by version. Raise LetGo.

    Only what was written on a page made for ``by``: somebody else's words at her device do not become hers. They go
    on from where the same page was, or stand beside what was written since: nothing is overwritten.
    """
    if not may_keep(by):
        return
    with acting_for(device.viewer):
        waiting = list(Sheet.objects.kept_for(device).meant_for_text(text.pk, by).newest_first())
        found = []
        for sheet in waiting:
            sheet.device = device
            found.append([(version.said, version.tab) for version in reversed(sheet.history())])
    with transaction.atomic():
        for sheet, versions in zip(waiting, found, strict=True):
            for said, tab in versions:
                text.keep(by, said, base=0, tab=tab, now=now)
            with acting_for(device.viewer):
                sheet.became(text.pk, device.viewer, now)


def bring_in_sheet(pk: uuid.UUID, by: Account, device: Device, now: datetime) -> None:
    """Bring in what this device kept for a sheet of hers, which begins now if it never did. Raise LetGo."""
    sheet = Sheet.objects.written_by(by).filter(pk=pk).first()
    with acting_for(device.viewer):
        waits = Sheet.objects.kept_for(device).meant_for_text(pk, by).exists()
    if waits and may_keep(by):
        bring_in(sheet or _begin(pk, by, now), by, device, now)


def to_put(pk: uuid.UUID, by: Account, device: Device | None) -> Sheet | None:
    """Return the sheet that ``by`` may put in a box of theirs: their own, or one that this device shows them."""
    sheet = find_anywhere(by, device, pk)
    return sheet if sheet is not None and sheet.is_shown_to(by) else None


def words_to_put(sheet: Sheet | None) -> str:
    """Return what it says, to be shown before it is put somewhere; nothing of what was let go of."""
    if sheet is None or sheet.erase_at is not None:
        return ""
    with acting_for(sheet.writer_id or sheet.guest):
        return sheet.now_says().text


@transaction.atomic
def put_along(sheet: Sheet, box: KeepsakeBox, by: Account, now: datetime) -> None:
    """Put a sheet in a box, one of a device becoming ``by``'s own first. What went somewhere before stays there."""
    try:
        mine = sheet if sheet.writer_id else sheet.take_over(by, now)
        mine.put_in(box, by, now)
    except (LetGo, Sheet.DoesNotExist):
        return
