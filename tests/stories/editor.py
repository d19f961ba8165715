"""Somebody at a chapter's editor without a script: the form as its page holds it, filled in, and sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from alongside import ids
from alongside.accounts.models import Account
from alongside.stories.models import Chapter
from tests.home.browser import Browser


class _Fields(HTMLParser):
    """The successful controls of a page's paper, as a browser sends them."""

    def __init__(self, form_id: str = "paper") -> None:
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.fields: list[tuple[str, str]] = []
        self.area: str | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, given: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in given}
        if tag == "form":
            self.inside = said.get("id", "") == self.form_id or (not self.form_id and said.get("method") == "post")
        if not self.inside:
            return
        kind = said.get("type", "text")
        if tag == "input" and "disabled" not in said and said.get("name"):
            if kind in {"checkbox", "radio"} and "checked" not in said:
                return
            self.fields.append((said["name"], said.get("value", "on" if kind in {"checkbox", "radio"} else "")))
        elif tag == "textarea":
            self.area = said["name"]
            self.fields.append((self.area, ""))
        elif tag == "select":
            self.select = said["name"]
        elif tag == "option" and self.select and ("selected" in said or self.select not in dict(self.fields)):
            self.fields = [one for one in self.fields if one[0] != self.select]
            self.fields.append((self.select, said.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self.area:
            name, value = self.fields[-1]
            self.fields[-1] = (name, value + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area:
            name, value = self.fields[-1]
            self.fields[-1] = (name, value.removeprefix("\n").replace("\n", "\r\n"))
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.inside = False


def fields(page: str, form_id: str = "paper") -> dict[str, Any]:
    """Return what a browser would send of this page: a value, or a list where a name stands more than once."""
    parser = _Fields(form_id)
    parser.feed(page)
    found: dict[str, Any] = {}
    for name, value in parser.fields:
        before = found.get(name)
        found[name] = value if before is None else [*(before if isinstance(before, list) else [before]), value]
    return found


@dataclass
class Desk:
    """One page of the editor in one browser."""

    account: Account
    chapter: Chapter
    browser: Browser = field(init=False)
    form: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(self.account, checks_tokens=False)
        self.open()

    @property
    def url(self) -> str:
        return f"/box/story/{ids.show(self.chapter.story_id)}/write/{ids.show(self.chapter.pk)}/"

    def page(self, more: str = "") -> str:
        answer = self.browser.get(self.url + more)
        assert answer.status_code == 200, answer.status_code
        said: str = answer.content.decode()
        return said

    def open(self) -> None:
        """Open its page, with what stands on it."""
        self.form = fields(self.page())

    def send(self, do: str = "keep", **typed: Any) -> Any:
        """Type, and press a button."""
        self.form |= typed
        return self.browser.post(self.url, self.form | {"do": do})

    def quietly(self, stroke: int, **typed: Any) -> Any:
        """Type, and let the script keep it."""
        self.form |= typed
        answer = self.browser.post(self.url, self.form | {"quiet": "1", "stroke": str(stroke)})
        if answer.status_code == 200:
            self.form["base"] = str(answer.json()["base"])
        return answer
