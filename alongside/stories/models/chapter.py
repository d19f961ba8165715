"""Chapter and Revision: the parts of a story, and each version of them."""

from __future__ import annotations

import json
import uuid
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction

from alongside import ids
from alongside.accounts.models import Account
from alongside.families.circumstances import Circumstances
from alongside.families.models import Parent
from alongside.stories.models.consent import Consent
from alongside.stories.words import Words
from alongside.vault import vaults
from alongside.vault.digest import keyed_digest
from alongside.vault.fields import SealedField, SealedJSON
from alongside.visibility.audience import Audience

if TYPE_CHECKING:
    pass


class Chapter(models.Model):
    """One part of a story. Readers get its open revision; there may be newer ones that not everyone agreed to."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    story = models.ForeignKey("stories.Story", on_delete=models.PROTECT, related_name="chapters")
    place = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    open_revision = models.ForeignKey(
        "Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="open_in"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("story", "place", name="one_chapter_a_place"),
        ]

    def __str__(self) -> str:
        return f"Chapter {ids.show(self.pk)}"

    def newest(self) -> Revision:
        """Return the newest revision, agreed or not."""
        return self.revisions.select_related("chapter__story").latest("number")

    @transaction.atomic
    def revise(self, by: Account, words: Words, *, circumstances: Circumstances, now: datetime) -> Revision:
        """Keep a new revision; what stands open stays until everyone has agreed to this one (C2).

        Two who write at once wait for each other here, so that each gets a number of their own (D1).
        """
        Chapter.objects.select_for_update().get(pk=self.pk)
        revision = Revision(chapter=self, number=self.revisions.count() + 1, author=by, made_at=now, item=ids.new_id())
        vaults.add_item(self.story.vault, revision.item)
        revision.words = words
        revision.circumstances = circumstances
        revision.save(force_insert=True)
        return revision


class Revision(models.Model):
    """One version of a chapter, never changed after it was written; the database refuses it."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    chapter = models.ForeignKey(Chapter, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    author = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    item = models.UUIDField(editable=False)
    words_sealed = SealedField()
    circumstances_sealed = SealedField()

    words = SealedJSON("words_sealed", parse=Words.from_json, dump=Words.to_json)
    circumstances = SealedJSON("circumstances_sealed", parse=Circumstances.from_json, dump=Circumstances.to_json)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("chapter", "number", name="one_revision_a_number"),
        ]

    def __str__(self) -> str:
        return f"Revision {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.chapter.story.vault, self.item

    def digest(self, audience: Audience) -> bytes:
        """Return the HMAC under the story's key over everything that a reader of ``audience`` gets (C6)."""
        facts = json.dumps(self.circumstances.to_json(), sort_keys=True).encode()
        message = b"\x00".join([audience.value.encode(), self.words.canonical(), facts])
        return keyed_digest(self.chapter.story.vault, message)

    def agreed_for(self, audience: Audience) -> bool:
        """Whether every current parent has a yes to just this that covers ``audience``."""
        parents = Parent.objects.current().filter(family=self.chapter.story.family_id)
        return all(Consent.stands(parent, self, audience) for parent in parents)
