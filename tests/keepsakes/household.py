"""A box with people around it, each with a browser that checks forms' tokens as the real thing does."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.urls import reverse

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.models import Relative
from alongside.keepsakes.models import KeepsakeBox, Memory
from alongside.keepsakes.said import Said
from tests.cast import NOW, Cast, join
from tests.home.browser import Browser

TAB = "tab-of-twenty-two-char"
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Person(Browser):
    """Somebody at a browser."""

    def __init__(self, account: Account | None = None) -> None:
        super().__init__(account)
        self.account = account

    def sees(self, path: str) -> str:
        """Return the page at ``path``, which is there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers.get("Location"))
        return str(answer.content.decode())

    def does(self, path: str, said: dict[str, Any] | None = None, *, page: str = "") -> Any:
        """Send a form with the token of ``page`` (default: the page it is sent to)."""
        token = _TOKEN.search(self.sees(page or path))
        assert token is not None
        sent = {**(said or {}), "csrfmiddlewaretoken": token[1]}
        return self.post(path, sent, headers={"Referer": "https://testserver/"})

    def writes(self, item: uuid.UUID, text: str, **more: Any) -> Any:
        """Send a paper as the script does, or with ``quiet=""`` as a browser without one; no token."""
        sent = {"text": text, "base": 0, "tab": TAB, "quiet": "1", "signed_in": "1"} | more
        return self.post(at("write", item), sent, headers={"Sec-Fetch-Site": "same-origin"})


class Household:
    """Mara and Tobias, who hold the box; Ilse, who may look; Ruth, a stranger; Dami, a host; and a guest."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.box: KeepsakeBox = cast.box
        ilse = join("Ilse")
        self.place: Relative = cast.box.family.accept_relative(ilse, NOW)
        self.mara, self.tobias, self.ilse = Person(cast.mara), Person(cast.tobias), Person(ilse)
        self.ruth, self.dami, self.guest = Person(cast.ruth), Person(cast.dami), Person()

    @property
    def outsiders(self) -> tuple[Person, ...]:
        """Everybody to whom nothing of the box exists, though they are signed in."""
        return self.ruth, self.dami

    def keeps(
        self,
        by: Person,
        text: str = "",
        *,
        kind: str = "text",
        show: bool = False,
        pk: uuid.UUID | None = None,
        **said: str,
    ) -> Memory:
        """Let somebody put something in, by the verbs."""
        assert by.account is not None
        with acting_for(by.account.pk):
            memory = Memory.put(by.account, self.box, kind, now=NOW, said=Said(text=text, **said), pk=pk)
            if show:
                memory.show_to(by.account, [self.place.pk])
            return memory

    def says(self, memory: Memory) -> Said:
        """Return what a keepsake says now."""
        with acting_for(self.cast.mara.pk):
            return Memory.objects.get(pk=memory.pk).now_says()

    @property
    def at_box(self) -> str:
        """The box's address."""
        return f"{reverse('keepsakes:box')}?box={ids.show(self.box.pk)}"


def at(name: str, item: uuid.UUID) -> str:
    """Return the address of one of a keepsake's pages."""
    return reverse(f"keepsakes:{name}", args=[item])
