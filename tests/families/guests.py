"""Inviting and coming in, as browsers do it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any, TypeVar

from alongside import ids
from alongside.accounts import fresh
from alongside.accounts.models import Account
from alongside.families import arriving
from alongside.families.models import Family, Invitation
from alongside.keepsakes.models import KeepsakeBox
from tests.cast import NOW
from tests.home.browser import Browser

B = TypeVar("B", bound=Browser)


def of(account: Account | None) -> Browser:
    """A browser of somebody, which need not carry tokens."""
    return Browser(account, checks_tokens=False)


def invites(
    by: Account, box: KeepsakeBox, role: str, *, name: str = "", agreed: bool = True, **more: str
) -> tuple[str, str]:
    """Let somebody invite on the page; return the link's path and the code that it shows.

    ``agreed``: the other parents say yes to it, where that is needed.
    """
    address = f"/box/people/invite/?box={ids.show(box.pk)}"
    answer = is_fresh(of(by)).post(address, {"role": role, "name": name} | more)
    assert answer.status_code == 200, answer.content.decode()
    link, code = link_and_code(answer)
    if agreed:
        all_agree(Invitation.objects.get(pk=ids.read(link.split("/")[2])))
    return link, code


def all_agree(invitation: Invitation) -> Invitation:
    """Let every parent say yes to an invitation."""
    for parent in arriving.waiting_for(invitation):
        invitation.say_yes(parent.account, NOW)
    return invitation


def link_and_code(answer: Any) -> tuple[str, str]:
    """Return what the page shows this once."""
    page = answer.content.decode()
    link = re.search(r"https://testserver(/invited/[\w-]{22}/)", page)
    code = re.search(r">([a-z2-9]{5}-[a-z2-9]{5})<", page)
    assert link, page
    assert code, page
    return link[1], code[1]


def comes(account: Account | None, link: str, code: str) -> Browser:
    """Let somebody open the link and type the code."""
    browser = of(account)
    answer = browser.post(link, {"code": code})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def says(browser: Browser, link: str, **answers: str) -> Any:
    """Send the form of the invitation's page: each story's mark as shown, and ``answers`` by title."""
    page = browser.get(link).content.decode()
    form = dict(re.findall(r'name="(mark-[\w-]{22})" value="(\w+)"', page))
    for title, field in re.findall(r'<h3[^>]*>([^<]*)</h3>.*?name="(answer-[\w-]{22})"', page, re.DOTALL):
        if unescape(title) in answers:
            form[field] = answers[unescape(title)]
    return browser.post(f"{link}come-in/", form)


def is_fresh(browser: B) -> B:
    """Let somebody have shown a moment ago that it is still them."""
    session = browser.session
    fresh.mark(session, keyed=False)
    session.save()
    return browser


def made(family: Family, by: Account, role: str = "parent") -> tuple[Invitation, str]:
    """An invitation and its code, past the page; every parent has said yes to it."""
    invitation, code = family.invite(by, role, name="", now=NOW)
    return all_agree(invitation), code
