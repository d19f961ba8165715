"""Somebody who writes, and how one knows what is kept."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.journeys.visitor import Visitor

Arrive = Callable[..., Visitor]
Session = Callable[[str], dict[str, str]]
MARA = "mara@example.org"
KEPT = re.compile(r"Kept (for this device )?at \d{1,2}:\d\d\. Closing the page won’t lose it\.")
OFFLINE = "You’re not connected. Your words are on this page and will be kept when you are; leave it open."
ON_THE_SERVER = re.compile(r"/write/[^/]+/$")


def paper(visitor: Visitor) -> Locator:
    """What one writes on."""
    return visitor.page.get_by_label("Start anywhere. Stop anywhere.")


def line(visitor: Visitor) -> Locator:
    """The one line that says whether it is kept."""
    return visitor.page.locator("[data-line]")


def write(visitor: Visitor, words: str) -> None:
    paper(visitor).press("Control+End")
    paper(visitor).press_sequentially(words, delay=5)


def begin(visitor: Visitor, words: str = "First words.") -> Visitor:
    """Begin a sheet; its first words are on the server."""
    visitor.go("/write/")
    write(visitor, words)
    expect(line(visitor)).to_have_text(KEPT)
    return visitor


def on_the_server(visitor: Visitor) -> str:
    """The page that holds the words, as the server gives it: no script has put anything into it."""
    return visitor.context.request.get(visitor.page.url).text()


def comes_to_hold(visitor: Visitor, words: str, patience: float = 8) -> bool:
    until = time.monotonic() + patience
    while words not in on_the_server(visitor):
        if time.monotonic() > until:
            return False
        visitor.page.wait_for_timeout(100)
    return True


def copies(visitor: Visitor) -> int:
    """How many copies this device holds."""
    number: int = visitor.page.evaluate(COPIES)
    return number


COPIES = """async () => {
  if (!(await indexedDB.databases()).some(({ name }) => name === "alongside")) return 0;
  const done = (request) => new Promise((resolve) => { request.onsuccess = () => resolve(request.result); });
  const shelf = await done(indexedDB.open("alongside", 1));
  return done(shelf.transaction("copies").objectStore("copies").count());
}"""
