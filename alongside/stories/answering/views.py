"""What is asked of me and what I answered: /box/yes/."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alongside.accounts import fresh
from alongside.accounts.doors import signed_in
from alongside.accounts.models import Account
from alongside.keepsakes.people import name_of
from alongside.request_reader import ReaderRequest
from alongside.request_safety import from_here
from alongside.stories import shown
from alongside.stories.models import Asking, ChangedMeanwhile, Consent, NeedsAnothersYes, Over, Revision, Story
from alongside.stories.models.consent import WORDING
from alongside.stories.telling import page
from alongside.stories.telling.doors import asked_of, me
from alongside.stories.telling.forms import NEEDS_THEIR_YES, AnswerForm
from alongside.visibility.audience import Audience


@signed_in
@require_safe
def asked(request: ReaderRequest) -> HttpResponse:
    """What waits for an answer, what I asked, and the record of what I said (C6, H5)."""
    stories = list(Story.objects.told_by_family_of(request.reader))
    open_now = Asking.objects.open().filter(story__in=stories).select_related("story", "by__profile").order_by("at")
    waiting = [(one, one.asked()[0].words.title, one.answer_of(me(request))) for one in open_now]
    context = {"waiting": waiting, "said": page.said_by(me(request), stories)}
    return render(request, "telling/asked.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: ReaderRequest, asking_id: uuid.UUID) -> HttpResponse:
    """Exactly what readers would get, what changed since my last yes, and four answers of one size (C4)."""
    asking = asked_of(request, asking_id)
    revisions = asking.asked()
    photos = [(beat.key, beat.shows) for one in asking.new() for beat in one.words.photos()]
    form = AnswerForm(photos, request.POST if request.method == "POST" else None)
    if form.is_valid():
        if form.is_a_yes() and not fresh.is_fresh(request.session):
            # Before more people read; not before a not yet, a no, or taking back (T1).
            return redirect(fresh.ask(request.path))
        if _answered(asking, me(request), form):
            return redirect("telling:story", asking.story_id)
    context = _what_is_asked(request, asking, revisions) | {"photos": photos, "form": form}
    return render(request, "telling/answer.html", context, status=422 if form.is_bound else 200)


def _what_is_asked(request: ReaderRequest, asking: Asking, revisions: list[Revision]) -> dict[str, Any]:
    story, parts = page.as_readers(asking.story, revisions, Audience(asking.audience))
    seen = request.GET if from_here(request) else QueryDict()
    here = reverse("telling:answer", args=[asking.pk])
    return {
        "asking": asking,
        "who": name_of(asking.by),
        "story": shown.head(story, parts),
        "chapters": page.Preview(story, parts, here, seen, whole=True).chapters(),
        "stands_with": page.beside_the_text(revisions),
        "beside": page.side_by_side(asking, me(request)),
        "answered": asking.answer_of(me(request)),
        "wording": WORDING,
    }


def _answered(asking: Asking, by: Account, form: AnswerForm) -> bool:
    said, now = Consent.Answer(form.cleaned_data["answer"]), timezone.now()
    try:
        if said == Consent.Answer.YES:
            asking.yes(by, now)
        elif said == Consent.Answer.WITHOUT_PHOTO and form.left_out():
            asking.yes_without(by, form.left_out(), now)
        elif said in {Consent.Answer.NOT_YET, Consent.Answer.NO}:
            asking.say(by, said, now)
    except NeedsAnothersYes:
        form.add_error(None, NEEDS_THEIR_YES)
    except (Over, ChangedMeanwhile) as error:
        raise Http404 from error
    return not form.errors
