"""StorySound: a recording in a story, a copy with a key of its own."""

from __future__ import annotations

from django.db import models

from alongside import ids
from alongside.accounts.models import Account
from alongside.media.named import names_an_object
from alongside.stories.models.story import Story
from alongside.vault.sealing import Place


@names_an_object(item="item")
class StorySound(models.Model):
    """A recording in a story: a copy with a key of its own, under the story's vault. How long it is, its beat says."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="sounds")
    contributed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    item = models.UUIDField(editable=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"StorySound {ids.show(self.pk)}"

    def place(self) -> Place:
        """Return what its bytes are sealed for."""
        return Place(vault=self.story.vault, item=self.item, table="stories_storysound", column="object", row=self.pk)
