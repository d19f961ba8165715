"""People who put photos into their boxes all the time, in pieces, as ``static/uploads.js`` sends them, whatever happens."""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from alongside import ids
from bench.prove.given import photograph, with_comment
from bench.prove.kills_page import Answer, Visitor
from bench.prove.kills_photos import Sent
from bench.prove.kills_writers import AGAIN, Stopped, arrive

LEFT = 6
"""Photos that somebody leaves half sent, before the first of them is chosen again."""
_PAUSE = (0.02, 0.2)  # seconds between two photos
_PIECE = (12_000, 60_000)  # bytes


@dataclass(eq=False)
class Phone:
    """Somebody's phone, which sends one photo after the other."""

    name: str
    port: int
    seed: str
    account: str
    cookie: str
    box: str
    sent: list[Sent] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    kept_at: float = 0.0  # when something set out that was then answered for
    refused: int = 0

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._chance = random.Random(self.seed)
        self._over = threading.Event()
        self._picture = photograph(self._chance)
        self._left: list[Sent] = []
        self._visitor: Visitor = arrive(self.port, self.cookie)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(60)

    @property
    def kept(self) -> int:
        """How many photos were said to be kept."""
        return sum(photo.kept for photo in self.sent)

    def _run(self) -> None:
        try:
            while True:
                self._visitor = arrive(self.port, self.cookie)
                self._photo()
                self._over.wait(self._chance.uniform(*_PAUSE))
        except Stopped:
            return
        except Exception as error:  # a thread that dies in silence would prove nothing
            self.complaints.append(f"{self.name} ended: {type(error).__name__}")

    def _photo(self) -> None:
        """Send one photo, or go on with one that was left; leave one in eight half sent; look at one in eight."""
        again = len(self._left) > LEFT
        photo = self._left.pop(0) if again else self._another()
        told = self._begins(photo)
        leaves_at = 2.0 if again or self._chance.random() > 0.13 else self._chance.random()
        while not told.get("kept") and not photo.is_over:
            if photo.received >= leaves_at * photo.size:
                self._left.append(photo)
                return
            told = self._piece(photo) if photo.received < photo.size else self._finish(photo)
        if photo.kept and self._chance.random() < 0.13:
            self._looks_at(photo)

    def _another(self) -> Sent:
        photo = Sent(ids.show(ids.new_id()), self.account, with_comment(self._picture, secrets.token_bytes(64)))
        self.sent.append(photo)
        return photo

    def _begins(self, photo: Sent) -> dict[str, object]:
        said = [("box", self.box), ("kind", "photo"), ("said", f"{photo.id}.jpg"), ("size", str(photo.size))]
        return self._ask(photo, lambda: self._visitor.ask(f"/box/upload/{photo.id}/", [("do", "begin"), *said]))

    def _piece(self, photo: Sent) -> dict[str, object]:
        at = photo.received
        bytes_ = photo.file[at : at + self._chance.randint(*_PIECE)]
        return self._ask(photo, lambda: self._visitor.send(f"/box/upload/{photo.id}/piece/?at={at}", bytes_))

    def _finish(self, photo: Sent) -> dict[str, object]:
        form = [("do", "finish"), ("size", str(photo.size))]
        return self._ask(photo, lambda: self._visitor.ask(f"/box/upload/{photo.id}/", form))

    def _ask(self, photo: Sent, ask: Callable[[], Answer]) -> dict[str, object]:
        """Send until there is an answer that says something of the photo, one in ten two times at once."""

        def send() -> Answer:
            began, answers = time.monotonic(), []
            threads = [
                threading.Thread(target=lambda: answers.append(ask())) for _ in range(1 + (self._chance.random() < 0.1))
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for answer in answers:
                self._hears(photo, answer, began)
            return min(answers, key=lambda answer: not _says(answer))

        return self._patiently(send, _says).told

    def _hears(self, photo: Sent, answer: Answer, began: float) -> None:
        told = answer.told
        if told.get("kept"):
            photo.was_kept()
            self.kept_at = began
        elif "received" in told:
            if photo.was_received(int(told["received"])):
                self.kept_at = began
        elif (told.get("gone") or told.get("refused")) and not photo.is_over:
            # A decoder that was killed: its photo is refused, and what had arrived is gone. Counted against such kills.
            photo.is_over = True
            self.refused += 1
            if not photo.is_whole:
                self.complaints.append(f"{self.name}: what had arrived of a photo is gone, and it was never finished")

    def _looks_at(self, photo: Sent) -> None:
        answer = self._patiently(
            lambda: self._visitor.ask(f"/box/{photo.id}/original/"), lambda answer: answer.status in {200, 404}
        )
        if answer.content != photo.file:
            self.complaints.append(f"{self.name}: the original that is given out is not what was sent")

    def _patiently(self, ask: Callable[[], Answer], is_done: Callable[[Answer], bool]) -> Answer:
        """Ask again and again; complain once of what goes on for a minute."""
        began = time.monotonic()
        while not is_done(answer := ask()):
            if self._over.wait(AGAIN):
                raise Stopped
            if time.monotonic() - began > 60:
                self.complaints.append(f"{self.name} got no further for a minute: {answer.status}")
                began = float("inf")
        if self._over.is_set():
            raise Stopped
        return answer


def _says(answer: Answer) -> bool:
    return not {"kept", "received", "gone", "refused"}.isdisjoint(answer.told)
