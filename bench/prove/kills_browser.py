"""Somebody who types in a real browser, with and without an account, while it is killed now and then and started again."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, Playwright, sync_playwright

from bench.prove.kills_hit import kill_browser
from bench.prove.place import Place
from bench.shot import BROWSER_OPTIONS

MAY_BE_LOST = 2.0
"""Seconds of typing before a kill that need not come back (S32)."""
A_SHEET = 3
"""Kills after which a profile begins another sheet."""
_TYPING = (0.3, 5.0)  # seconds of typing before a kill
_PATIENCE = 60.0  # seconds for a page to come, while the server is killed too
_KEYS = 25.0  # milliseconds between two of them
_STANDS = """() => [document.getElementById("text").value,
  ...[...document.querySelectorAll("[data-offers] [data-words]")].map((one) => one.textContent)]"""
_ANSWERED = "[data-line][data-state=kept], [data-line][data-state=device]"


@dataclass
class Sheet:
    """What was typed on a sheet, and when each word of it was there whole; the last one perhaps only in part."""

    address: str = ""
    words: str = ""
    times: list[tuple[int, float]] = field(default_factory=list)

    def typed_by(self, moment: float) -> str:
        return self.words[: max((length for length, at in self.times if at <= moment), default=0)]

    def lost_of(self, back: str, killed: float) -> float:
        """Return how many seconds of typing are not there any more."""
        first_lost = next((at for length, at in self.times if length > len(back)), killed)
        return max(0.0, killed - first_lost)


@dataclass
class Profile:
    """A device of somebody's own; ``session`` is the cookie of an account, or ""."""

    folder: Path
    session: str


class Device:
    """Types, is killed ``kills`` times, by itself in a thread. ``found`` says for each kill what was wrong with it."""

    def __init__(self, place: Place, session: str, seed: str, kills: int) -> None:
        self.found: list[list[str]] = []
        self.lost: list[float] = []
        self._place, self._kills, self._chance = place, kills, random.Random(seed)
        self._profiles = [
            Profile(place.folder / "browser-guest", ""),
            Profile(place.folder / "browser-account", session),
        ]
        self._said = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def finish(self) -> None:
        """Wait until every kill is done."""
        self._thread.join()

    def end(self) -> None:
        self._over.set()
        self._thread.join(120)
        for profile in self._profiles:
            kill_browser(profile.folder)

    def _run(self) -> None:
        if not self._kills:
            return
        with sync_playwright() as playwright:
            for profile in self._profiles[: self._kills]:
                self._prepare(playwright, profile)
            while len(self.found) < self._kills and not self._over.is_set():
                for profile in self._profiles:
                    self._sheet(playwright, profile)

    def _prepare(self, playwright: Playwright, profile: Profile) -> None:
        """Begin to use the device, and close its browser as one does: Chromium writes cookies half a minute late."""
        context = self._start(playwright, profile)
        if profile.session:
            name, _, value = profile.session.partition("=")
            expires = time.time() + 3600
            context.add_cookies([{"name": name, "value": value, "url": "https://localhost/", "expires": expires}])
        sheet = Sheet()
        self._begin(self._open(context, sheet), sheet)
        context.close()

    def _sheet(self, playwright: Playwright, profile: Profile) -> None:
        """Write on one sheet, through several kills."""
        sheet, before = Sheet(), len(self.found)
        try:
            context = self._start(playwright, profile)
            page = self._open(context, sheet)
            self._begin(page, sheet)
            while len(self.found) < min(self._kills, before + A_SHEET) and not self._over.is_set():
                killed = self._type_until_killed(page, sheet, profile)
                context = self._start(playwright, profile)
                page = self._open(context, sheet)
                self.found.append(self._come_back(page, sheet, killed))
            context.close()
        except Exception as error:  # whatever it is, this kill did not end well
            self.found.append([f"the browser did not come back: {type(error).__name__}"])
        kill_browser(profile.folder)

    def _type_until_killed(self, page: Page, sheet: Sheet, profile: Profile) -> float:
        """Type until the browser is killed at some moment; return when that was."""
        killed: list[float] = []

        def kill() -> None:
            killed.append(time.monotonic())
            kill_browser(profile.folder)

        timer = threading.Timer(self._chance.uniform(*_TYPING), kill)
        timer.start()
        with suppress(Error):
            while not killed:
                self._type(page, sheet)
        timer.join()
        time.sleep(0.5)  # until the last of its processes has let go of the folder
        return killed[0]

    def _start(self, playwright: Playwright, profile: Profile) -> BrowserContext:
        context = playwright.chromium.launch_persistent_context(
            profile.folder,
            executable_path=os.environ.get("ALONGSIDE_CHROMIUM") or shutil.which("chromium"),
            args=BROWSER_OPTIONS,
            # As the proxy in front would say it.
            extra_http_headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": f"10.9.9.{len(self.found) % 250}"},
        )
        context.set_default_timeout(_PATIENCE * 1000)
        return context

    def _open(self, context: BrowserContext, sheet: Sheet) -> Page:
        """Open the sheet, as often as it takes for the server to be there."""
        page = context.new_page()
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                answer = page.goto(sheet.address or f"http://localhost:{self._place.port}/write/")
                if answer is not None and answer.status == 200:
                    page.locator("#text").click()
                    page.keyboard.press("Control+End")
                    return page
            except Error:
                if time.monotonic() > until:
                    raise
            time.sleep(0.2)

    def _begin(self, page: Page, sheet: Sheet) -> None:
        """Type the first words and wait until they have an address that one can come back to."""
        self._type(page, sheet)
        page.locator(_ANSWERED).wait_for()
        sheet.address = page.url

    def _type(self, page: Page, sheet: Sheet) -> None:
        self._said += 1
        word = f"typed{self._said} "
        sheet.words += word
        page.keyboard.type(word, delay=_KEYS)
        sheet.times.append((len(sheet.words), time.monotonic()))

    def _come_back(self, page: Page, sheet: Sheet, killed: float) -> list[str]:
        """Return what is wrong with what stands on the page again; go on from there."""
        must = sheet.typed_by(killed - MAY_BE_LOST).rstrip()
        until = time.monotonic() + _PATIENCE / 2
        while True:
            back = max((each for each in page.evaluate(_STANDS) if sheet.words.startswith(each)), default="", key=len)
            if len(back.rstrip()) >= len(must) or time.monotonic() > until:
                break
            page.wait_for_timeout(100)
        page.locator(_ANSWERED).wait_for()
        found = []
        lost = sheet.lost_of(back, killed)
        self.lost.append(lost)
        if len(back.rstrip()) < len(must):
            found.append(f"{lost:.1f} s of typing lost")
        elif page.locator("#text").input_value().rstrip() != back.rstrip():
            found.append("the page shows something else than what was typed")
        sheet.words = back
        sheet.times = [(length, at) for length, at in sheet.times if length <= len(back)]
        return found
