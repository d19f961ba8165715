"""Naming readers and reading by a link, as the database and browsers do it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.conf import settings

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.stories.models import Link, Story
from tests.cast import A_DAY, NOW
from tests.families.guests import is_fresh, of
from tests.home.browser import Browser

COOKIE = settings.LINKS_COOKIE_NAME


def named(
    story: Story, by: Account, *agree: Account, name: str = "Judith", until: datetime | None = None
) -> tuple[Link, str]:
    """Let somebody name a reader, and others say yes; return the link and its code."""
    with acting_for(by.pk):
        link, code = Link.make(story, by, name, until, NOW - A_DAY)
    for parent in agree:
        with acting_for(parent.pk):
            link.say_yes(parent, NOW - A_DAY)
    return link, code


def carrying(*links: Link, account: Account | None = None) -> Browser:
    """A browser on which these links' codes were typed."""
    browser = of(account)
    browser.cookies[COOKIE] = ".".join(link.bind() for link in links)
    return browser


def path_of(link: Link) -> str:
    return f"/read/with/{ids.show(link.pk)}/"


def people(story: Story) -> str:
    return f"/box/story/{ids.show(story.pk)}/people/"


def page(answer: Any) -> str:
    """Return what stands on a page that was given, without the walls of every page."""
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode().split("<main")[1].split("</main")[0])


def seen(answer: Any) -> tuple[int, bytes]:
    """Return an answer as whoever asked sees it, but for the token of a form."""
    return answer.status_code, re.sub(rb'value="\w{64}"', b"", answer.content)


def names(by: Account, story: Story, name: str = "Judith", **more: str) -> tuple[str, str]:
    """Let a parent name somebody on the page; return the link's path and the code that it shows."""
    answer = is_fresh(of(by)).post(f"{people(story)}add/", {"name": name, "until": "year"} | more)
    return link_and_code(answer)


def link_and_code(answer: Any) -> tuple[str, str]:
    said = page(answer)
    link = re.search(r"https://testserver(/read/with/[\w-]{22}/)", said)
    code = re.search(r">([a-z2-9]{5}-[a-z2-9]{5})<", said)
    assert link, said
    assert code, said
    return link[1], code[1]


def presses(by: Account, story: Story, link: str, do: str) -> Any:
    """Let a parent press a button beside somebody's name: "yes", "take-back" or "code"."""
    return is_fresh(of(by)).post(f"{people(story)}{link.split('/')[3]}/{do}/")
