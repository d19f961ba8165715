"""Names and places that strangers read otherwise: where they stand in a text, and the text as others read it (C6)."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Mapping
from functools import cache

MOST = 24
"""Names and places in one chapter."""
LONGEST = 120
"""Characters of one of them."""

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
"""Scripts that do not part words: a name in them is found wherever it stands."""
_ALIKE = {"'": "['’ʼ]", "-": "[-‐‑]"}
"""Signs, and what is typed for them."""
_UNSEEN = "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
"""What nobody sees between two letters: places to break a word, joiners, directions."""


def fit(names: Mapping[str, str]) -> bool:
    """Whether these pairs can be kept: not too many, none too long, and both sides of each say something."""
    sides = [side for pair in names.items() for side in pair]
    return len(names) <= MOST and all(isinstance(side, str) and side.strip() and len(side) <= LONGEST for side in sides)


class Otherwise:
    """Reads texts with each name as others read it: whole words, in large or small letters, longest first, each place once."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._read = {_plain(real): said.strip() for real, said in names.items() if _plain(real)}
        self._longest_first = sorted(self._read, key=len, reverse=True)
        self._reals = re.compile("|".join(f"({_whole(real)})" for real in self._longest_first), re.IGNORECASE)

    def text(self, text: str) -> str:
        """Return ``text`` as everyone but the family reads it."""
        if not self._read:
            return text
        # One character may be written in two ways: both are the same name.
        return self._reals.sub(self._said, unicodedata.normalize("NFC", text))

    def _said(self, found: re.Match[str]) -> str:
        """Return what is read for a name: for just this spelling, else for the one that differs in its letters' size."""
        assert found.lastindex is not None
        return self._read.get(_plain(found[0])) or self._read[self._longest_first[found.lastindex - 1]]


def _plain(name: str) -> str:
    """Return one spelling for all that are found as the same name."""
    for sign, alike in _ALIKE.items():
        name = re.sub(alike, sign, name)
    return " ".join(unicodedata.normalize("NFC", re.sub(_UNSEEN, "", name)).split())


def _whole(name: str) -> str:
    """Return a pattern for ``name`` where it stands as a whole word, whatever space parts its words."""
    apart = rf"(?:{_UNSEEN}*\s)+{_UNSEEN}*"
    inside = apart.join(f"{_UNSEEN}*".join(map(_sign, word)) for word in name.split())
    # Of a word are letters in either size already; to ask for that again would be slow.
    before = f"(?<!(?-i:{_of_a_word()}))" if _is_parted(name[0]) else ""
    after = f"(?!(?-i:{_of_a_word()}))" if _is_parted(name[-1]) else ""
    return before + inside + after


def _sign(sign: str) -> str:
    """Return a pattern for one sign, also where it becomes two when it is written large."""
    if sign in _ALIKE:
        return _ALIKE[sign]
    sizes = {sign, sign.upper(), sign.casefold()}
    return f"(?:{'|'.join(map(re.escape, sorted(sizes)))})" if len(sizes) > 1 else re.escape(sign)


def _is_parted(sign: str) -> bool:
    """Whether a word that begins or ends with ``sign`` is parted from others by something that is no letter."""
    return sign.isalnum() and not unicodedata.name(sign, "").startswith(_UNSPACED)


@cache
def _of_a_word() -> str:
    r"""Return a class of what a word is made of: letters, digits, and the marks on them, which ``\w`` leaves out."""
    signs = range(0x300, sys.maxunicode + 1)
    marks = [at for at in signs if unicodedata.category(chr(at)).startswith("M")]
    starts = [at for at in marks if unicodedata.category(chr(at - 1))[0] != "M" or at == 0x300]
    ends = [at for at in marks if at == sys.maxunicode or unicodedata.category(chr(at + 1))[0] != "M"]
    ranges = "".join(f"{chr(low)}-{chr(high)}" for low, high in zip(starts, ends, strict=True))
    return rf"(?:[^\W_]|[{ranges}])"
