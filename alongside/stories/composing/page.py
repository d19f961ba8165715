"""The editor of a chapter as its page shows it: the paper, text and things in turn, and what a page says of itself."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from alongside import ids
from alongside.accounts.choices import ASK, OPEN
from alongside.accounts.models import Account
from alongside.keepsakes.files.showing import Looking
from alongside.keepsakes.paper import Paper, Sent, local_key, not_agreed, writer_mark
from alongside.keepsakes.said import TooLong
from alongside.media.addresses import good_for
from alongside.stories.composing.drafts import From
from alongside.stories.composing.typed import Typed
from alongside.stories.models import Story, StoryPhoto
from alongside.stories.words import LONGEST, Beat


class SignedOut(Exception):
    """Nobody is signed in any more, or somebody else than the one for whom the page was made."""


class NotHere(Exception):
    """There is nothing here that they may write in."""


class NotAgreed(Exception):
    """The account has not said yes to keeping what it writes, or has taken that back (H5)."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page sent besides what is typed; nothing in it is trusted. ``do`` and ``key``: which button, of which thing."""

    grown: From
    is_quiet: bool
    writer: str
    do: str
    key: str

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Read a form; what is missing or strange counts as nothing."""
        sent = Sent.of(form)
        began = form.get("began", "")
        do, _, key = form.get("do", "").partition(":")
        number = int(began) if began.isascii() and began.isdigit() and len(began) < 10 else 0
        return cls(From(sent.base, number, sent.tab, sent.stroke), sent.is_quiet, sent.writer, do, key)


@dataclass(frozen=True, slots=True)
class Picture:
    """A photograph on its editor's page: folded (``src`` is "") or unfolded."""

    src: str
    width: int
    height: int
    may_unfold: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A thing, or none before the first text, and the text after it; ``name`` is of the text's field."""

    name: str
    text: str
    thing: Beat | None = None
    picture: Picture | None = None
    is_last: bool = False

    @property
    def template(self) -> str:
        """The template of a thing, by its kind."""
        return f"composing/{self.thing.kind}.html" if self.thing else ""


def paper_of(story: uuid.UUID, chapter: uuid.UUID, account: Account | None) -> Paper:
    """Return the paper of a chapter, with nothing on it yet."""
    address = reverse("composing:write", args=[story, chapter])
    return replace(
        Paper.blank(address, f"chapter:{ids.show(chapter)}"),
        local_key=local_key(chapter, account.vault) if account else "",
        signed_in=True,
        writer=writer_mark(account.pk, chapter) if account else "",
        beside=reverse("composing:beside", args=[story, chapter]),
        sign_in=f"{reverse('account_login')}?{urlencode({'next': address})}",
    )


def parts_of(typed: Typed, story: Story | None = None, looking: Looking | None = None) -> list[Part]:
    """Return text and things in turn; photographs as they are being looked at. Without a story nothing is asked."""
    rows = {ids.show(row.pk): row for row in story.photos.all()} if story else {}
    parts = [Part("text", str(typed.parts[0]))]
    for at in range(1, len(typed.parts), 2):
        thing, text = typed.parts[at], str(typed.parts[at + 1])
        assert isinstance(thing, Beat)
        picture = _picture(thing, rows.get(thing.photo), looking)
        parts.append(Part(f"text-{thing.key}", text, thing, picture, is_last=at + 2 == len(typed.parts) and not text))
    return parts


def _picture(thing: Beat, row: StoryPhoto | None, looking: Looking | None) -> Picture | None:
    if row is None or looking is None:
        return None
    asks = looking.chosen == ASK
    unfolded = not thing.baby or thing.key in looking.unfolded if asks else looking.chosen == OPEN
    src = photograph_address(row.story_id, row.pk) if unfolded else ""
    return Picture(src, row.width, row.height, asks)


def _thing_in_words(thing: Beat) -> str:
    if thing.kind == "sound":
        return gettext("[A recording: %(shows)s] %(words)s") % {"shows": thing.shows, "words": thing.text}
    return gettext("[A photo: %(shows)s]") % {"shows": thing.shows}


def photograph_address(story: uuid.UUID, photo: uuid.UUID) -> str:
    """Return an address for a photograph's bytes that is good for ten minutes, for those who tell the story."""
    good = good_for(ids.show(story), ids.show(photo))
    return f"{reverse('composing:photograph', args=[story, photo])}?good={good}"


def why(problem: Exception) -> str:
    """Return what is said when something could not be kept."""
    if isinstance(problem, TooLong) and problem.field == "text":
        said = gettext(
            "This is more than one chapter holds (%(most)s characters). Nothing is lost: it is all on this page. "
            "Part of it can go into a further chapter."
        )
        return said % {"most": f"{LONGEST:,}"}
    if isinstance(problem, TooLong):
        return gettext("One of the short lines is longer than it can be. Nothing is lost: it is all on this page.")
    if isinstance(problem, NotAgreed):
        return not_agreed()
    return gettext("This isn’t here for you to write in. Your words are on this page, and kept nowhere else.")


def side_by_side(choices: Mapping[int, Typed], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return what the page for choosing shows of each: its title, its words, who wrote it ("": the one who looks)."""
    return [
        {"mark": mark, "title": typed.lines.get("title", ""), "text": _in_words(typed.parts), "by": names.get(mark, "")}
        for mark, typed in choices.items()
    ]


def _in_words(parts: Sequence[str | Beat]) -> str:
    said: Iterable[str] = (part if isinstance(part, str) else _thing_in_words(part) for part in parts)
    return "\n\n".join(filter(None, said))
