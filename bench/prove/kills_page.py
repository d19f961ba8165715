"""Pages as somebody's browser fetches and posts them, without a browser: patient, with cookies, never saying what went wrong."""

from __future__ import annotations

import html
import http.client
import json
import re
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

_INPUT = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_WORDS = re.compile(r'<textarea id="text"[^>]*>\r?\n?(.*?)</textarea>', re.DOTALL)
_ACTION = re.compile(r'<form id="paper"[^>]* action="([^"]+)"')
Form = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where nothing did."""

    status: int
    content: bytes = b""
    where: str = ""  # to where it redirects

    @property
    def page(self) -> str:
        """The content as text."""
        return self.content.decode(errors="replace")

    @property
    def told(self) -> dict[str, Any]:
        """What a script is told; nothing where it is no JSON."""
        try:
            told = json.loads(self.content)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The hidden fields of the page's forms."""
        return [(name, html.unescape(value)) for name, value in _INPUT.findall(self.page)]

    @property
    def words(self) -> str:
        """What stands on the paper."""
        found = _WORDS.search(self.page)
        return html.unescape(found[1]).replace("\r\n", "\n") if found else ""

    @property
    def action(self) -> str:
        """Where the paper's form posts to."""
        found = _ACTION.search(self.page)
        return html.unescape(found[1]) if found else ""


@dataclass
class Visitor:
    """Somebody's cookies, and the network address they come from. Requests may be sent from several threads."""

    port: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, form: Form | None = None, *, patience: float = 30.0) -> Answer:
        """Send one request as a page of this place would; nothing is retried and no redirect followed."""
        body = None if form is None else urllib.parse.urlencode(form).encode()
        return self._ask(path, body, "application/x-www-form-urlencoded", patience)

    def send(self, path: str, body: bytes, kind: str = "application/octet-stream") -> Answer:
        """Send bytes as a page's script would."""
        return self._ask(path, body, kind, 30.0)

    def _ask(self, path: str, body: bytes | None, kind: str, patience: float) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        try:
            connection.request(
                "GET" if body is None else "POST", path, body, self._headers("" if body is None else kind)
            )
            answer = connection.getresponse()
            content = answer.read()
        except (http.client.HTTPException, OSError):
            return Answer(0)
        finally:
            connection.close()
        for value in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(value).items()}
        return Answer(answer.status, content, answer.headers.get("Location", ""))

    def _headers(self, kind: str) -> dict[str, str]:
        said = {
            "Host": "localhost",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": self.address,
            "Accept-Language": "en",
            "Referer": "https://localhost/write/",
            "Sec-Fetch-Site": "same-origin",
        }
        if self.cookies:
            said["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if kind:
            said["Content-Type"] = kind
        return said
