"""Sheet and its versions: words that only their writer sees, until she puts them in a box."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models, transaction

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.keepsakes import erasing
from alongside.keepsakes.erasing import TIME_TO_UNDO, Gone
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory
from alongside.keepsakes.paper import writer_mark
from alongside.keepsakes.writing import LetGo, Text, Version
from alongside.sheets.device import Device
from alongside.vault import vaults

BACK_ON_A_DEVICE = timedelta(minutes=10)
"""Anyone who uses this browser could bring it back."""


class SheetQuerySet(models.QuerySet["Sheet"]):
    """Which sheets, as a sentence."""

    def written_by(self, account: Account, *, gone_too: bool = False) -> SheetQuerySet:
        """Those of an account: its writer's alone (V1). ``gone_too``: also what was let go of or became a keepsake."""
        mine = self.filter(writer=account)
        return mine if gone_too else mine.filter(erase_at=None)

    def kept_for(self, device: Device, *, gone_too: bool = False) -> SheetQuerySet:
        """Those of a guest, which open with this device's cookie alone."""
        mine = self.filter(guest=device.viewer)
        return mine if gone_too else mine.filter(erase_at=None)

    def meant_for_text(self, text: uuid.UUID, account: Account) -> SheetQuerySet:
        """Those that were meant for a text, on a page that was made for this account and nobody else."""
        return self.filter(meant_for=text, meant_by=writer_mark(account.pk, text))

    def newest_first(self) -> SheetQuerySet:
        return self.order_by("-made_at", "pk")


