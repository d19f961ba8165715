"""What every page knows: the community, the reader's chosen look, and where in the house we are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 - for the type alone

SECTIONS = {"stories": "read", "matching": "find", "support": "help"}
THEMES = ("light", "dark")


def every_page(request: HttpRequest) -> dict[str, Any]:
    """Return the context shared by all pages (see alongside/templates/base.html)."""
    match = request.resolver_match
    reader = getattr(request, "reader", None)
    theme = request.COOKIES.get("look", "")
    return {
        "community": {"name": settings.COMMUNITY_NAME, "what": settings.COMMUNITY_ABOUT},
        "demo": settings.DEMO,
        "theme": theme if theme in THEMES else "",
        "section": SECTIONS.get(match.app_name, "") if match else "",
        "reader_name": reader.name() if reader else "",
    }
