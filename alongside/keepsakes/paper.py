"""What the editor's page is made of, and what it sends: of a sheet and of a keepsake alike (parts/paper.html)."""

from __future__ import annotations

import base64
import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alongside.keepsakes.said import LONGEST, LONGEST_LINE, Said, TooLong
from alongside.keepsakes.writing import Text
from alongside.vault.digest import keyed_digest

_TAB = re.compile(r"[A-Za-z0-9_-]{22}")
LABEL = _("Start anywhere. Stop anywhere.")
LINES = ("title", "shows", "day")


def new_tab() -> str:
    """Return a name for one page of the editor: 128 random bits, 22 characters."""
    return secrets.token_urlsafe(16)


def local_key(text: uuid.UUID, vault_of_writer: uuid.UUID) -> str:
    """Return the key of the copy on this device, the same each time for this text and this writer's vault."""
    return as_base64(keyed_digest(vault_of_writer, b"copy on a device|" + text.bytes))


def writer_mark(account: uuid.UUID, text: uuid.UUID) -> str:
    """Return what a page says of who it was made for; only the server makes it, and it names nobody."""
    return as_base64(salted_hmac("alongside.writing", account.bytes + text.bytes, algorithm="sha256").digest())


def as_base64(key: bytes) -> str:
    """Return 32 bytes as 43 base64url characters."""
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode("ascii")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page of the editor sent. Nothing in it is trusted but the words."""

    text: str
    lines: Mapping[str, str]
    base: int
    tab: str
    stroke: int | None
    presses_keep: bool
    is_quiet: bool
    was_signed_in: bool
    writer: str = ""

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what is missing or strange counts as nothing."""
        tab = form.get("tab", "")
        return cls(
            text=form.get("text", "").replace("\r\n", "\n").replace("\0", ""),
            lines={name: form[name].replace("\0", "") for name in LINES if name in form},
            base=_number(form.get("base", "")) or 0,
            tab=tab if _TAB.fullmatch(tab) else new_tab(),
            # 0 stands on every page that the server made: a browser without a script says nothing of before and after.
            stroke=_number(form.get("stroke", "")) or None,
            presses_keep=form.get("do") == "keep",
            is_quiet=form.get("quiet") == "1",
            was_signed_in=form.get("signed_in") == "1",
            writer=form.get("writer", "")[:43],
        )

    def said(self) -> Said:
        """Return the words; raise TooLong."""
        return Said(text=self.text, **self.lines)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@dataclass(frozen=True, slots=True)
class Paper:
    """The context of parts/paper.html, whose first comment says what each value is."""

    action: str
    name: str
    text: str = ""
    title: str = ""
    shows: str = ""
    day: str = ""
    base: int = 0
    tab: str = ""
    label: str = ""
    local_key: str = ""
    device: bool = False
    signed_in: bool = False
    writer: str = ""
    kept: bool = False
    let_go: str = ""
    beside: str = ""
    sign_in: str = ""
    errors: tuple[str, ...] = ()

    @classmethod
    def blank(cls, action: str, name: str) -> Self:
        """Return paper with nothing on it."""
        return cls(action=action, name=name, tab=new_tab(), label=str(LABEL))

    def with_text(self, text: Text) -> Self:
        """Return this paper with what stands in ``text`` now."""
        heads = text.heads()
        if not heads:
            return self
        newest = max(heads, key=lambda head: head.number)
        said = newest.said
        return replace(
            self, text=said.text, title=said.title, shows=said.shows, day=said.day, base=newest.number, kept=True
        )

    def with_sent(self, sent: Sent, *errors: str) -> Self:
        """Return this paper with what was sent on it, word for word, and what is needed."""
        return replace(
            self,
            text=sent.text,
            base=sent.base,
            tab=sent.tab,
            errors=errors,
            kept=False,
            signed_in=sent.was_signed_in,
            writer=sent.writer,
            **sent.lines,  # type: ignore[arg-type]
        )


def too_long(problem: TooLong) -> str:
    """Return what is said when a text is longer than can be kept."""
    if problem.field == "text":
        return gettext(
            "This is more than one sheet holds (%(most)s characters). Nothing is lost: it is all on this page. "
            "Part of it can go on a second sheet."
        ) % {"most": f"{LONGEST:,}"}
    return gettext(
        "One of the short lines is longer than it can be (%(most)s characters). Nothing is lost: it is all on this page."
    ) % {"most": LONGEST_LINE}


def not_agreed() -> str:
    """Return what is said to somebody who has taken back, or never gave, her yes to keeping what she writes (H5)."""
    return gettext(
        "To keep words with your place here we need your yes to it, which is not there now. Yours are on this page."
    )


def nothing_written() -> str:
    return gettext("There’s nothing on the sheet yet. Even one word is enough")


def at_fault(status: int) -> str:
    """Return what is said beside her words when the answer would have been an error page."""
    if status == 429:
        return gettext("We’re going slowly with this address. Your words are on this page; press Keep it in a minute.")
    if status == 403:
        return gettext("This came from somewhere else. Your words are on this page; press Keep it to keep them.")
    return gettext("This is our fault, and your words are on this page. Leave it open and press Keep it again.")
