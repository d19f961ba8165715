"""Pages can be asked for here, and mail is set up."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.cache import cache
from pytest_django import Settings

from tests.home.browser import plain_static

__all__ = ["plain_static"]

Newest = Callable[[str], str]


@pytest.fixture(autouse=True)
def mail_is_ready(settings: Settings) -> None:
    settings.MAIL_READY = True


@pytest.fixture(autouse=True)
def _nothing_counted(request: pytest.FixtureRequest) -> None:
    if "db" in request.fixturenames or "cast" in request.fixturenames:
        cache.clear()


@pytest.fixture
def newest() -> Newest:
    """Give the digits in the newest mail to an address."""

    def of(address: str) -> str:
        letter = next(one for one in reversed(mail.outbox) if one.to == [address])
        found = re.search(r"^\d{4} \d{4}$", str(letter.body), re.MULTILINE)
        assert found
        return found[0]

    return of
