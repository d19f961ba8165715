"""The words of a text for the little that equal words count: stems of one language, and topics common to all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from .reading import Reading
from .words import Words

_STEM = 6
_SHORTEST = 4
TOPIC = "#"


def terms(words: Words, read: Reading) -> Mapping[str, int]:
    """Stems of the longer words, and "#song"-like topics, which are the same in every language."""
    stems = Counter(word[:_STEM] for word in words.words if len(word) >= _SHORTEST and word.isalpha())
    topics = {f"{TOPIC}{id}": times for id, times in read.topics.items()}
    return {**stems, **topics}
