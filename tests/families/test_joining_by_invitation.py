"""A family's invitation lets somebody join, also where joining takes one; and they come back to it (C5)."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from pytest_django import Settings

from alongside import ids
from alongside.accounts.models import Account
from alongside.families.models import families_of
from tests.cast import Cast
from tests.families.guests import comes, invites, of, says
from tests.home.browser import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_invitation_alone(settings: Settings) -> None:
    settings.MAIL_READY = True
    settings.JOINING = "invitation"


def joins(browser: Browser, there: str) -> object:
    """Go through the pages of joining, with the code from the mail."""
    assert browser.post("/join/", {"email": "noor@example.org", "next": there}).status_code == 302
    digits = re.search(r"^\d{4} \d{4}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert digits
    browser.post("/sign-in/code/", {"code": digits[0]})
    return browser.post("/join/about-you/", {"name": "Noor", "old_enough": "on", "keeping": "on"})


def test_c5_somebody_new_joins_with_an_invitation_and_comes_back_to_it(cast: Cast) -> None:
    link, code = invites(cast.mara, cast.box, "parent")
    browser = comes(None, link, code)
    page = browser.get(link).content.decode()
    assert f'href="/join/?next={link.replace("/", "%2F")}"' in page
    answer = joins(browser, link)
    assert answer["Location"] == link  # type: ignore[index]
    assert says(browser, link)["Location"] == f"/box/?box={ids.show(cast.box.pk)}"
    assert families_of(Account.objects.get(email="noor@example.org").pk) == {cast.box.family_id}


def test_the_link_without_its_code_lets_nobody_join(cast: Cast) -> None:
    link, _ = invites(cast.mara, cast.box, "parent")
    browser = of(None)
    assert browser.get(link).status_code == 200
    assert browser.post(link, {"code": "aaaaa-aaaaa"}).status_code == 422
    joins(browser, link)
    assert not Account.objects.filter(email="noor@example.org").exists()
