"""What is known of a photo on its way from outside, and what is wrong with it, given what is kept of it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

PICTURES = ("large", "page", "small")


@dataclass
class Sent:
    """One photo: what the server has answered for of it. ``is_over``: it was refused, or is not there any more."""

    id: str
    viewer: str
    file: bytes = field(repr=False)
    received: int = 0
    answered: int = 0
    kept: bool = False
    is_over: bool = False
    is_new: bool = False  # something was answered for since somebody looked
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def size(self) -> int:
        return len(self.file)

    @property
    def is_whole(self) -> bool:
        """Whether all of it was sent, so that it may have been decoded."""
        return self.answered == self.size

    def was_received(self, count: int) -> bool:
        """Note that the server said so; return whether that is more than before."""
        with self.lock:
            is_more = count > self.answered
            self.received, self.answered = count, max(self.answered, count)
            self.is_new |= is_more
            return is_more

    def was_kept(self) -> None:
        with self.lock:
            self.kept = self.is_new = True

    def asked(self) -> dict[str, str]:
        """Return how ``kills_look`` is asked for it."""
        return {"kind": "photo", "id": self.id, "viewer": self.viewer}


@dataclass(frozen=True)
class Answered:
    """What must be found of a photo from now on, as it is when somebody begins to look."""

    received: int
    kept: bool

    @classmethod
    def of(cls, photo: Sent) -> Answered:
        with photo.lock:
            photo.is_new = False
            return cls(photo.answered, photo.kept)


def problems(photo: Sent, answered: Answered, found: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with what was ``found`` of a photo (see ``kills_look_photos``)."""
    if found["kept"] is not None:
        yield from _half(photo, found["kept"])
    elif answered.kept:
        yield "it was said to be kept, and is not there"
    elif photo.is_over:
        return  # whatever is left of it goes with its key
    elif found["received"] is None:
        if answered.received:
            yield f"{answered.received} bytes were answered for, and none is there"
    elif found["received"] < answered.received:
        yield f"{answered.received} bytes were answered for, and {found['received']} are there"
    elif found["pieces"] != digest(photo.file[: found["received"]]):
        yield "its pieces are not what was sent"


def _half(photo: Sent, parts: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    if set(parts) != {"original", *PICTURES}:
        yield f"it is half there: {', '.join(sorted(parts)) or 'nothing'}"
        return
    if parts["original"]["digest"] != digest(photo.file):
        yield "its original is not what was sent"
    for name in PICTURES:
        if not parts[name]["opens"]:
            yield f"its {name} picture does not open"


def digest(bytes_: bytes) -> str:
    return hashlib.sha256(bytes_).hexdigest()
