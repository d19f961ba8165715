"""A browser that writes on one sheet."""

from __future__ import annotations

import json
from typing import Any

from django.urls import reverse

from alongside import ids
from alongside.accounts.models import Account
from tests.home.browser import Browser

TEXT = "It is ten past three. Your dad is asleep, or pretending."


class Writer(Browser):
    """A browser that writes on one sheet."""

    def __init__(self, account: Account | None = None) -> None:
        super().__init__(account)
        self.sheet = ids.new_id()
        self.tab = "tab-of-twenty-two-char"
        self.base = 0

    @property
    def at(self) -> str:
        return reverse("sheets:sheet", args=[self.sheet])

    def keeps(self, text: str, **more: Any) -> Any:
        """Send the page as the script does, or with ``quiet=""`` as a browser without one."""
        sent = {"text": text, "base": self.base, "tab": self.tab, "quiet": "1"} | more
        answer = self.post(self.at, sent, headers={"Sec-Fetch-Site": "same-origin"})
        if answer.headers["Content-Type"] == "application/json":
            self.base = json.loads(answer.content)["base"]
        return answer