class Sheet(Text):
    """One sheet, of an account or of one device. It exists for nobody else, hosts and the other parent included."""

    writer = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="sheets")
    guest = models.UUIDField(null=True, blank=True, help_text="The hash of the cookie that opens it.")
    vault = models.UUIDField(editable=False)
    put_as = models.UUIDField(null=True, blank=True, help_text="What became of it: a keepsake, or an account's sheet.")
    meant_for = models.UUIDField(
        null=True, blank=True, help_text="The text that was being written when a sign-in ended."
    )

    meant_by = models.CharField(max_length=43, blank=True, help_text="A mark of whose page it was written on.")

    objects = SheetQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(writer=None, guest__isnull=False) | models.Q(writer__isnull=False, guest=None),
                name="of_an_account_or_of_a_device",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["guest"], name="sheets_of_a_device")]

    # Set by whoever carries the cookie; without it a guest's words do not open.
    device: Device | None = None

    def __str__(self) -> str:
        return f"Sheet {ids.show(self.pk)}"

    @property
    def shown_id(self) -> str:
        """The id as addresses hold it."""
        return ids.show(self.pk)

    def is_shown_to(self, account: Account | None) -> bool:
        """Whether the page of words kept for this device shows it.

        What was meant for a text of somebody's own waits for her alone: on a shared computer others come after her.
        """
        if self.meant_for is None:
            return True
        return account is not None and self.meant_by == writer_mark(account.pk, self.meant_for)

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        # A device's sheet has a vault of its own, an account's is one item of hers.
        return self.vault, None if self.writer_id is None else self.item

    def wrap(self, plain: bytes) -> bytes:
        if self.guest is None:
            return plain
        assert self.device is not None
        return self.device.lock(self.pk, plain)

    def unwrap(self, wrapped: bytes) -> bytes:
        if self.guest is None or not wrapped:
            return wrapped
        assert self.device is not None
        return self.device.unlock(self.pk, wrapped)

    @classmethod
    def begin(cls, pk: uuid.UUID, writer: Account | Device, now: datetime) -> Sheet:
        """Return the writer's sheet with this id, made now if there is none; its key first. Raise LetGo."""
        owned = {"writer": writer} if isinstance(writer, Account) else {"guest": writer.viewer}
        sheet = cls._default_manager.filter(pk=pk, **owned).first()
        if sheet is None:
            item = ids.new_id()
            if isinstance(writer, Account):
                vault = writer.vault
                vaults.add_item(vault, item)
            else:
                vault = vaults.create("sheet")
            # Of two first sendings at once the second waits here and finds what the first one made.
            sheet, _ = cls._default_manager.get_or_create(
                pk=pk, **owned, defaults={"vault": vault, "item": item, "made_at": now}
            )
        if sheet.erase_at is not None:
            raise LetGo(ids.show(pk))
        if isinstance(writer, Device):
            sheet.device = writer
        return sheet

    def stays(self, now: datetime) -> None:
        """Let a device's sheet stay 30 days from now; after that it is let go of by itself."""
        due = {"vault": self.vault, "viewer": self.guest, "asked_at": self.made_at, "due_at": now + Device.LASTS}
        Erasure.objects.update_or_create(
            kind=Erasure.Kind.SHEET,
            subject=self.pk,
            done_at=None,
            defaults={"due_at": now + Device.LASTS},
            create_defaults={"kind": Erasure.Kind.SHEET, "subject": self.pk, **due},
        )

    @transaction.atomic
    def let_go(self, now: datetime, *, fresh: bool = False) -> Erasure:
        """Shut it; it can come back for 72 hours (a device's: ten minutes), or not at all if ``fresh``ly signed in."""
        viewer, patience = (self.writer_id, TIME_TO_UNDO) if self.writer_id else (self.guest, BACK_ON_A_DEVICE)
        assert viewer is not None
        erasure = erasing.ask(self, Erasure.Kind.SHEET, viewer, now, now if fresh else now + patience)
        if fresh:
            erasing.at_once(erasure, now, remove_sheet)
        return erasure

    def may_come_back(self, now: datetime) -> bool:
        """Whether it was let go of and can be brought back: it is not due, and became nothing else."""
        return self.erase_at is not None and self.erase_at > now and self.put_as is None

    @transaction.atomic
    def bring_back(self, now: datetime) -> None:
        """Open it again; raise Gone when it is erased, or became something else."""
        erasure = Erasure.objects.filter(kind=Erasure.Kind.SHEET, subject=self.pk, done_at=None).first()
        if erasure is None or self.put_as is not None:
            raise Gone(ids.show(self.pk))
        erasing.bring_back(erasure, now)
        Sheet.objects.filter(pk=self.pk).update(erase_at=None)
        if self.guest is not None:
            self.stays(now)

    @transaction.atomic
    def put_in(self, box: KeepsakeBox, by: Account, now: datetime) -> Memory:
        """Put it in a box, where every parent can see it, with its history; the sheet itself is gone then.

        A second sending finds what the first one made. Raise NotAParent, LetGo.
        """
        sheet = Sheet.objects.select_for_update().get(pk=self.pk, writer=by)
        if sheet.put_as is not None:
            return Memory.objects.get(pk=sheet.put_as)
        if sheet.erase_at is not None:
            raise LetGo(ids.show(self.pk))
        memory = Memory.put(by, box, Memory.Kind.TEXT, now=now)
        memory.take_history([(version, version.said) for version in reversed(sheet.history())], guest=by)
        sheet.became(memory.pk, by.pk, now)
        return memory

    @transaction.atomic
    def take_over(self, by: Account, now: datetime) -> Sheet:
        """Make a device's sheet an account's own, with its history. The device's one is gone then. Raise LetGo.

        A second sending finds what the first one made.
        """
        assert self.device is not None
        # Its rows are the guest's to see, the new ones the account's.
        with acting_for(self.device.viewer):
            old = Sheet.objects.select_for_update().get(pk=self.pk, guest=self.device.viewer)
            old.device = self.device
            if old.put_as is None and old.erase_at is not None:
                raise LetGo(ids.show(self.pk))
            history = [(version, version.said) for version in reversed(old.history())]
        with acting_for(by.pk):
            if old.put_as is not None:
                return Sheet.objects.get(pk=old.put_as)
            mine = Sheet.begin(ids.new_id(), by, now)
            mine.take_history(history, guest=by)
        with acting_for(self.device.viewer):
            old.became(mine.pk, self.device.viewer, now)
        return mine

    def became(self, other: uuid.UUID, viewer: uuid.UUID, now: datetime) -> None:
        """Note what became of it; its own key goes."""
        self.put_as = other
        self.save(update_fields=["put_as"])
        erasing.ask(self, Erasure.Kind.SHEET, viewer, now, now)


class SheetVersion(Version):
    """One state of a sheet's words."""

    text = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="versions")


def remove_sheet(erasure: Erasure) -> int:
    """Remove a sheet's rows; return how many texts that were."""
    SheetVersion.objects.filter(text=erasure.subject).delete()
    return Sheet.objects.filter(pk=erasure.subject).delete()[1].get("sheets.Sheet", 0)
