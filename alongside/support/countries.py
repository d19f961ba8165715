"""Countries by name, and which one a reader is in: the one they chose, else the installation's (H1).

Codes are ISO 3166-1 alpha-2; the names in ``countries.toml`` follow the tz database's public-domain list.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Protocol

from django.conf import settings

COOKIE = "country"
_WITH_ARTICLE = re.compile(
    r"(United|Isle|Congo|Vatican).*|.*(Islands|Netherlands|Republic|Territory|Territories)"
    r"|Maldives|Comoros|Seychelles|Philippines|Bahamas|Gambia"
)


class HasCookies(Protocol):
    """A request, as far as this module looks at it."""

    COOKIES: dict[str, str]


@cache
def names() -> Mapping[str, str]:
    """Return {code: English name} of every country, in the order of the names."""
    said = tomllib.loads(resources.files(__package__).joinpath("countries.toml").read_text(encoding="utf-8"))
    return MappingProxyType(dict(sorted(said.items(), key=lambda row: unicodedata.normalize("NFD", row[1]))))


def within_a_sentence(code: str) -> str:
    """Return the country's name as it stands after "in": "France", "the United Kingdom"."""
    name = names().get(code, code)
    return f"the {name}" if _WITH_ARTICLE.fullmatch(name) else name


def country_of(request: HasCookies) -> str:
    """Return the code of the country chosen in the reader's cookie, else the installation's."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in names() else str(settings.COUNTRY)
