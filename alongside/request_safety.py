"""What every answer carries, and the one door through which a form may be posted without a token."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.utils.http import parse_header_parameters

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


class PlainRequest(WSGIRequest):
    """A request whose text is UTF-8, whatever its sender says: some codecs take minutes, and some break."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        self.content_params.pop("charset", None)


class PlainHandler(WSGIHandler):
    """What the HTTP server calls."""

    request_class = PlainRequest


class PrivateAnswers:
    """Keep answers out of every cache, this browser's included, unless a view has said otherwise (V7, S26)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.setdefault("Cache-Control", "no-store, private")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("X-Robots-Tag", "noindex, noarchive, noai, noimageai")
        if getattr(response, "hears", False):
            response["Permissions-Policy"] = response["Permissions-Policy"].replace(
                "microphone=()", "microphone=(self)"
            )
        return response


def hears(answer: HttpResponse) -> HttpResponse:
    """Let this one page ask for the microphone; the browser asks its owner."""
    answer.hears = True  # type: ignore[attr-defined]
    return answer


class SmallerPages(GZipMiddleware):
    """Compress pages, and nothing that is compressed already: a part of a recording must stay that part."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if not kind.startswith(("text/", "application/json")):
            return response
        return super().process_response(request, response)


def from_elsewhere(request: HttpRequest) -> bool:
    """Say whether a browser marked this request as sent by another site's page.

    Sec-Fetch-Site is set by the browser and cannot be forged by a page; an old browser sends Origin instead.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"{request.scheme}://{request.get_host()}"


def from_here(request: HttpRequest) -> bool:
    """Whether somebody asked on a page of ours: a link from elsewhere, or one that was sent, unfolds nothing (P1, P3).

    A browser that does not say so (an old one, or over plain http) names the page it comes from; ours name themselves.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Referer", "")).netloc in {"", request.get_host()}


def surely_from_here(request: HttpRequest) -> bool:
    """Say whether a browser marked this request as sent by a page of ours; without a mark it is not sure."""
    marked = request.headers.get("Sec-Fetch-Site") or request.headers.get("Origin")
    return marked is not None and not from_elsewhere(request)


def from_our_pages(view: V) -> V:
    """Let a form be posted without a token, from this site's own pages alone, as the browser says.

    For views whose POST changes nothing of anybody's (finding, choices kept in the reader's own cookie): a token would
    need a cookie for somebody who only reads. And for words that are being kept: a token that ran out, or a cookie
    that a browser dropped at night, must never cost a word.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and from_elsewhere(request):
            return HttpResponseForbidden(render_to_string("403.html"))
        return view(request, *args, **kwargs)

    guarded.csrf_exempt = True  # type: ignore[attr-defined]
    return cast(V, guarded)


def answers(status: int, template: str) -> HttpResponse:
    """Return a standalone page that needs neither database nor context."""
    return HttpResponse(render_to_string(template), status=status)
