"""What a family kept before a backup, and whether it opens afterwards."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.demo.drawings import draw
from alongside.keepsakes.models import KeepsakeBox, Memory
from alongside.keepsakes.said import Said
from alongside.media.renditions import Rendition, render
from alongside.stories.models import Story
from alongside.stories.photographs import open_photo, put_photo
from alongside.stories.words import Words, beats_of
from tests.cast import NOW, box_of, join

PICTURE: Rendition = render(draw("sea", 1))


@dataclass(frozen=True)
class Kept:
    """A parent, her box with one memory in it, and a story with a photograph."""

    name: str
    mara: Account
    box: KeepsakeBox
    memory: Memory
    story: Story
    photo: uuid.UUID

    def opens(self) -> list[bool]:
        """Whether the name of the box, the memory, the story and its photograph open, in this order."""
        return [self._opens(one) for one in (self._box, self._memory, self._story, self._photo)]

    def _opens(self, read: object) -> bool:
        from alongside.vault.errors import KeyErased

        try:
            with acting_for(self.mara.pk):
                return bool(read())  # type: ignore[operator]
        except (KeyErased, Memory.DoesNotExist):
            return False

    def _box(self) -> bool:
        return KeepsakeBox.objects.get(pk=self.box.pk).name == self.name

    def _memory(self) -> bool:
        return Memory.objects.get(pk=self.memory.pk).now_says().text == f"{self.name} was here."

    def _story(self) -> bool:
        return self.name in Story.objects.get(pk=self.story.pk).chapters.get().newest().words.text()

    def _photo(self) -> bool:
        return open_photo(Story.objects.get(pk=self.story.pk), self.photo) == PICTURE.webp


def keep(name: str) -> Kept:
    """Let a parent of her own keep something of everything."""
    mara = join(f"mara-{name}")
    box = box_of(mara, name=name)
    with acting_for(mara.pk):
        memory = Memory.put(mara, box, "text", now=NOW, said=Said(text=f"{name} was here."))
        story = Story.begin(mara, box, language="en", now=NOW)
        photo = put_photo(story, mara, PICTURE, shows=name, taken_by=name, baby=False, now=NOW)
        words = Words(title=name, beats=(*beats_of(f"{name} was born."), photo), told_by="Mara")
        story.add_chapter(mara, words, now=NOW)
    return Kept(name, mara, box, memory, story, story.photos.get().pk)
