"""A browser that is killed loses no words, and its profile shows none (D1, S26, S32)."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from bench.prove.scan import Needle, files_below, scan
from bench.shot import BROWSER_OPTIONS
from tests.journeys.visitor import PHONE, Demo, Visitor
from tests.journeys.writing import (
    COPIES,
    KEPT,
    MARA,
    Session,
    begin,
    comes_to_hold,
    copies,
    line,
    on_the_server,
    paper,
    write,
)

WORD = "quillwortmarrow"


@pytest.fixture
def device(browser: Browser, demo: Demo, tmp_path: Path) -> Iterator[Callable[[], Visitor]]:
    """A device of somebody's own, which remembers: each call starts its browser, after the one before was killed."""
    profile = tmp_path / "profile"
    chromium = os.environ.get("ALONGSIDE_CHROMIUM") or shutil.which("chromium")
    started: list[BrowserContext] = []

    def start() -> Visitor:
        kill(profile)
        context = browser.browser_type.launch_persistent_context(
            profile, executable_path=chromium, args=BROWSER_OPTIONS, viewport={"width": PHONE[0], "height": PHONE[1]}
        )
        context.set_default_timeout(20_000)
        started.append(context)
        return Visitor(demo, context)

    yield start
    kill(profile)


def kill(profile: Path) -> None:
    """End a browser as a power cut does, by the folder that it alone has open."""
    ours = f"--user-data-dir={profile}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if ours in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue
    time.sleep(0.5)


@pytest.mark.parametrize("signed_in", [False, True], ids=["guest", "signed in"])
def test_d1_s26_a_killed_browser_loses_nothing_and_tells_nothing(
    device: Callable[[], Visitor], tmp_path: Path, own_session: Session, signed_in: bool
) -> None:
    visitor = device()
    if signed_in:
        visitor.context.add_cookies([own_session(MARA) | {"expires": time.time() + 3600}])  # type: ignore[list-item]
    begin(visitor)
    address = visitor.page.url
    visitor.context.set_offline(True)
    write(visitor, f" Then {WORD}.")
    # Chromium writes its session file by itself after some twenty seconds (SECURITY 0.2), and its cookies every thirty.
    visitor.page.wait_for_timeout(35_000)
    assert copies(visitor) == 1
    kill(tmp_path / "profile")
    host = Needle("host", urlsplit(address).netloc.encode())
    found = scan(files_below(tmp_path / "profile"), [Needle("word", WORD.encode()), host])
    assert any(hit.needle == host for hit in found), "the profile was not written at all"
    assert [str(hit) for hit in found if hit.needle != host] == []
    again = device()
    again.page.goto(address)
    expect(paper(again)).to_have_value(f"First words. Then {WORD}.")
    expect(line(again)).to_have_text(KEPT)
    assert WORD in on_the_server(again)


def test_d1_words_left_on_a_device_never_overwrite(device: Callable[[], Visitor], tmp_path: Path) -> None:
    visitor = begin(device())
    address = visitor.page.url
    visitor.context.set_offline(True)
    write(visitor, " Left behind.")
    visitor.page.wait_for_timeout(1500)
    cookies = visitor.context.cookies()
    kill(tmp_path / "profile")
    other = device()
    # Chromium writes its cookies every thirty seconds; this device had done so.
    other.context.add_cookies(cookies)  # type: ignore[arg-type]
    # Another page of the same device goes on meanwhile; without this page's script, as an old browser would.
    other.page.route("**/writing.*.js", lambda route: route.abort())
    other.page.goto(address)
    write(other, " Said since.")
    other.press("Keep it")
    other.page.unroute("**/writing.*.js")
    other.page.goto(address)
    expect(paper(other)).to_have_value("First words. Said since.")
    expect(other.page.get_by_text("Words from this device that were not kept yet")).to_be_visible()
    other.press("Put them here")
    expect(paper(other)).to_have_value("First words. Said since.\n\nFirst words. Left behind.")
    assert comes_to_hold(other, "First words. Left behind.")
    other.page.wait_for_function(f"async () => await ({COPIES})() === 0")
