"""Somebody looking: a sentence, some choices, or a story of which one wants others like it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from alongside.families.circumstances import Circumstances
from alongside.language.encoder import DIMENSIONS
from alongside.matching.held import held
from alongside.matching.preparing import seeker_of
from alongside.matching.reasons import named
from alongside.matching.scoring import Seeker
from alongside.stories.models import Story
from alongside.stories.shown import open_words
from alongside.visibility.reader import Reader

_EXPECTING = frozenset({"pregnant_again", "parenting_after"})


@dataclass(frozen=True, slots=True)
class Seeking:
    """A seeker ready to be compared. ``without`` is the story one comes from, which is not found again."""

    seeker: Seeker
    without: uuid.UUID | None = None

    @classmethod
    def of_sentence(cls, text: str, now: datetime) -> Seeking:
        """Read a sentence: its meaning, its language and the circumstances in it."""
        return cls(seeker_of(text, today=now.date()))

    @classmethod
    def of_choices(cls, chosen: Circumstances) -> Seeking:
        """Take what was chosen from a list; there are no words."""
        return cls(Seeker(vector=np.zeros(DIMENSIONS, dtype=np.float32), given=chosen))

    @classmethod
    def of_story(cls, story: Story, now: datetime) -> Seeking:
        """Take a story that came through ``with_words``: its words, and what its family chose to say."""
        entry = held(now).entries.get(story.pk)
        if entry is not None:
            seeker = Seeker(entry.vector, entry.chosen, entry.read, entry.language)
            return cls(seeker, without=story.pk)
        # As strangers read it, whoever asks: what is near to a story is the same for everyone who may see it.
        parts = open_words(story, Reader.guest())
        text = "\n\n".join(words.text() for _, words in parts if not words.fold)
        revision = parts[0][0].open_revision
        assert revision is not None
        assert story.published_at is not None
        seeker = seeker_of(
            text,
            today=story.published_at.date(),
            language=story.language,
            given=revision.circumstances,
            account=True,
        )
        return cls(seeker, without=story.pk)

    @property
    def named(self) -> Circumstances:
        """What the seeker said plainly: chosen, or read from the words."""
        return named(self.seeker.given, self.seeker.read.circumstances)

    @property
    def language(self) -> str:
        return self.seeker.language

    @property
    def names_new_pregnancy(self) -> bool:
        """Whether the seeker speaks of a new pregnancy themselves: then stories of one are not left out."""
        return bool(_EXPECTING.intersection(self.named.themes)) or "again" in self.seeker.read.wishes
