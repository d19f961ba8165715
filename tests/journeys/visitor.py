"""A person with a device, and all that the device asked for and complained of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request

PHONE = (390, 844)
DESKTOP = (1280, 900)
ANSEL = "He was born still at 24 weeks, found at a scan. My husband did not want the photographs kept, and I did"
"""A sentence whose nearest stories have Ansel's among them."""


@dataclass(frozen=True)
class Demo:
    """A demonstration under way: its address, where leaving leads, and its data folder."""

    address: str
    exit_url: str
    data: Path


class Visitor:
    """One browser context with one page."""

    def __init__(self, demo: Demo, context: BrowserContext) -> None:
        self.demo = demo
        self.context = context
        self.requests: list[Request] = []
        self.complaints: list[str] = []
        context.on("request", lambda request: self.requests.append(request))
        context.on("console", self._listen)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = context.new_page()

    def _listen(self, message: ConsoleMessage) -> None:
        # A kind page with status 404 or 422 is not a complaint; what the policy refused is, and so is a script's error.
        if message.type in {"error", "warning"} and "the server responded with a status of" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> Visitor:
        """Open a page of this place."""
        self.page.goto(self.demo.address + path)
        return self

    def resize(self, size: tuple[int, int]) -> Visitor:
        """Give the window another width and height, in CSS pixels."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        return self

    def says(self, sentence: str) -> Visitor:
        """Write in the sentence box and find people."""
        self.page.get_by_label("What happened, in a few words?").fill(sentence)
        self.press("Find people")
        return self

    def press(self, name: str, *, inside: Locator | None = None) -> Visitor:
        """Press the first button of this name."""
        (inside or self.page).get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        return self

    def follow(self, name: str, *, inside: Locator | None = None) -> Visitor:
        """Follow the first link of this name."""
        (inside or self.page).get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()
        return self

    @property
    def heading(self) -> str:
        """The page's first heading."""
        return self.page.locator("h1").first.inner_text().strip()

    @property
    def path(self) -> str:
        """Where the visitor is, without the host."""
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def asked_for(self, part: str) -> list[str]:
        """The addresses asked for so far that hold ``part``."""
        return [request.url for request in self.requests if part in request.url]

    def strange_requests(self) -> list[str]:
        """Requests to any other place than this one and the page that leaving leads to."""
        ours = {urlsplit(self.demo.address).netloc, urlsplit(self.demo.exit_url).netloc}
        return [
            request.url
            for request in self.requests
            if (parts := urlsplit(request.url)).scheme not in {"data", "about"} and parts.netloc not in ours
        ]

    def fits(self) -> list[str]:
        """What reaches beyond the window's sides; empty when nothing scrolls sideways."""
        found: list[str] = self.page.evaluate(_BEYOND)
        return found


_BEYOND = """() => {
  const wide = document.documentElement.clientWidth, beyond = [];
  if (document.documentElement.scrollWidth > wide) beyond.push(`the page: ${document.documentElement.scrollWidth}`);
  for (const one of document.body.querySelectorAll("*")) {
    if (one.closest(".unseen, .skip, [aria-hidden], details:not([open]) > :not(summary)")) continue;
    const box = one.getBoundingClientRect();
    if (box.width && (box.right > wide + 1 || box.left < -1)) beyond.push(`${one.tagName}.${one.className}: ${box.left}–${box.right}`);
  }
  return beyond;
}"""
