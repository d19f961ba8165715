"""Meaning of a story and of a question, as vectors that can be compared across languages.

From every vector the mean of its language is taken away: what all such texts share says nothing about this one, and
a language leaves a mark of its own (measured: +.05 to +.07 nDCG@10). The means lie in `means.npz`, made by
`bench/matching/centre.py` from the invented stories and sentences of this project, never from its held-out half.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

import numpy as np

from .encoder import DIMENSIONS, LONGEST, MODEL_ID, Vectors, encoder

FILE = Path(__file__).with_name("means.npz")
FULL_WEIGHT = 60  # characters from which a sentence counts fully
MOST_SENTENCES = 120  # of a long story, spread over all of it

_END = re.compile(r"(?<=[.!?…])[\"'”»)]?\s+|\n+")


def of_story(text: str, language: str) -> Vectors:
    """A unit vector (512,) for a whole story: half its meaning read at once, half the mean of its sentences.

    `language` is a code; an unknown one is centred by the mean of all. Raises EncoderError.
    """
    parts = sentences(text)
    vectors = encoder.encode([text, *parts])
    whole = unit(vectors[0] - mean("story", language))
    each = unit(vectors[1:] - mean("sentence", language))
    weights = np.array([min(len(part), FULL_WEIGHT) for part in parts], dtype=np.float32)
    return unit(whole + unit(weights @ each))


def of_question(text: str) -> Vectors:
    """A unit vector (512,) for a sentence in which someone says what they look for. Raises EncoderError."""
    return unit(encoder.encode([text])[0] - mean("question", ""))


def sentences(text: str) -> list[str]:
    """The sentences of a text, at most MOST_SENTENCES, evenly chosen; the text itself where there are none."""
    parts = [part.strip() for part in _END.split(text[:LONGEST]) if len(part.strip()) > 4] or [text]
    if len(parts) > MOST_SENTENCES:
        parts = [parts[i * len(parts) // MOST_SENTENCES] for i in range(MOST_SENTENCES)]
    return parts


def mean(what: str, language: str) -> Vectors:
    """The mean vector of "story", "sentence" or "question", of a language where there is one of it."""
    means = _means()
    return means.get(f"{what}.{language}", means[what])


def unit(vectors: Vectors) -> Vectors:
    """The same directions with length 1; a vector of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


@lru_cache(maxsize=1)
def model() -> str:
    """What a stored vector was made by: the encoder, and the means it was centred with."""
    return f"{MODEL_ID}/{hashlib.sha256(FILE.read_bytes()).hexdigest()[:12]}"


@lru_cache(maxsize=1)
def _means() -> dict[str, Vectors]:
    with np.load(FILE, allow_pickle=False) as file:
        means = {name: np.asarray(file[name], dtype=np.float32) for name in file.files}
    if any(vector.shape != (DIMENSIONS,) for vector in means.values()):
        raise ValueError(f"{FILE.name} does not hold means of {DIMENSIONS} numbers; run bench/matching/centre.py")
    return means
