"""StoryPhoto: a photograph in a story, a copy with a key of its own."""

from __future__ import annotations

from django.db import models

from alongside import ids
from alongside.accounts.models import Account
from alongside.media.named import names_an_object
from alongside.stories.models.story import Story


@names_an_object(item="item")
class StoryPhoto(models.Model):
    """A photograph in a story: a copy with a key of its own, under the story's vault (SECURITY 3.2)."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="photos")
    contributed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    item = models.UUIDField(editable=False)
    width = models.PositiveIntegerField(help_text="Pixels.")
    height = models.PositiveIntegerField(help_text="Pixels.")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"StoryPhoto {ids.show(self.pk)}"
