"""The kills campaign (D1, S32-S34): people write all the time while every part of the installation is killed in turn.

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

from bench.prove import kills_hit
from bench.prove.kills_browser import Device
from bench.prove.kills_judge import Known, Promised, Versions, problems
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

    def look(self, texts: Sequence[Known]) -> list[Versions]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([known.asked() for known in texts]) + "\n")
        self._process.stdin.flush()
        answer: list[Versions] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


def kills(count: int, seed: int) -> tuple[int, int]:
    """Kill ``count`` times, a browser's in every ten; return how many were looked into, and after how many was a loss."""
    chance = random.Random(seed)
    browsers = count // OF_BROWSERS
    tally = Tally()
    with throw_away() as place, place.served(SERVED_BY):
        texts = 1 + count // A_TEXT
        said = json.loads(place.run("set_up", "bench.prove.kills_set_up", said=str(texts)))
        with _writing(place, said, seed, tally) as writers, _device(place, said, seed, browsers) as device:
            eyes = Eyes(place)
            number = 0
            while tally.checked < count - browsers:
                number += 1
                (kind,) = chance.choices(*zip(*kills_hit.KINDS.items(), strict=True))
                if (found := _one(place, kind, writers, eyes, chance, tally)) is not None:
                    tally.count(kind, number, [*found, *_complaints(writers)])
            device.finish()
            for which, lost in enumerate(device.found):
                tally.count("browser", which, lost)
            while not kills_hit.living(place)["worker"]:
                time.sleep(0.1)
        at_the_end = [*_complaints(writers), *_wrong(eyes, list(writers[0].texts.values()))]
        eyes.close()
    for one in at_the_end:
        print(f"  at the end: {one}", file=sys.stderr)
    _say(tally, writers, device)
    return tally.checked, tally.bad + bool(at_the_end)


@contextmanager
def _writing(place: Place, said: dict[str, list[dict[str, str]]], seed: int, tally: Tally) -> Iterator[list[Writer]]:
    """Have two guests, two parents apart and the same two in one text write for a block."""

    def shared() -> str:
        return str(said["texts"][min(tally.checked // A_TEXT, len(said["texts"]) - 1)])

    mara, tobias = said["parents"]
    texts: dict[str, Known] = {}
    writers = [Writer(f"guest{number}", place.port, f"{seed}g{number}", texts) for number in range(2)]
    for name, parent in (("mara", mara), ("tobias", tobias)):
        own = (place.port, f"{seed}{name}", texts, parent["id"], parent["cookie"])
        writers += [Writer(name, *own), Writer(f"{name}s", *own, shared=shared)]
    for writer in writers:
        writer.start()
    try:
        yield writers
    finally:
        for writer in writers:
            writer.stop()


@contextmanager
def _device(place: Place, said: dict[str, list[dict[str, str]]], seed: int, kills: int) -> Iterator[Device]:
    """Have somebody type in a real browser for a block, which is killed by itself now and then."""
    device = Device(place, said["parents"][0]["cookie"], f"{seed}device", kills)
    device.start()
    try:
        yield device
    finally:
        device.end()


def _one(
    place: Place, kind: str, writers: Sequence[Writer], eyes: Eyes, chance: random.Random, tally: Tally
) -> list[str] | None:
    """Kill at some moment and look when all is well again; return what is wrong, None where nothing could be killed."""
    time.sleep(chance.uniform(*_WRITING))
    if not kills_hit.kill(place, kind, chance):
        return None
    began = time.monotonic()
    while _unwell(place, began, writers):
        if time.monotonic() - began > _PATIENCE:
            return [f"not well again after a minute: {', '.join(_unwell(place, began, writers))}"]
        time.sleep(0.05)
    tally.back.setdefault(kind, []).append(time.monotonic() - began)
    return _wrong(eyes, [known for known in list(writers[0].texts.values()) if known.is_new])


def _unwell(place: Place, since: float, writers: Sequence[Writer]) -> list[str]:
    """Return which parts do not live, and who was not told "kept" of anything that they have sent since.

    Nobody's writing waits for the worker; it has to be back before it can be killed again, and at the end.
    """
    gone = [kind for kind, pids in kills_hit.living(place).items() if not pids and kind != "worker"]
    return [*gone, *(writer.name for writer in writers if writer.kept_at <= since)]


def _wrong(eyes: Eyes, texts: Sequence[Known]) -> list[str]:
    promised = [Promised.of(known) for known in texts]
    seen = eyes.look(texts)
    return [
        f"{known.kind}: {problem}"
        for known, until_now, versions in zip(texts, promised, seen, strict=True)
        for problem in problems(known, until_now, versions)
    ]


def _complaints(writers: Sequence[Writer]) -> Iterator[str]:
    for writer in writers:
        while writer.complaints:
            yield writer.complaints.pop()


def _say(tally: Tally, writers: Sequence[Writer], device: Device) -> None:
    """Say on standard error what it was like: how much was written, and how long each kind of kill was felt."""
    kept = sum(writer.count for writer in writers)
    print(f"  {kept} sendings kept, in {len(writers[0].texts)} texts", file=sys.stderr)
    for kind, seconds in sorted(tally.back.items()):
        longest, usual = max(seconds), statistics.median(seconds)
        print(
            f"  {kind}: {len(seconds)} kills, well again after {usual:.1f} s, at most {longest:.1f} s", file=sys.stderr
        )
    if device.lost:
        print(f"  browser: at most {max(device.lost):.1f} s of typing lost", file=sys.stderr)
