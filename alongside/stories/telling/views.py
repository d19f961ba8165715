"""A story's own page for its parents, who it is for, and how readers would get it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alongside.accounts import fresh
from alongside.accounts.doors import signed_in
from alongside.media import ranges
from alongside.media.sounds import CONTENT_TYPE
from alongside.request_reader import ReaderRequest
from alongside.request_safety import from_here
from alongside.stories import shown
from alongside.stories.models import AskedBefore, ChangedMeanwhile, NeedsAnothersYes, Revision, Story, StorySound
from alongside.stories.recordings import open_sound
from alongside.stories.telling import page
from alongside.stories.telling.doors import held, me
from alongside.stories.telling.forms import NEEDS_THEIR_YES, ShareForm, offered
from alongside.visibility.audience import Audience


@signed_in
@require_safe
def story(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponse:
    """Where it stands: its chapters, who can read it, what was asked and answered, and every way on."""
    found = page.story_page(held(request, story_id), me(request))
    return render(request, "telling/story.html", {"page": found, "story": found.head})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponse:
    """Choose who it is for; with other parents, ask them. A narrower circle needs nobody (C2)."""
    found = held(request, story_id)
    newest = page.newest_of(found)
    form = ShareForm(newest, request.POST if request.method == "POST" else None, initial={"audience": found.audience})
    first: dict[str, Any] = {}
    if form.is_valid():
        first = _shows_first(request, found, form.cleaned_data["audience"])
        if not first and _shared(request, found, form):
            return redirect("telling:story", found.pk)
    context = _what_would_be_shared(request, found, newest) | {"form": form, **first}
    return render(request, "telling/share.html", context, status=422 if form.is_bound else 200)


def _shows_first(request: ReaderRequest, found: Story, audience: Audience) -> dict[str, Any]:
    """Return what the page says where they have to show that it is them: before more readers, not before fewer (T1)."""
    narrower = found.stands_open and audience.narrower_than(Audience(found.audience))
    if narrower or fresh.is_fresh(request.session):
        return {}
    return {"not_taken": "not-shown", "first": fresh.ask(request.path)}


def _what_would_be_shared(request: ReaderRequest, found: Story, newest: list[Revision]) -> dict[str, Any]:
    """Return the page's words: the story as it stands, all that stands with it, and whether another wrote in it since."""
    about = page.story_page(found, me(request))
    story, parts = page.as_readers(found, newest, Audience(found.audience))
    seen = request.GET if from_here(request) else QueryDict()
    here = reverse("telling:share", args=[found.pk])
    return {
        "page": about,
        "story": shown.head(story, parts),
        "chapters": page.Preview(story, parts, here, seen, whole=True).chapters(),
        "stands_with": page.beside_the_text(newest),
        "is_new": page.is_new_to(newest, me(request)),
        "previews": [one for one in offered() if one != "family"],
    }


def _shared(request: ReaderRequest, found: Story, form: ShareForm) -> bool:
    """Publish or ask; say on the form what stands in the way."""
    said = form.cleaned_data
    try:
        found.publish(me(request), said["audience"], timezone.now(), shown=said["shown"], note=said["note"])
    except AskedBefore:
        words = _("You have asked this already. The answer can be changed at any time, and is not asked for again.")
        form.add_error("audience", words)
    except ChangedMeanwhile:
        form.look_again()
    except NeedsAnothersYes:
        form.add_error(None, NEEDS_THEIR_YES)
    return not form.errors


@signed_in
@require_safe
def preview(request: ReaderRequest, story_id: uuid.UUID, audience: str) -> HttpResponse:
    """The story as readers of one circle would get it, before anything leaves."""
    if audience not in Audience.values or Audience(audience) not in offered():
        raise Http404
    found, circle = held(request, story_id), Audience(audience)
    story, parts = page.as_readers(found, page.newest_of(found), circle)
    asked = request.GET if from_here(request) else QueryDict()
    here = reverse("telling:preview", args=[story.pk, audience])
    chapters = page.Preview(story, parts, here, asked).chapters()
    context = {"story": shown.head(story, parts), "chapters": chapters, "story_id": story.pk, "for_whom": circle.label}
    return render(request, "telling/preview.html", context)


@signed_in
@require_POST
def show_family(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponse:
    """Let the other parents read a draft, and ask nothing of them."""
    found = held(request, story_id)
    found.show_family(me(request), timezone.now())
    return redirect("telling:story", found.pk)


@signed_in
@require_safe
def sound(request: ReaderRequest, story_id: uuid.UUID, sound_id: uuid.UUID) -> HttpResponse:
    """The bytes of a recording in a story that one has a say in; the policy is asked each time (V7)."""
    try:
        m4a = open_sound(held(request, story_id), sound_id)
    except (StorySound.DoesNotExist, FileNotFoundError) as error:
        raise Http404 from error
    part = ranges.part(request.headers.get("Range", ""), m4a)
    return HttpResponse(part.content, content_type=CONTENT_TYPE, status=part.status, headers=part.headers)
