"""The first page, leaving quickly, the plain pages, and the kind error pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alongside import request_crawlers
from alongside.accounts.doors import as_typed
from alongside.home.forms import LanguagesForm, LookForm
from alongside.matching.forms import SentenceForm
from alongside.matching.tongues import reads
from alongside.request_reader import ReaderRequest, without_rows
from alongside.request_safety import answers, from_our_pages, surely_from_here
from alongside.stories import shown
from alongside.stories.models import Story
from alongside.support.countries import country_of
from alongside.support.directory import tonight

A_YEAR = 365 * 24 * 3600


@require_safe
def first(request: ReaderRequest) -> HttpResponse:
    """The sentence box, the ways in, someone to call, and one voice."""
    now = timezone.now()
    # What a family told to named people, or to itself, is not for whoever looks at this screen at that moment.
    newest = Story.objects.visible_to(request.reader).told_to_strangers().newest_told_first()
    languages = reads(request)
    if languages:
        newest = newest.filter(language__in=languages)
    voices = shown.rows(shown.with_words(newest)[:1], request.reader, now)
    context = {
        "form": SentenceForm(),
        "line": tonight(country_of(request), now),
        "voice": voices[0] if voices else None,
    }
    return render(request, "home/first.html", context)


@require_safe
def leave(request: ReaderRequest) -> HttpResponse:
    """End the session, clear this site's cache in the browser, and go to the neutral page the operator chose."""
    if request.session.session_key:
        logout(request)
    response = HttpResponseRedirect(settings.EXIT_URL)
    response["Clear-Site-Data"] = '"cache"'
    return response


@without_rows
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "home/about.html")


@without_rows
@require_safe
def care(request: HttpRequest) -> HttpResponse:
    return render(request, "home/care.html")


@without_rows
@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    return render(request, "home/promises.html")


@without_rows
@from_our_pages
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device says: kept in this browser alone."""
    form = LookForm(request.POST or None, initial={"look": request.COOKIES.get("look", "")})
    if request.method == "POST" and form.is_valid():
        return _remember(redirect("home:look"), "look", form.cleaned_data["look"])
    return render(request, "home/look.html", {"form": form})


@without_rows
@from_our_pages
@require_http_methods(["GET", "HEAD", "POST"])
def languages(request: HttpRequest) -> HttpResponse:
    """Which languages I read: kept in this browser alone."""
    # No box ticked is an answer too, and sends an empty form.
    said = request.POST if request.method == "POST" else None
    form = LanguagesForm(said, initial={"languages": request.COOKIES.get("languages", "").split(".")})
    if form.is_valid():
        return _remember(redirect("home:languages"), "languages", ".".join(form.cleaned_data["languages"]))
    return render(request, "home/languages.html", {"form": form})


def _remember(response: HttpResponse, name: str, value: str) -> HttpResponse:
    if value:
        response.set_cookie(
            name, value, max_age=A_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(name, samesite="Lax")
    return response


@without_rows
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Ask crawlers to stay away: being found by search engines is each family's own choice (V2)."""
    return HttpResponse(request_crawlers.robots(), content_type="text/plain")


@without_rows
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is there."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The process and its database answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ready\n", content_type="text/plain")


def refused(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A form came from elsewhere, or without its token: of ours, where she signed in meanwhile, it is shown as typed."""
    view = request.resolver_match.func if request.resolver_match else refused
    again = as_typed(view, request, "old") if surely_from_here(request) else None
    return again or answers(403, "403.html")


def failed(request: HttpRequest) -> HttpResponse:
    """Our fault: the page needs neither database nor context."""
    return answers(500, "500.html")
