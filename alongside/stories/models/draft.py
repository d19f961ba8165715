"""ChapterDraft: what one parent is writing at a chapter, before it is a version that anybody else could be shown (V1)."""

from __future__ import annotations

import uuid

from django.db import models

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.stories.composing.typed import Typed
from alongside.stories.models.chapter import Chapter
from alongside.stories.models.story import Story
from alongside.vault.fields import SealedField, SealedJSON


class ChapterDraft(models.Model):
    """A working copy, its writer's alone. One of a chapter and a writer, unless two of their pages wrote at once (D1).

    ``began_from`` is the number of the revision it grew from; ``mark`` is another one after each keeping, so that a page
    can say which state its words grew from. What is typed is sealed as it was typed.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    # The database deletes it along with the revision it grew from: whoever erases that may not see what others write.
    chapter = models.ForeignKey(Chapter, on_delete=models.DO_NOTHING, related_name="drafts", db_constraint=False)
    writer = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    began_from = models.PositiveIntegerField()
    mark = models.PositiveIntegerField()
    tab = models.CharField(max_length=22, help_text="The page it was typed on; says nothing of a person.")
    stroke = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()
    typed_sealed = SealedField()

    typed = SealedJSON("typed_sealed", parse=Typed.from_json, dump=Typed.to_json)

    def __str__(self) -> str:
        return f"ChapterDraft {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.chapter.story.vault, None

    @classmethod
    def of_others(cls, story: Story, by: uuid.UUID) -> bool:
        """Whether another parent is writing at a story. Asked as each of them: nobody else may see it."""
        for other in story.family.parents.current().exclude(account=by):
            with acting_for(other.account_id):
                if cls.objects.filter(writer=other.account_id, chapter__story=story).exists():
                    return True
        return False
