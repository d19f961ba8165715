"""The things a text mentions besides its circumstances, a song or a blanket: the same in every language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from .lexicon import LANGUAGES, lexicon


@lru_cache(maxsize=1)
def topic_columns() -> Mapping[str, int]:
    """The column of each topic in an array of topics."""
    topics = sorted({topic for language in LANGUAGES for topic in lexicon(language).topics})
    return {topic: column for column, topic in enumerate(topics)}
