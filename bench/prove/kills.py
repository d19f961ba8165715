"""The kills campaign (D1, S32-S34): people write and send photos all the time while every part of the installation is killed in turn.

See README.md beside this file. A kill counts once everything that was said to be kept until then has been looked for.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench.prove import kills_hit, kills_judge, kills_photos
from bench.prove.kills_browser import Device
from bench.prove.kills_judge import Known, Promised
from bench.prove.kills_phones import Phone
from bench.prove.kills_photos import Answered, Sent
from bench.prove.kills_writers import Writer
from bench.prove.place import Place, throw_away
from bench.served import ROOT

SERVED_BY = "bench.prove.kills_serve"
OF_BROWSERS = 10
"""Of how many kills one is a browser's."""
A_TEXT = 8
"""Kills after which the two parents go on to the next text of their box."""
_WRITING = (0.1, 0.9)  # seconds between one thing being well again and the next kill
_PATIENCE = 60.0  # seconds for the installation to serve everybody again


@dataclass
class Tally:
    """What was found, kill by kill."""

    checked: int = 0
    bad: int = 0
    back: dict[str, list[float]] = field(default_factory=dict)

    def count(self, kind: str, number: int, found: Sequence[str]) -> None:
        self.checked += 1
        self.bad += bool(found)
        for one in found:
            print(f"  kill {number} ({kind}): {one}", file=sys.stderr, flush=True)


