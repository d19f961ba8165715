"""Entry, the index row of a story, and StoryVector, the sealed copy from which it is rebuilt."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from alongside import ids
from alongside.stories.models import Story
from alongside.vault.fields import SealedBytes, SealedField


class Entry(models.Model):
    """What of a story can be found: in an UNLOGGED table, so in no WAL, base backup or dump.

    The database drops the row in the same transaction in which anything about the story's readers or words changes
    (see the first migration), so nothing here can outlive a withdrawal (V5).
    """

    story = models.OneToOneField(Story, on_delete=models.CASCADE, primary_key=True, related_name="entry")
    language = models.CharField(max_length=8)
    words = SearchVectorField()
    vector = models.BinaryField(help_text="512 little-endian float16 numbers of length one, before centring.")
    chosen = models.JSONField(default=dict, help_text="Circumstances as the family chose them.")
    read = models.JSONField(default=dict, help_text="What was read from the words, for nearness only (see kept.py).")
    kinds = ArrayField(models.CharField(max_length=40), default=list)
    relation = models.CharField(max_length=40, blank=True)
    weeks = models.PositiveSmallIntegerField(null=True)
    since_months = models.PositiveSmallIntegerField(null=True, help_text="When told.")
    themes = ArrayField(models.CharField(max_length=40), default=list)
    new_pregnancy = models.BooleanField(
        default=False, help_text="Speaks of a new pregnancy or a child born after (P3)."
    )
    change = models.BigIntegerField(
        db_index=True, db_default=models.Func(models.Value("matching_change"), function="nextval")
    )

    class Meta:
        verbose_name_plural = "entries"
        indexes: ClassVar[list[models.Index]] = [GinIndex(fields=["words"], name="entry_words")]

    def __str__(self) -> str:
        return f"Entry {ids.show(self.pk)}"


class StoryVector(models.Model):
    """A story's vector of meaning, sealed under its key: the index is rebuilt from it without encoding again."""

    story = models.OneToOneField(Story, on_delete=models.CASCADE, primary_key=True, related_name="meaning")
    model = models.CharField(max_length=80)
    of = models.BinaryField(max_length=32, help_text="SHA-256 of the ids of the open revisions it was made from.")
    vector_sealed = SealedField()

    vector = SealedBytes("vector_sealed")

    def __str__(self) -> str:
        return f"StoryVector {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.story.vault, None
