"""The index: rows for what may be found, made from sealed stories, and its file rewritten by night."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import Value
from numpy.typing import NDArray

from alongside.language import meaning
from alongside.matching import kept
from alongside.matching.models import Entry, StoryVector
from alongside.matching.reading import read
from alongside.stories.models import Chapter, Story, StoryQuerySet
from alongside.stories.shown import open_words, with_words
from alongside.stories.words import Words
from alongside.visibility.reader import Reader

CONFIGURATIONS = {
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "de": "german",
    "it": "italian",
    "pt": "portuguese",
    "nl": "dutch",
}
"""PostgreSQL's full-text configurations by language; "simple" for any other."""

_AFTER = frozenset({"pregnant_again", "parenting_after"})


def configuration(language: str) -> str:
    """Return the full-text configuration for a language."""
    return CONFIGURATIONS.get(language, "simple")


def missing() -> StoryQuerySet:
    """Stories that may be found and have no index row: new ones, or all of them after a crash."""
    return Story.objects.told_to_strangers().filter(entry=None)


@dataclass(frozen=True, slots=True)
class _Source:
    """A story with the words that may be found: its folded chapters are not among them (P3)."""

    story: Story
    chapters: Sequence[tuple[Chapter, Words]]

    @property
    def found(self) -> str:
        parts = [words.text() for _, words in self.chapters if not words.fold]
        return "\n\n".join([self.chapters[0][1].line, *parts]).strip()

    @property
    def of(self) -> bytes:
        opened = b"".join(str(chapter.open_revision_id).encode() for chapter, _ in self.chapters)
        return hashlib.sha256(opened).digest()

    @property
    def speaks_of_new_pregnancy(self) -> bool:
        notes = {note for _, words in self.chapters for note in (*words.notes, words.fold)}
        themes = set(self.chapters[0][0].open_revision.circumstances.themes)  # type: ignore[union-attr]
        return "new_pregnancy" in notes or bool(themes & _AFTER)


@transaction.atomic
def add_missing(limit: int) -> int:
    """Give up to ``limit`` stories their index rows; return how many got one. Two workers share the work."""
    waiting = missing().select_for_update(skip_locked=True, of=("self",)).order_by("pk")[:limit]
    held = [story.pk for story in waiting]
    stories = with_words(Story.objects.filter(pk__in=held))
    # As strangers read them: what is in no row can be found by nobody.
    sources = [_Source(story, parts) for story in stories if (parts := open_words(story, Reader.guest()))]
    for source, vector in zip(sources, _vectors(sources), strict=True):
        _write(source, vector)
    return len(sources)


def _vectors(sources: Sequence[_Source]) -> list[NDArray[np.float16]]:
    """Return each story's vector: from its sealed copy where that is of these words, else encoded now."""
    kept = {
        vector.story_id: vector
        for vector in StoryVector.objects.filter(story__in=[source.story for source in sources], model=meaning.model())
    }
    fresh = [source for source in sources if not _is_current(kept.get(source.story.pk), source)]
    for source in fresh:
        kept[source.story.pk] = _keep(source, meaning.of_story(source.found, source.story.language))
    return [np.frombuffer(_opened(kept[source.story.pk], source), dtype="<f2") for source in sources]


def _is_current(vector: StoryVector | None, source: _Source) -> bool:
    return vector is not None and bytes(vector.of) == source.of


def _keep(source: _Source, vector: NDArray[np.float32]) -> StoryVector:
    row = StoryVector(story=source.story, model=meaning.model(), of=source.of)
    row.vector = vector.astype("<f2").tobytes()
    row.save()
    return row


def _opened(row: StoryVector, source: _Source) -> bytes:
    row.story = source.story
    return row.vector


def _write(source: _Source, vector: NDArray[np.float16]) -> None:
    story, words = source.story, source.found
    chosen = source.chapters[0][0].open_revision.circumstances  # type: ignore[union-attr]
    assert story.published_at is not None
    reading = read(words, language=story.language, today=story.published_at.date())
    Entry.objects.create(
        story=story,
        language=story.language,
        words=SearchVector(Value(words), config=configuration(story.language)),
        vector=vector.tobytes(),
        chosen=chosen.to_json(),
        read=kept.to_json(reading),
        kinds=list(chosen.kinds),
        relation=chosen.relation,
        weeks=chosen.weeks,
        since_months=chosen.since_months,
        themes=list(chosen.themes),
        new_pregnancy=source.speaks_of_new_pregnancy,
    )


def rewrite() -> None:
    """Write the index's file anew and drop the old one, so that deleted words leave the disk (SECURITY 0.4)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT matching_rewrite_index()")
