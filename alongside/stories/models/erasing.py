"""StoryErasingYes: one parent's yes to erasing a story that others wrote in too."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from alongside.families.models import Parent
from alongside.stories.models.story import Story


class StoryErasingYes(models.Model):
    """One parent's yes to erasing a story; it needs every current parent's where more than one wrote in it."""

    id = models.BigAutoField(primary_key=True)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="erasing_yes")
    parent = models.ForeignKey(Parent, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "story erasing yes"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("story", "parent", name="one_yes_a_parent_to_erasing_a_story"),
        ]

    def __str__(self) -> str:
        return f"StoryErasingYes {self.pk}"
