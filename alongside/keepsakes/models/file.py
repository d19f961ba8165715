"""What a phone gave: the file behind a photo or a voice, and its sealed objects (V7, S16, S19)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

from django.db import models, transaction

from alongside import ids
from alongside.keepsakes.models.memory import Memory
from alongside.media import objects
from alongside.media.named import names_an_object
from alongside.media.renditions import Crop
from alongside.vault.fields import SealedField, SealedJSON
from alongside.vault.sealing import Place


@dataclass(frozen=True, slots=True)
class AboutFile:
    """What is known of a file. ``format`` as its decoder named it; ``turn`` in quarter turns clockwise.

    ``baby``: a baby may be seen in it, so it stays folded until somebody unfolds it (P1); so does one nobody spoke of.
    ``seconds`` and ``peaks`` (0 to 100) are a recording's.
    """

    format: str = ""
    turn: int = 0
    crop: Crop | None = None
    baby: bool = True
    seconds: float = 0.0
    peaks: tuple[int, ...] = ()

    @classmethod
    def read(cls, data: Any) -> Self:
        """Return what ``plain`` gave."""
        said = dict(data or {})
        crop = said.pop("crop", None)
        return cls(crop=Crop(*crop) if crop else None, peaks=tuple(said.pop("peaks", ())), **said)

    def plain(self) -> dict[str, Any]:
        """Return the value as JSON knows it."""
        return asdict(self)


class MemoryFile(models.Model):
    """The one file of a photo or a voice. The name that its phone gave it is not kept."""

    memory = models.OneToOneField(Memory, on_delete=models.CASCADE, primary_key=True, related_name="file")
    about_sealed = SealedField()

    about = SealedJSON("about_sealed", parse=AboutFile.read, dump=AboutFile.plain)

    def __str__(self) -> str:
        return f"MemoryFile {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.memory.vault_place()


@names_an_object(item="memory__item")
class MemoryObject(models.Model):
    """One sealed object of a file, under the key of its memory alone: erasing one photo is as real as erasing the box."""

    class Part(models.TextChoices):
        ORIGINAL = "original", "As it came"
        LARGE = "large", "A large picture"
        PAGE = "page", "A picture for its page"
        SMALL = "small", "A picture for the tray"
        SOUND = "sound", "A recording to listen to"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    memory = models.ForeignKey(Memory, on_delete=models.CASCADE, related_name="objects_kept")
    part = models.CharField(max_length=10, choices=Part)
    size = models.PositiveBigIntegerField(help_text="Bytes, before they were sealed.")
    width = models.PositiveIntegerField(default=0, help_text="Pixels; 0 for what is not a picture.")
    height = models.PositiveIntegerField(default=0, help_text="Pixels; 0 for what is not a picture.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("memory", "part", name="one_object_a_part"),
        ]

    def __str__(self) -> str:
        return f"MemoryObject {ids.show(self.pk)}"

    def place(self) -> Place:
        """Return what its bytes are sealed for: an original never opens as the picture that others are shown (S11)."""
        vault, item = self.memory.vault_place()
        return Place(vault, item, "keepsakes_memoryobject", self.part, self.pk)


def names_of(memories: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Return the names of all objects of these memories, to be deleted once their rows are gone."""
    return list(MemoryObject.objects.filter(memory__in=list(memories)).values_list("pk", flat=True))


def delete_later(names: Sequence[uuid.UUID]) -> None:
    """Delete objects once their rows are gone for good. What a crash leaves behind is swept, and opens no more (L2)."""

    def delete() -> None:
        for name in names:
            objects.delete(name)

    transaction.on_commit(delete)
