"""People who write all the time, with or without an account, alone or two in one text, and go on whatever happens."""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.prove.kills_judge import Known
from bench.prove.kills_page import Answer, Visitor

SHEET_COOKIE = "__Host-sheet"
A_SHEET = 60
"""Words after which somebody takes another sheet."""
_PAUSE = (0.02, 0.12)  # seconds between two sendings
AGAIN = 0.1  # seconds after one that failed
_households = itertools.count(1)


class Stopped(Exception):
    """The campaign is over."""


def arrive(port: int, cookie: str) -> Visitor:
    """Come from another household, signed in with ``cookie`` or as a guest."""
    number = next(_households)
    cookies = dict([cookie.split("=", 1)]) if cookie else {}
    return Visitor(port, f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", cookies)


@dataclass
class Page:
    """One open page of the editor: what static/writing.js knows."""

    known: Known
    action: str
    base: str
    tab: str
    words: str
    fields: list[tuple[str, str]]
    stroke: int = 0

    @classmethod
    def of(cls, known: Known, answer: Answer) -> Page:
        hidden = answer.hidden
        said = dict(hidden)
        others = [(name, value) for name, value in hidden if name not in {"base", "tab", "stroke"}]
        return cls(known, answer.action, said["base"], said["tab"], answer.words, others)

    def form(self, *more: tuple[str, str]) -> list[tuple[str, str]]:
        counted = [("base", self.base), ("tab", self.tab), ("stroke", str(self.stroke))]
        return [*counted, *self.fields, ("text", self.words), *more]


@dataclass(eq=False)
class Writer:
    """Somebody who writes. ``shared`` gives the box's text of the hour, where two write in one."""

    name: str
    port: int
    seed: str
    texts: dict[str, Known]  # everybody's, by id
    account: str = ""
    cookie: str = ""
    shared: Callable[[], str] | None = None
    complaints: list[str] = field(default_factory=list)
    kept_at: float = 0.0  # when a sending set out that was then said to be kept
    count: int = 0  # sendings that were

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._chance = random.Random(self.seed)
        self._over = threading.Event()
        self._said = 0
        self._visitor = arrive(self.port, self.cookie)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(30)

    def _run(self) -> None:
        try:
            page = self._begin()
            while True:
                page = self._turn(page)
                self._over.wait(self._chance.uniform(*_PAUSE))
        except Stopped:
            return
        except Exception as error:  # a thread that dies in silence would prove nothing
            self.complaints.append(f"{self.name} ended: {type(error).__name__}")

    def _turn(self, page: Page) -> Page:
        """Type a little and send it, as the script does or by pressing the button; now and then take another sheet."""
        chance = self._chance.random()
        page.words += "".join(f" {self.name}x{self._next()}" for _ in range(self._chance.randint(1, 3)))
        page.words = page.words.strip(" ")
        if chance < 0.06:
            return self._press(page)
        self._keep(page, twice=chance > 0.9)
        done = len(page.known.kept) >= A_SHEET if self.shared is None else not page.action.startswith(self._box_text())
        return self._begin() if done else page

    def _next(self) -> int:
        self._said += 1
        return self._said

    def _begin(self) -> Page:
        """Open a blank sheet, or the box's text; where two versions stand there, choose both."""
        mine = self._visitor.cookies
        self._visitor = arrive(self.port, self.cookie)
        if self._chance.random() < 0.7:  # else a device that has kept nothing yet
            self._visitor.cookies |= mine
        if self.shared is not None:
            self._settle()
        return self._open(f"{self._box_text()}write/" if self.shared else "/write/")

    def _box_text(self) -> str:
        return f"/box/{self.shared()}/" if self.shared else ""

    def _open(self, path: str) -> Page:
        answer = self._patiently(lambda: self._visitor.ask(path), lambda answer: bool(answer.action))
        name = answer.action.strip("/").split("/")[1]
        kind = "box" if self.shared else "sheet"
        known = self.texts.setdefault(name, Known(kind, name, viewer=self.account, alone=not self.shared))
        return Page.of(known, answer)

    def _settle(self) -> None:
        at = f"{self._box_text()}beside/"
        both = self._patiently(lambda: self._visitor.ask(at), lambda answer: answer.status == 200)
        heads = [value for name, value in both.hidden if name == "head"]
        if len(heads) > 1:
            form = [*both.hidden, *(("choose", head) for head in heads)]
            self._patiently(lambda: self._visitor.ask(at, form), lambda answer: answer.status in {302, 303})

    def _keep(self, page: Page, *, twice: bool) -> None:
        """Send until it is said to be kept, counting up as the script does; ``twice``: each sending two times at once."""

        def send() -> Answer:
            page.stroke += 1
            page.known.sends(page.words, page.tab)
            form, began, answers = page.form(("quiet", "1")), time.monotonic(), []
            threads = [
                threading.Thread(target=lambda: answers.append(self._visitor.ask(page.action, form)))
                for _ in range(1 + twice)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for answer in answers:
                if is_kept(answer):
                    self._was_kept(page, began)
                    page.base = str(max(int(page.base), json.loads(answer.page)["base"]))
            return min(answers, key=lambda answer: not is_kept(answer))

        self._patiently(send, is_kept)

    def _press(self, page: Page) -> Page:
        """Keep by the button, as without script, and open the page anew. An answer that is none holds the words again."""

        def send() -> Answer:
            page.known.sends(page.words, page.tab)
            began = time.monotonic()
            answer = self._visitor.ask(page.action, page.form(("do", "keep")))
            if answer.status in {302, 303}:
                self._was_kept(page, began)
            elif answer.status and answer.words != page.words:
                self.complaints.append(f"an answer {answer.status} to {self.name} did not hold the words")
            return answer

        self._patiently(send, lambda answer: answer.status in {302, 303})
        again = self._open(page.action)
        if not page.known.kept & set(page.words.split()) <= set(again.words.split()) and page.known.alone:
            self.complaints.append(f"{self.name}'s page, opened anew, did not show what was kept")
        return again

    def _was_kept(self, page: Page, began: float) -> None:
        page.known.device = "" if self.account else self._visitor.cookies.get(SHEET_COOKIE, "")
        page.known.was_kept(page.words)
        self.kept_at, self.count = began, self.count + 1

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


def is_kept(answer: Answer) -> bool:
    """Whether a quiet sending was said to be kept."""
    return answer.status == 200 and json.loads(answer.page).get("kept") is True
