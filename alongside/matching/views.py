"""Finding: by a sentence, by choices, by words, and near one story. All by POST, so that nothing stands in an address."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alongside.matching import index
from alongside.matching.again import asked_of
from alongside.matching.choices import circumstances_of, words_of
from alongside.matching.elsewhere import elsewhere
from alongside.matching.forms import ChooseForm, SentenceForm, WordsForm
from alongside.matching.fulltext import search
from alongside.matching.groups import LOOKED_AT, ROWS, pages
from alongside.matching.nearest import nearest, rows
from alongside.matching.seeking import Seeking
from alongside.matching.tongues import reads
from alongside.pacing.bucket import FINDING, paced
from alongside.request_reader import ReaderRequest
from alongside.request_safety import from_our_pages
from alongside.stories import shown
from alongside.stories.models import Story
from alongside.support.countries import country_of
from alongside.support.directory import for_another_grief

MOST_WITH_WORDS = 24


@paced(FINDING, "POST")
@from_our_pages
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: ReaderRequest) -> HttpResponse:
    """People who have been there, nearest to a sentence. The sentence is compared in memory and kept nowhere."""
    form = SentenceForm(request.POST or None)
    if not _asks(request, form):
        return render(request, "matching/find.html", {"form": form}, status=_status(request, form))
    said = form.cleaned_data["sentence"]
    seeking = Seeking.of_sentence(said, timezone.now())
    context = _results(request, form, seeking) | {"said": said, "elsewhere": _elsewhere(request, said)}
    return render(request, "matching/results.html", context)


@paced(FINDING, "POST")
@from_our_pages
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: ReaderRequest) -> HttpResponse:
    """The same, from a list instead of a sentence."""
    form = ChooseForm(request.POST or None)
    if not _asks(request, form):
        return render(request, "matching/choose.html", {"form": form}, status=_status(request, form))
    seeking = Seeking.of_choices(circumstances_of(form.cleaned_data))
    context = _results(request, form, seeking) | {"asked": words_of(form.cleaned_data)}
    return render(request, "matching/results.html", context)


@paced(FINDING, "POST")
@from_our_pages
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: ReaderRequest) -> HttpResponse:
    """Stories that hold these words, newest told first."""
    form = WordsForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context: dict[str, Any] = {"form": form, "rows": None}
        return render(request, "matching/words.html", context, status=_status(request, form))
    stories = search(form.cleaned_data["words"], request.reader, reads(request))
    found = shown.rows(shown.with_words(stories)[:MOST_WITH_WORDS], request.reader, timezone.now())
    resting = not found and index.missing().visible_to(request.reader).exists()
    return render(request, "matching/words.html", {"form": form, "rows": found, "resting": resting})


@paced(FINDING, "GET", "HEAD")
@require_safe
def near_story(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponse:
    """People near to somebody whose story this reader may see."""
    story = shown.with_words(Story.objects.visible_to(request.reader)).filter(pk=story_id).first()
    if story is None or not shown.open_words(story, request.reader):
        raise Http404
    seeking = Seeking.of_story(story, timezone.now())
    found = nearest(seeking, request.reader, limit=ROWS, now=timezone.now(), languages=reads(request, story.language))
    context = {
        "story": shown.row(story, request.reader, timezone.now()),
        "rows": list(rows(found, request.reader, timezone.now()).values()),
        "left_out": not seeking.names_new_pregnancy,
        "resting": not found and index.missing().visible_to(request.reader).exists(),
    }
    return render(request, "matching/near_story.html", context)


def _results(request: ReaderRequest, form: forms.Form, seeking: Seeking) -> dict[str, Any]:
    asked = asked_of(form)
    include = asked.include or seeking.names_new_pregnancy
    found = nearest(
        seeking,
        request.reader,
        limit=LOOKED_AT + asked.page * ROWS,
        now=timezone.now(),
        languages=reads(request, seeking.language),
        new_pregnancy=include,
    )
    groups, more = pages(found, seeking.named.relation, asked.page)
    opened = rows([one for group in groups for one in group.found], request.reader, timezone.now())
    return {
        "groups": [
            {"title": group.title, "rows": [opened[one.id] for one in group.found if one.id in opened]}
            for group in groups
        ],
        "more": more,
        "left_out": not include,
        "nobody_near": asked.page == 0 and not any(one.is_near for one in found),
        "resting": not found and index.missing().visible_to(request.reader).exists(),
        "hidden": asked.hidden(),
    }


def _elsewhere(request: HttpRequest, said: str) -> dict[str, Any] | None:
    if elsewhere(said) is None:
        return None
    return {"services": for_another_grief(country_of(request), timezone.now())}


def _asks(request: HttpRequest, form: forms.Form) -> bool:
    """Whether there is something to compare: sent, usable, and not sent only to be changed."""
    return request.method == "POST" and request.POST.get("do") != "change" and form.is_valid()


def _status(request: HttpRequest, form: forms.Form) -> int:
    return 422 if request.method == "POST" and request.POST.get("do") != "change" and form.errors else 200
