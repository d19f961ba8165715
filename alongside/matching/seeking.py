"""Somebody looking: a sentence, some choices, or a story of which one wants others like it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from alongside.families.circumstances import Circumstances
from alongside.language.centres import centred_query
from alongside.language.detect import likely
from alongside.language.encoder import DIMENSIONS, encoder
from alongside.matching.reading import Reading, read
from alongside.matching.scoring import Seeker
from alongside.matching.terms import terms
from alongside.matching.words import split
from alongside.stories.models import Story
from alongside.stories.shown import open_words

_EXPECTING = frozenset({"pregnant_again", "parenting_after"})


@dataclass(frozen=True, slots=True)
class Seeking:
    """A seeker ready to be compared. ``without`` is the story one comes from, which is not found again."""

    seeker: Seeker
    without: uuid.UUID | None = None

    @classmethod
    def of_sentence(cls, text: str, now: datetime) -> Seeking:
        """Read a sentence: its meaning, its language and the circumstances in it."""
        return cls(_seeker(text, Circumstances(), now))

    @classmethod
    def of_choices(cls, chosen: Circumstances) -> Seeking:
        """Take what was chosen from a list; there are no words."""
        return cls(Seeker(vector=np.zeros(DIMENSIONS, dtype=np.float32), terms={}, given=chosen))

    @classmethod
    def of_story(cls, story: Story) -> Seeking:
        """Take a story that came through ``with_words``: its words, and what its family chose to say."""
        parts = open_words(story)
        text = "\n\n".join(words.text() for _, words in parts if not words.fold)
        revision = parts[0][0].open_revision
        assert revision is not None and story.published_at is not None
        seeker = _seeker(text, revision.circumstances, story.published_at)
        return cls(seeker, without=story.pk)

    @property
    def relation(self) -> str:
        """Who the seeker said they are to the baby, or ""."""
        return self.seeker.given.relation or self.seeker.read.circumstances.relation

    @property
    def language(self) -> str:
        return self.seeker.language

    @property
    def names_new_pregnancy(self) -> bool:
        """Whether the seeker speaks of a new pregnancy themselves: then stories of one are not left out."""
        said = {*self.seeker.given.themes, *self.seeker.read.circumstances.themes}
        return bool(said & _EXPECTING) or "again" in self.seeker.read.wishes


def _seeker(text: str, given: Circumstances, now: datetime) -> Seeker:
    language = (*likely(text), "")[0]
    reading: Reading = read(text, today=now.date())
    vector = centred_query(encoder.encode([text])[0], language)
    return Seeker(vector=vector, terms=terms(split(text), reading), given=given, read=reading, language=language)
