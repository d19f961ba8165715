"""A photo or a recording on its way: piece after piece, each on the disk before it is answered for (D2)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from alongside import ids
from alongside.accounts.models import Account
from alongside.keepsakes.models.box import KeepsakeBox
from alongside.keepsakes.models.memory import Memory
from alongside.media.named import names_an_object
from alongside.vault.sealing import Place


class Upload(models.Model):
    """What has arrived of one file. It becomes the memory that has its id and its key, or is erased as a whole.

    An ``Erasure`` waits for it from the beginning: whatever is not finished within days goes, its key first.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    box = models.ForeignKey(KeepsakeBox, on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="uploads")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in ("photo", "voice")])
    item = models.UUIDField(editable=False)
    mark = models.BinaryField(
        help_text="Keyed digest of what the device says of the file: finds it again when chosen again."
    )
    received = models.PositiveBigIntegerField(default=0, help_text="Bytes that are on the disk.")
    began_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["by", "box"], name="uploads_of_somebody")]

    def __str__(self) -> str:
        return f"Upload {ids.show(self.pk)}"

    @property
    def shown_id(self) -> str:
        """The id as addresses hold it."""
        return ids.show(self.pk)

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.box.vault, self.item


@names_an_object(item="upload__item")
class UploadPiece(models.Model):
    """Some bytes of it, sealed as an object of this name."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    start = models.PositiveBigIntegerField(help_text="Where in the file it begins, in bytes.")
    size = models.PositiveIntegerField(help_text="Bytes, before they were sealed.")

    class Meta:
        ordering: ClassVar[list[str]] = ["start"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("upload", "start", name="one_piece_a_start"),
        ]

    def __str__(self) -> str:
        return f"UploadPiece {ids.show(self.pk)}"

    def place(self) -> Place:
        """Return what its bytes are sealed for: put in another order, pieces do not open (S11)."""
        vault, item = self.upload.vault_place()
        return Place(vault, item, "keepsakes_uploadpiece", f"from {self.start}", self.pk)


FILED = (Memory.Kind.PHOTO, Memory.Kind.VOICE)
"""Kinds of memory that begin with a file."""
