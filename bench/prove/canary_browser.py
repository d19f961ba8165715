"""A shared computer (S26): somebody writes and reads in a browser and signs out; another's browser is killed in the middle.

Their profiles lie in the installation's folder and are looked through with everything else.
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, Playwright, sync_playwright

from bench.prove.given import photograph
from bench.prove.kills_hit import kill_browser
from bench.prove.place import Place
from bench.shot import BROWSER_OPTIONS

_KEPT = "[data-line][data-state=kept], [data-line][data-state=device]"
_LATE = 25.0  # seconds: Chromium writes down by itself what is open after some twenty (SECURITY 0.2)
_COPIES = """() => new Promise((resolve) => {
  const opening = indexedDB.open("alongside", 1);
  opening.onsuccess = () => {
    const counting = opening.result.transaction("copies").objectStore("copies").count();
    counting.onsuccess = () => resolve(counting.result);
  };
})"""

_PLAYS = """() => new Promise((resolve) => {
  const voice = document.querySelector("audio");
  voice.onerror = () => resolve(false);
  voice.onloadedmetadata = () => { voice.currentTime = voice.duration / 2; voice.play().catch(() => {}); };
  voice.ontimeupdate = () => { if (voice.currentTime > voice.duration * 0.6) resolve(true); };
  voice.preload = "auto";
  voice.load();
})"""


KINDS = ("signed out", "killed")


@dataclass(frozen=True)
class LookedAt:
    """A box, photos and recordings in it by their ids, and words that name photos which are chosen to go in."""

    box: str
    photos: Sequence[str]
    voices: Sequence[str]
    names: Sequence[str]


def shared_computer(
    place: Place, sessions: Sequence[Mapping[str, str]], at: LookedAt, words: Mapping[str, str]
) -> set[str]:
    """Let what ``words`` has for each kind be written; return the words that stood on their pages."""
    folders = {name: place.folder / f"profile-{name.replace(' ', '-')}" for name in words}
    shown = set()
    with sync_playwright() as playwright:
        for name, doing, cookies in zip(KINDS, (_signs_out, _is_killed), sessions, strict=True):
            context = _start(playwright, folders[name])
            context.add_cookies(
                [{"name": key, "value": value, "url": "https://localhost/"} for key, value in cookies.items()]
            )
            if doing(context, f"http://localhost:{place.port}", at, words[name]):
                shown |= set(words[name].split())
            if name == "killed":
                kill_browser(folders[name])
                time.sleep(0.5)
            with suppress(Error):
                context.close()
    for folder in folders.values():
        if not any("localhost" in _text(path) for path in folder.rglob("*") if path.is_file()):
            raise RuntimeError("the browser wrote nothing down at all")
    return shown


def _start(playwright: Playwright, folder: Path) -> BrowserContext:
    return playwright.chromium.launch_persistent_context(
        folder,
        executable_path=os.environ.get("ALONGSIDE_CHROMIUM") or shutil.which("chromium"),
        args=BROWSER_OPTIONS,
        extra_http_headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.7.7.7"},
    )


def _signs_out(context: BrowserContext, address: str, at: LookedAt, word: str) -> bool:
    """Write on a sheet, read it again and the box too, see and hear what is in it, look for the word, and sign out."""
    page = context.new_page()
    _write(page, address, word)
    sheet = page.url
    _looks_and_hears(page, address, at)
    for path in (f"/box/?box={at.box}", "/you/words/", "/write/sheets/"):
        page.goto(address + path)
    there = word in page.content()
    page.goto(f"{address}/find/")
    page.locator("[name=sentence]").first.fill(f"our son died at 20 weeks, {word}")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    page.goto(sheet)
    page.goto(f"{address}/you/")
    token = page.locator('form[action="/sign-out/"] [name=csrfmiddlewaretoken]').input_value()
    # From beside the page: its Origin is https only over TLS, which the proxy in front would speak.
    as_over_tls = {"Origin": address.replace("http:", "https:"), "Sec-Fetch-Site": "same-origin"}
    said: dict[str, str | float | bool] = {"csrfmiddlewaretoken": token}
    answer = context.request.post(f"{address}/sign-out/", form=said, headers=as_over_tls, max_redirects=0)
    if answer.status != 302:
        raise RuntimeError(f"signing out ended with {answer.status}")
    page.goto(sheet)
    return there and word not in page.content()


def _is_killed(context: BrowserContext, address: str, at: LookedAt, word: str) -> bool:
    """Write with and without a network until the browser has written down what is open, a photo and a voice among it."""
    _looks_and_hears(context.new_page(), address, at)
    page = context.new_page()
    page.goto(f"{address}/box/?box={at.box}")
    _write(page, address, word)
    context.set_offline(True)
    page.keyboard.type(f" And then {word}, offline.", delay=5)
    page.wait_for_timeout(_LATE * 1000)
    return bool(page.evaluate(_COPIES) == 1)


def _looks_and_hears(page: Page, address: str, at: LookedAt) -> None:
    """Choose a photo to go in, play a recording from its middle, and unfold a photo, also the large one; stay there."""
    for name in at.names:
        page.goto(f"{address}/box/photos/?box={at.box}")
        photo = {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": photograph(random.Random(name), words=name)}
        page.locator("#choose").set_input_files(photo)  # type: ignore[arg-type]
        page.locator("[data-list] [data-state=kept]").wait_for()
    for voice in at.voices:
        page.goto(f"{address}/box/{voice}/")
        page.locator("h1").click()  # what plays was asked for
        if not page.evaluate(_PLAYS):
            raise RuntimeError("the recording is not heard")
    for photo_id in at.photos:
        page.goto(f"{address}/box/{photo_id}/")
        page.locator(".fold .slip a").first.click()
        page.wait_for_function("() => document.querySelector('img.print')?.naturalWidth > 0")
        large = page.locator(".kept-photo .links a").last.get_attribute("href")
        page.goto(f"{address}{large}")
        page.go_back()
        page.wait_for_function("() => document.querySelector('img.print, .fold')")


def _write(page: Page, address: str, word: str) -> None:
    page.goto(f"{address}/write/")
    page.locator("#text").click()
    page.keyboard.type(f"Dear {word}.", delay=5)
    page.locator(_KEPT).wait_for()
    until = time.monotonic() + _LATE
    while word not in page.context.request.get(page.url).text() and time.monotonic() < until:
        page.wait_for_timeout(100)  # what is kept first may be half of it


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("latin-1")
    except OSError:
        return ""
