"""One transaction a request, with the viewer set in it and the Reader made once (ARCHITECTURE 2).

The viewer is what PostgreSQL's row-level security asks; the Reader is what the policy asks. Both are known only
inside the transaction, so that a pooled connection carries nobody over to the next request.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar, cast

from django.conf import settings
from django.contrib import auth
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone

from alongside.accounts.models import Account
from alongside.database.viewer import set_viewer
from alongside.media.form_files import MOST as MOST_FILES
from alongside.media.form_files import FilesInMemory
from alongside.pacing.bucket import OF_AN_ACCOUNT, may_go_on, take
from alongside.request_safety import answers, from_elsewhere
from alongside.sheets.device import Device
from alongside.stories.inviting import carried
from alongside.visibility.reader import Reader

logger = logging.getLogger(__name__)
V = TypeVar("V", bound=Callable[..., HttpResponseBase])


class ReaderRequest(HttpRequest):
    """A request as views get it."""

    reader: Reader
    account: Account | None


LARGEST_FORM = 2 * 1024 * 1024
"""Bytes of a form that is not sent to have words kept."""
SENT_BACK = {403, 429, 500, 503}
"""Answers that know nothing of what was sent: where somebody's words were in it, her own page stands in for them."""


def without_rows(view: V) -> V:
    """Mark a view that asks the database nothing: it answers also while the database is away (H1)."""
    view.without_rows = True  # type: ignore[attr-defined]
    return view


def gives_back(answer: Callable[[HttpRequest, int], HttpResponseBase]) -> Callable[[V], V]:
    """Mark a view that is sent words: whatever goes wrong, ``answer(request, status)`` shows them again (D1).

    It may ask the database nothing, which may be what is wrong.
    """

    def mark(view: V) -> V:
        view.gives_back = answer  # type: ignore[attr-defined]
        return view

    return mark


def device_of(request: HttpRequest) -> Device | None:
    """Return the device that this request's sheet cookie stands for."""
    return Device.of_cookie(request.COOKIES.get(settings.SHEET_COOKIE_NAME, ""))


def remember(answer: HttpResponse, device: Device) -> HttpResponse:
    """Have the browser carry the cookie that opens what it kept; it stays as long as the words do."""
    answer.set_cookie(
        settings.SHEET_COOKIE_NAME,
        device.cookie,
        max_age=Device.LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


def takes_files(view: V) -> V:
    """Mark a view whose form may hold files: they are read before its transaction begins, and lie in memory (S10)."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


class OneTransaction:
    """Open the request's transaction, set its viewer first, and undo it whole when a view fails."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        view = self._view(request)
        response = self._answer(request, view)
        answer = getattr(view, "gives_back", None)
        # Never another site's words: on a page of ours its script would keep them as hers.
        sent_here = request.method == "POST" and not from_elsewhere(request)
        if answer is not None and sent_here and response.status_code in SENT_BACK:
            self._be_nobody(request)
            return cast(HttpResponseBase, answer(request, response.status_code))
        return response

    @staticmethod
    def _be_nobody(request: HttpRequest) -> None:
        request.reader = Reader.guest()  # type: ignore[attr-defined]
        request.account = None  # type: ignore[attr-defined]

    def _answer(self, request: HttpRequest, view: Callable[..., HttpResponseBase] | None) -> HttpResponseBase:
        self._be_nobody(request)
        self._without_a_strange_session(request)
        if view is None or getattr(view, "without_rows", False):
            return self.get_response(request)
        try:
            # Before the transaction: a token is spent whatever comes of the request, and nobody waits for its end.
            if self._another_site_asks(view, request):
                return answers(403, "403.html")
            if not may_go_on(view, request, timezone.now()):
                return answers(429, "429.html")
            if self._is_too_large(view, request):
                return answers(413, "413.html" if hasattr(view, "takes_files") else "400.html")
            self._read_whole(view, request)
            with transaction.atomic():
                set_viewer(None)
                self._know(request)
                account = request.account  # type: ignore[attr-defined]
                if request.method == "POST" and account and not take(OF_AN_ACCOUNT, str(account.pk), timezone.now()):
                    return answers(429, "429.html")
                response = self.get_response(request)
                if response.status_code >= 500:
                    transaction.set_rollback(True)
                return response
        except (OperationalError, InterfaceError):
            logger.exception("the database is away")
            return answers(503, "503.html")
        except DatabaseError:
            # A constraint that is checked at the end of the transaction: nothing of it has happened.
            logger.exception("a transaction was refused at its end")
            return answers(500, "500.html")

    @staticmethod
    def _without_a_strange_session(request: HttpRequest) -> None:
        """Forget a session key that no session store gave out: in a query it could break the whole page."""
        key = request.session.session_key or ""
        if not (key.isascii() and (key.isalnum() or not key)):
            request.session = type(request.session)()

    @staticmethod
    def _another_site_asks(view: Callable[..., HttpResponseBase], request: HttpRequest) -> bool:
        """Whether another site's page spends this reader's tokens; a link that somebody follows is their own."""
        is_followed = request.method == "GET" and request.headers.get("Sec-Fetch-Dest", "document") == "document"
        return hasattr(view, "pace") and not is_followed and from_elsewhere(request)

    @staticmethod
    def _read_whole(view: Callable[..., HttpResponseBase], request: HttpRequest) -> None:
        """Read what is sent before the transaction begins: a slow sender holds no connection to the database."""
        # A cookie that somebody made up is no session: for it nothing is taken into memory.
        key = request.session.session_key
        if getattr(view, "takes_files", False) and key and request.session.exists(key):
            request.upload_handlers = [FilesInMemory(request)]
        _ = request.body if request.content_type == "application/octet-stream" else request.POST

    @staticmethod
    def _is_too_large(view: Callable[..., HttpResponseBase], request: HttpRequest) -> bool:
        """Whether a form is larger than any of ours; words that are sent to be kept may be longer, to come back whole."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        most = MOST_FILES if hasattr(view, "takes_files") else LARGEST_FORM
        return not hasattr(view, "gives_back") and length.isdigit() and int(length) > most

    @staticmethod
    def _view(request: HttpRequest) -> Callable[..., HttpResponseBase] | None:
        try:
            return resolve(request.path_info).func
        except Resolver404:
            return None

    @staticmethod
    def _know(request: HttpRequest) -> None:
        cookie = request.COOKIES.get(settings.LINKS_COOKIE_NAME, "")
        links = carried.links(cookie, timezone.now()) if cookie else {}
        request.reader = Reader.guest(links)  # type: ignore[attr-defined]
        user = auth.get_user(request) if request.session.session_key else None
        if isinstance(user, Account):
            set_viewer(user.pk)
            request.reader = Reader.of(user, links)  # type: ignore[attr-defined]
            request.account = user  # type: ignore[attr-defined]
            request._cached_user = user  # type: ignore[attr-defined]  # what Django's own request.user asks for
        elif device := device_of(request):
            # Words kept for this device are its own, and nobody else's.
            set_viewer(device.viewer)
