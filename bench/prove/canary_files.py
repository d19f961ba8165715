"""A family puts photos and recordings into its box, in every right way and in wrong ones; what is to be looked for of them."""

from __future__ import annotations

import html
import io
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import av
from PIL import Image

from alongside import ids
from bench.prove.canary_keep import Family, fill
from bench.prove.given import photograph, pixels, recording
from bench.prove.kills_page import Visitor
from bench.prove.place import Place
from bench.prove.scan import Needle

KINDS = ("photo", "voice")
_PIECE = 40_000  # bytes
_SHOWN = re.compile(r'(?:src|href)="(/box/[\w-]{22}/(?:photo/\w+|sound)/\?good=[^"]+)"')
_SOME = 32
"""Bytes of a file that are looked for."""


@dataclass
class Files:
    """What is there to be opened by its address, which words could be read back, and what is looked for."""

    photos: list[str] = field(default_factory=list)
    voices: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    needles: list[Needle] = field(default_factory=list)

    def look_for(self, word: str, *values: bytes) -> None:
        self.needles += [Needle(word, value, text=False) for value in values]


def has_files(family: Family, chance: random.Random, photos: Sequence[str], voices: Sequence[str]) -> Files:
    """Put a photo in for each word of ``photos``, which names it and stands in it, and so a recording."""
    files = Files()
    for kind, word in [*(("photo", word) for word in photos), *(("voice", word) for word in voices)]:
        given = photograph(chance, words=word) if kind == "photo" else recording(chance, 3, word)
        sender = Sender(family.parent, family.box, kind, word, given)
        sender.in_wrong_ways()
        sender.lets_go(sender.by_form())
        item = sender.in_pieces()
        fill(family.parent, f"/box/{item}/write/", title=word, shows=word, text=f"{word}, asleep.")
        if kind == "photo":
            fill(family.parent, f"/box/{item}/shape/", turn="right")
        (files.photos if kind == "photo" else files.voices).append(item)
        _read_back(files, family.parent, item, word, given)
    return files


def _read_back(files: Files, who: Visitor, item: str, word: str, given: bytes) -> None:
    """Open it as its family does, and note the bytes of all that there is of it."""
    page = who.ask(f"/box/{item}/?unfold={item}").page
    made = {who.ask(html.unescape(path)).content for path in _SHOWN.findall(page)}
    if made and all(made) and word in page and who.ask(f"/box/{item}/original/").content == given:
        files.shown.add(word)
    for whole in (given, *made):
        files.look_for(word, _middle(whole), *_decoded(whole))


def _middle(whole: bytes) -> bytes:
    return whole[len(whole) // 2 :][:_SOME]


def _decoded(whole: bytes) -> Iterator[bytes]:
    """Yield what a file is once it is decoded: rows of pixels in the order of colours that programs have, or samples."""
    if whole[:2] == b"\xff\xd8" or whole[8:12] == b"WEBP":
        with Image.open(io.BytesIO(whole)) as opened:
            middle = opened.height // 2
            row = opened.convert("RGBA").crop((0, middle, _SOME, middle + 1))
        yield pixels(whole, middle)
        yield row.tobytes()
        yield row.tobytes("raw", "BGRA")
        return
    with av.open(io.BytesIO(whole), "r") as sound:
        frames = [frame.to_ndarray() for frame in sound.decode(audio=0)]
    yield _middle(frames[len(frames) // 2].tobytes())


@dataclass(frozen=True)
class Sender:
    """Somebody who sends one file."""

    who: Visitor
    box: str
    kind: str
    word: str
    file: bytes

    @property
    def name(self) -> str:
        return f"{self.word}.{'jpg' if self.kind == 'photo' else 'wav'}"

    def in_pieces(self, file: bytes = b"", *, finishes: bool = True) -> str:
        """Send it as the page's script does; return its id."""
        file, item = file or self.file, ids.show(ids.new_id())
        at, size = f"/box/upload/{item}/", str(len(file))
        said = [("box", self.box), ("kind", self.kind), ("said", f"{self.name}|{size}|{item}"), ("size", size)]
        self.who.ask(at, [("do", "begin"), *said])
        for start in range(0, len(file), _PIECE):
            self.who.send(f"{at}piece/?at={start}", file[start : start + _PIECE])
        if finishes:
            self.who.ask(at, [("do", "finish"), ("size", size)])
        return item

    def by_form(self, hidden: Sequence[tuple[str, str]] = ()) -> str:
        """Send it as a browser without script does; return the id of what came of it."""
        hidden = hidden or self.who.ask(f"/box/{self.kind}s/?box={self.box}").hidden
        answer = self._post(hidden, self.name, self.file)
        return answer.rstrip("/").rpartition("/")[2]

    def in_wrong_ways(self) -> None:
        """Send what is damaged, too much, for another box, in no order; leave it half sent."""
        at = f"/box/upload/{ids.show(ids.new_id())}/"
        self.in_pieces(self.file[: len(self.file) // 2])
        self.in_pieces(self.word.encode() + self.file[100:])
        self.in_pieces(finishes=False)
        self.who.ask(at, [("do", "begin"), ("box", self.word), ("kind", self.word), ("said", self.name * 99)])
        self.who.send(f"{at}piece/?at={self.word}", self.file)
        for begin in ("0", "7", str(10**9)):
            self.who.send(f"{at}piece/?at={begin}", self.file * 20)
        hidden = self.who.ask(f"/box/{self.kind}s/?box={self.box}").hidden
        for name, file in ((self.name, self.word.encode() * 200), (self.name * 40, self.file[:3000]), (self.name, b"")):
            self._post(hidden, name, file)
        self.who.send(f"/box/{self.kind}s/?box={self.box}", self.file, "multipart/form-data; boundary=none")
        self.who.ask(f"/box/{self.word}/original/?name={self.name}")

    def lets_go(self, item: str) -> None:
        fill(self.who, f"/box/{item}/erase/", when="now")

    def _post(self, hidden: Sequence[tuple[str, str]], name: str, file: bytes) -> str:
        edge = b"--canarys-edge"
        parts = [f'form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in hidden]
        head = f'form-data; name="files"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
        parts.append(head.encode() + file)
        body = b"".join(edge + b"\r\nContent-Disposition: " + part + b"\r\n" for part in parts) + edge + b"--\r\n"
        return self.who.send(
            f"/box/{self.kind}s/?box={self.box}", body, "multipart/form-data; boundary=canarys-edge"
        ).where


def while_away(place: Place, family: Family, chance: random.Random, words: Sequence[str]) -> None:
    """Send a piece, and a form, while the database is away."""
    for word in words[:1]:
        sender = Sender(family.parent, family.box, "photo", word, photograph(chance, words=word))
        item = sender.in_pieces(finishes=False)
        hidden = family.parent.ask(f"/box/photos/?box={family.box}").hidden
        with place.without_database():
            family.parent.send(f"/box/upload/{item}/piece/?at=0", sender.file)
            family.parent.ask(f"/box/upload/{item}/", [("do", "finish"), ("size", str(len(sender.file)))])
            sender.by_form(hidden)
