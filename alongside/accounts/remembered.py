"""What a device remembers of its reader's choices: the same cookies that /help/ and /languages/ keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from alongside.accounts.choices import Choices
from alongside.support.countries import COOKIE as COUNTRY

if TYPE_CHECKING:
    from django.http import HttpResponse  # noqa: TID251 - for the type alone

LANGUAGES = "languages"
A_YEAR = 365 * 24 * 3600


def give_back(response: HttpResponse, choices: Choices) -> None:
    """Let this device know the country and the languages that were chosen; what was not chosen stays as it is."""
    for name, value in ((COUNTRY, choices.country), (LANGUAGES, ".".join(choices.languages))):
        if value:
            response.set_cookie(
                name, value, max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
            )
