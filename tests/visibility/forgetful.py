"""Views that forget to ask the policy, and one that fails half-way: what the house around them must still keep."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from alongside.accounts.models import Account
from alongside.keepsakes.models import KeepsakeBox
from alongside.request_reader import ReaderRequest
from alongside.stories.models import Consent, Revision
from tests.cast import NOW

handler500 = "alongside.home.views.failed"


def everything(request: ReaderRequest) -> HttpResponse:
    """Every private row there is, without asking who wants it."""
    counts = [model._default_manager.count() for model in (KeepsakeBox, Revision, Consent)]
    return HttpResponse(" ".join(map(str, counts)), content_type="text/plain")


def half_way(request: HttpRequest) -> HttpResponse:
    """Write a row, then fail."""
    Account.objects.join("half-way@example.org", name="Half", now=NOW)
    raise RuntimeError("CANARY-WORDS our son Ansel")


urlpatterns = [path("everything/", everything), path("half-way/", half_way), path("", include("alongside.urls"))]
