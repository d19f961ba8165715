"""Views that forget to ask the policy, and one that fails half-way: what the house around them must still keep."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from alongside.accounts.models import Account
from alongside.keepsakes.models import KeepsakeBox
from alongside.request_reader import ReaderRequest
from alongside.stories.models import Consent, Revision, Story
from tests.cast import NOW

handler500 = "alongside.home.views.failed"


def everything(request: ReaderRequest) -> HttpResponse:
    """Every private row there is, without asking who wants it."""
    counts = [model._default_manager.count() for model in (KeepsakeBox, Revision, Consent)]
    return HttpResponse(" ".join(map(str, counts)), content_type="text/plain")


def any_story(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponse:
    """A story's page that asks neither for whom it is nor which words everyone agreed to."""
    story = Story.objects.get(pk=story_id)
    newest = [chapter.revisions.order_by("number").last() for chapter in story.chapters.order_by("place")]
    texts = [revision.words.text() for revision in newest if revision]
    if not texts:
        raise Http404
    return HttpResponse("\n".join(texts), content_type="text/plain")


def half_way(request: HttpRequest) -> HttpResponse:
    """Write a row, then fail."""
    Account.objects.join("half-way@example.org", name="Half", now=NOW)
    raise RuntimeError("CANARY-WORDS our son Ansel")


the_house = path("", include("alongside.urls"))  # first: it makes known what an id is
urlpatterns = [
    path("everything/", everything),
    path("half-way/", half_way),
    path("read/<id:story_id>/", any_story),
    the_house,
]
