"""The page with people to talk to, and the choice of a country."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alongside.request_reader import without_rows
from alongside.request_safety import from_our_pages
from alongside.support import countries, directory
from alongside.support.forms import CountryForm

_A_YEAR = 365 * 24 * 3600  # seconds


@without_rows
@from_our_pages
@require_http_methods(["GET", "HEAD", "POST"])
@require_http_methods(["GET", "HEAD", "POST"])
def people_to_talk_to(request: HttpRequest) -> HttpResponse:
    code = countries.country_of(request)
    if request.method != "POST":
        return _page(request, code, CountryForm(initial={"country": code}))
    form = CountryForm(request.POST)
    if not form.is_valid():
        return _page(request, code, form, status=422)
    answer = redirect("support:help")
    answer.set_cookie(
        countries.COOKIE,
        form.cleaned_data["country"],
        max_age=_A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _page(request: HttpRequest, code: str, form: CountryForm, status: int = 200) -> HttpResponse:
    people = directory.for_country(code, timezone.now())
    context = {
        "country_name": countries.within_a_sentence(code),
        "country_form": form,
        "emergency": people.emergency.number if people.emergency else "",
        "now": people.now,
        "others": people.others,
        "everywhere": people.everywhere,
    }
    return render(request, "support/help.html", context, status=status)
