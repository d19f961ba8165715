"""How one request looks at the photographs of a box (P1)."""

from __future__ import annotations

from alongside.accounts import veil
from alongside.keepsakes.files.showing import Looking
from alongside.request_reader import ReaderRequest
from alongside.request_safety import from_here

MOST_UNFOLDED = 100


def looking_at(request: ReaderRequest) -> Looking:
    """Return how this request looks at photographs: a link from elsewhere unfolds nothing (P1)."""
    asked = request.GET.getlist("unfold") if from_here(request) else []
    others = request.GET.copy()
    others.pop("unfold", None)
    page = f"{request.path}?{others.urlencode()}" if others else request.path
    return Looking(veil.chosen_by(request.account), frozenset(asked[:MOST_UNFOLDED]), page)
