"""What is known of a text from outside, and what is wrong with it, given what is kept of it. Says no words."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

Versions = Sequence[Mapping[str, object]]
"""{number, stands, words} of each version, oldest first."""


@dataclass
class Known:
    """One text: all that was ever sent for it, and what of that was said to be kept."""

    kind: str
    id: str
    viewer: str = ""
    device: str = ""
    alone: bool = True
    sent: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    newest: str = ""
    pages: set[str] = field(default_factory=set)
    is_new: bool = False  # something was kept since somebody looked
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def sends(self, text: str, page: str) -> None:
        """Note what is about to be sent."""
        with self.lock:
            self.sent.add(text)
            self.pages.add(page)

    def was_kept(self, text: str) -> None:
        """Note that the server said so."""
        with self.lock:
            self.kept |= set(text.split())
            self.newest = max(self.newest, text, key=len)
            self.is_new = True

    def asked(self) -> dict[str, str]:
        """Return how ``kills_look`` is asked for it."""
        return {"kind": self.kind, "id": self.id, "viewer": self.viewer, "device": self.device}


@dataclass(frozen=True)
class Promised:
    """What must be found of a text from now on, as it is when somebody begins to look."""

    words: frozenset[str]
    newest: str

    @classmethod
    def of(cls, known: Known) -> Promised:
        with known.lock:
            known.is_new = False
            return cls(frozenset(known.kept), known.newest)


def problems(known: Known, promised: Promised, versions: Versions) -> Iterator[str]:
    """Yield what is wrong: words missing, halves, the same effect twice, heads that nobody made."""
    texts = [str(version["words"]) for version in versions]
    heads = [str(version["words"]) for version in versions if version["stands"]]
    lost = promised.words - {word for text in texts for word in text.split()}
    if lost:
        yield f"{len(lost)} words are missing that were said to be kept"
    with known.lock:
        half = sum(1 for text in texts if not _is_whole(text, known.sent))
        pages = len(known.pages)
    if half:
        yield f"{half} versions are nothing that somebody sent"
    if not known.alone:
        if len(heads) > pages:
            yield f"{len(heads)} heads of {pages} pages"
        return
    if len(set(texts)) < len(texts):
        yield "one sending had two effects"
    if len(heads) != 1 and (heads or promised.words):
        yield f"{len(heads)} heads, and nobody else wrote"
    elif heads and not set(promised.newest.split()) <= set(heads[0].split()):
        yield "an older version stands in the newest one's place"


def _is_whole(text: str, sent: Set[str]) -> bool:
    """Whether somebody sent just this, or it is put together of what was sent (where both of two heads were chosen)."""
    parts = text.split("\n\n")
    ends = {0}
    for end in range(1, len(parts) + 1):
        if any("\n\n".join(parts[begin:end]) in sent for begin in ends):
            ends.add(end)
    return len(parts) in ends
