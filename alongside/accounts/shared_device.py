"""A device that others use too: who signs in there is signed out after half an hour without a page (S24)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest, HttpResponseBase  # noqa: TID251 - for the types alone

IDLE = 30 * 60
"""Seconds without a page."""
_SHARED = "shared_device"


def mark(session: SessionBase) -> None:
    """Note that others use this device."""
    session[_SHARED] = True


def keep_short(session: SessionBase) -> None:
    """Let the session end soon after its last page, on a device that others use."""
    if session.get(_SHARED):
        session.set_expiry(IDLE)


class EndsWhenIdle:
    """Count the half hour anew with every page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # Only where the page has looked at the session: nothing is read for who only reads.
        if request.session.accessed and request.session.get(_SHARED):
            request.session.modified = True
        return response