class Eyes:
    """A process beside the installation that opens what is kept."""

    def __init__(self, place: Place) -> None:
        with (place.logs / "look.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "bench.prove.kills_look"],
                env=place.environment,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def look(self, things: Sequence[Known | Sent]) -> list[Any]:
        """Return what is kept of each (see ``kills_look``)."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([one.asked() for one in things]) + "\n")
        self._process.stdin.flush()
        answer: list[Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


@dataclass
class World:
    """The installation, everybody who uses it, and what was found so far."""

    place: Place
    said: dict[str, list[dict[str, str]]]
    seed: int
    chance: random.Random
    tally: Tally = field(default_factory=Tally)
    writers: list[Writer] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)

    @property
    def people(self) -> list[Writer | Phone]:
        return [*self.writers, *self.phones]

    def texts(self) -> list[Known]:
        return list(self.writers[0].texts.values())

    def photos(self) -> list[Sent]:
        return [photo for phone in self.phones for photo in list(phone.sent)]

    def complaints(self) -> Iterator[str]:
        for one in self.people:
            while one.complaints:
                yield one.complaints.pop()


def kills(count: int, seed: int) -> tuple[int, int]:
    """Kill ``count`` times, a browser's in every ten; return how many were looked into, and after how many was a loss."""
    browsers = count // OF_BROWSERS
    with throw_away() as place, place.served(SERVED_BY):
        texts = 1 + count // A_TEXT
        said = json.loads(place.run("set_up", "bench.prove.kills_set_up", said=str(texts)))
        world = World(place, said, seed, random.Random(seed))
        eyes, tally = Eyes(place), world.tally
        with _writing(world), _device(place, said, seed, browsers) as device:
            number = 0
            while tally.checked < count - browsers:
                number += 1
                (kind,) = world.chance.choices(*zip(*kills_hit.KINDS.items(), strict=True))
                if (found := _one(world, kind, eyes)) is not None:
                    tally.count(kind, number, [*found, *world.complaints()])
            device.finish()
            for which, lost in enumerate(device.found):
                tally.count("browser", which, lost)
            while not kills_hit.living(place)["worker"]:
                time.sleep(0.1)
        at_the_end = [*world.complaints(), *_at_the_end(world, eyes)]
        eyes.close()
    for one in at_the_end:
        print(f"  at the end: {one}", file=sys.stderr)
    _say(world, device)
    return tally.checked, tally.bad + bool(at_the_end)


@contextmanager
def _writing(world: World) -> Iterator[None]:
    """Have two guests, two parents apart, the same two in one text, and two with photos write for a block."""
    port, seed, tally = world.place.port, world.seed, world.tally

    def shared() -> str:
        return str(world.said["texts"][min(tally.checked // A_TEXT, len(world.said["texts"]) - 1)])

    mara, tobias = world.said["parents"]
    texts: dict[str, Known] = {}
    world.writers += [Writer(f"guest{number}", port, f"{seed}g{number}", texts) for number in range(2)]
    for name, parent in (("mara", mara), ("tobias", tobias)):
        own = (port, f"{seed}{name}", texts, parent["id"], parent["cookie"])
        world.writers += [Writer(name, *own), Writer(f"{name}s", *own, shared=shared)]
    for number, of in enumerate(world.said["phones"]):
        world.phones.append(Phone(f"phone{number}", port, f"{seed}p{number}", of["id"], of["cookie"], of["box"]))
    for one in world.people:
        one.start()
    try:
        yield
    finally:
        for one in world.people:
            one.stop()


@contextmanager
def _device(place: Place, said: dict[str, list[dict[str, str]]], seed: int, kills: int) -> Iterator[Device]:
    """Have somebody type in a real browser for a block, which is killed by itself now and then."""
    device = Device(place, said["parents"][0]["cookie"], f"{seed}device", kills)
    device.start()
    try:
        yield device
    finally:
        device.end()


def _one(world: World, kind: str, eyes: Eyes) -> list[str] | None:
    """Kill at some moment and look when all is well again; return what is wrong, None where nothing could be killed."""
    time.sleep(world.chance.uniform(*_WRITING))
    if not kills_hit.kill(world.place, kind, world.chance):
        return None
    began = time.monotonic()
    while _unwell(world, began):
        if time.monotonic() - began > _PATIENCE:
            return [f"not well again after a minute: {', '.join(_unwell(world, began))}"]
        time.sleep(0.05)
    world.tally.back.setdefault(kind, []).append(time.monotonic() - began)
    return _wrong(
        eyes, [known for known in world.texts() if known.is_new], [photo for photo in world.photos() if photo.is_new]
    )


def _unwell(world: World, since: float) -> list[str]:
    """Return which parts do not live, and to whom nothing was answered for that they have sent since.

    Nobody's writing waits for the worker; it has to be back before it can be killed again, and at the end.
    """
    gone = [kind for kind, pids in kills_hit.living(world.place).items() if not pids and kind != "worker"]
    return [*gone, *(one.name for one in world.people if one.kept_at <= since)]


def _wrong(eyes: Eyes, texts: Sequence[Known], photos: Sequence[Sent]) -> list[str]:
    promised, answered = [Promised.of(known) for known in texts], [Answered.of(photo) for photo in photos]
    seen = eyes.look([*texts, *photos])
    return [
        *(
            f"{known.kind}: {problem}"
            for known, until_now, versions in zip(texts, promised, seen[: len(texts)], strict=True)
            for problem in kills_judge.problems(known, until_now, versions)
        ),
        *(
            f"photo: {problem}"
            for photo, until_now, found in zip(photos, answered, seen[len(texts) :], strict=True)
            for problem in kills_photos.problems(photo, until_now, found)
        ),
    ]


def _at_the_end(world: World, eyes: Eyes) -> Iterator[str]:
    """Look at everything once more; then sweep, and hold rows and objects against each other."""
    yield from _wrong(eyes, world.texts(), world.photos())
    refused, killed = sum(phone.refused for phone in world.phones), len(world.tally.back.get("decoder", ()))
    if refused > killed:
        yield f"{refused} photos were refused, and {killed} decoders killed"
    left = json.loads(world.place.run("sweep", "bench.prove.kills_sweep"))
    print(
        f"  {left['photos']} photos; {left['unnamed']} objects that no row named, {left['swept']} swept",
        file=sys.stderr,
    )
    for what in ("without_row", "without_object", "half_written", "half"):
        if left[what]:
            yield f"{left[what]} {what.replace('_', ' ')} after the sweep"


def _say(world: World, device: Device) -> None:
    """Say on standard error what it was like: how much was written, and how long each kind of kill was felt."""
    kept = sum(writer.count for writer in world.writers)
    photos = sum(phone.kept for phone in world.phones)
    print(f"  {kept} sendings kept, in {len(world.texts())} texts; {photos} photos kept", file=sys.stderr)
    for kind, seconds in sorted(world.tally.back.items()):
        longest, usual = max(seconds), statistics.median(seconds)
        print(
            f"  {kind}: {len(seconds)} kills, well again after {usual:.1f} s, at most {longest:.1f} s", file=sys.stderr
        )
    if device.lost:
        print(f"  browser: at most {max(device.lost):.1f} s of typing lost", file=sys.stderr)
