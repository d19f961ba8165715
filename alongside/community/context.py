"""What every page knows: the community, the reader's chosen look, and where in the house we are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from alongside.accounts.models import Profile
from alongside.accounts.own_words import OwnWords
from alongside.community import enough

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 - for the type alone

SECTIONS = {
    "keepsakes": "box",
    "families": "box",
    "stories": "read",
    "inviting": "box",
    "matching": "find",
    "sheets": "write",
    "accounts": "you",
    "support": "help",
}
READING = {"read", "find"}
THEMES = ("light", "dark")


def every_page(request: HttpRequest) -> dict[str, Any]:
    """Return the context shared by all pages (see alongside/templates/base.html)."""
    match = request.resolver_match
    reader = getattr(request, "reader", None)
    section = SECTIONS.get(match.app_name, "") if match else ""
    theme = request.COOKIES.get("look", "")
    return {
        "community": {
            "name": settings.COMMUNITY_NAME,
            "what": settings.COMMUNITY_ABOUT,
            "source": settings.SOURCE_URL,
        },
        "demo": settings.DEMO,
        "theme": theme if theme in THEMES else "",
        "section": section,
        "here": request.path,
        "folded_today": _folded_today(request) if section in READING or request.path == "/" else "",
        "reader_name": reader.name() if reader else "",
        "own_words": SimpleLazyObject(lambda: _own_words(reader)),
    }


def _folded_today(request: HttpRequest) -> str:
    now = timezone.now()
    end = enough.until(request.COOKIES, now)
    return enough.words(end, now) if end else ""


def _own_words(reader: Any) -> OwnWords:
    """Return how the reader speaks of their baby and their loss; nothing said for a guest."""
    if reader is None or reader.account is None:
        return OwnWords()
    profile = Profile.objects.select_related("account").filter(account=reader.account).first()
    return profile.own_words if profile else OwnWords()
