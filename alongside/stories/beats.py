"""The parts of a story as a template gets them: a chapter, folded or with its beats, and each beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from alongside.stories.listening import Sound


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph folded (``src`` is "") or unfolded; ``asks``: this reader unfolds and folds them one by one."""

    id: str
    shows: str
    by: str
    unfolded: bool
    asks: bool
    src: str
    width: int
    height: int
    unfold_url: str
    fold_url: str


@dataclass(frozen=True, slots=True)
class ShownBeat:
    """A paragraph, heading, quote, photograph or recording; ``place`` counts them through the whole story, folded ones too."""

    kind: str
    text: str
    photo: Photo | None = None
    sound: Sound | None = None
    key: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class ShownChapter:
    """A chapter, folded or with its beats."""

    id: str
    title: str
    date: str
    folded: bool
    fold_words: str
    open_url: str
    beats: Sequence[ShownBeat] = field(default_factory=tuple)
