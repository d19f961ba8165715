"""Reading: the list of stories, one story, one photograph."""

from __future__ import annotations

import uuid

from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from alongside import ids
from alongside.accounts import veil
from alongside.matching.tongues import reads
from alongside.media.addresses import is_good
from alongside.request_reader import ReaderRequest
from alongside.request_safety import from_here
from alongside.stories import shown
from alongside.stories.models import Story, StoryPhoto
from alongside.stories.photographs import open_photo

A_PAGE = 12


@require_safe
def read_list(request: ReaderRequest) -> HttpResponse:
    """Stories, newest told first; ``?after=`` names the last story of the page before."""
    stories = Story.objects.visible_to(request.reader).told().newest_told_first()
    languages = reads(request)
    if languages:
        stories = stories.filter(language__in=languages)
    after = _id(request.GET.get("after", ""))
    last = stories.filter(pk=after).values_list("published_at", "pk").first() if after else None
    if last:
        stories = stories.filter(Q(published_at__lt=last[0]) | Q(published_at=last[0], pk__lt=last[1]))
    page = list(shown.with_words(stories)[: A_PAGE + 1])
    more = f"{reverse('stories:list')}?after={ids.show(page[A_PAGE - 1].pk)}" if len(page) > A_PAGE else ""
    context = {"rows": shown.rows(page[:A_PAGE], request.reader, timezone.now()), "next_url": more}
    return render(request, "stories/list.html", context)


def _id(text: str) -> uuid.UUID | None:
    try:
        return ids.read(text)
    except ValueError:
        return None


@require_safe
def open_story(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponse:
    """One story, its photographs folded unless this reader has unfolded them just now."""
    story = shown.with_words(Story.objects.visible_to(request.reader)).filter(pk=story_id).first()
    parts = shown.open_words(story, request.reader) if story else []
    if story is None or not parts:
        raise Http404
    asked = request.GET if from_here(request) else QueryDict()
    chosen = veil.chosen_by(request.account)
    page = shown.Page(story, parts, asked.getlist("unfold"), asked.getlist("open"), chosen)
    link = next((link for link, opens in request.reader.links.items() if opens == story.pk), None)
    context = {"story": shown.head(story, parts), "chapters": page.chapters(), "link": link}
    return render(request, "stories/story.html", context)


@require_safe
def photo(request: ReaderRequest, story_id: uuid.UUID, photo_id: uuid.UUID) -> HttpResponse:
    """The bytes of one unfolded photograph; the policy is asked again each time (V7)."""
    story = shown.with_words(Story.objects.visible_to(request.reader)).filter(pk=story_id).first()
    if story is None or not is_good(request.GET.get("good", ""), ids.show(story_id), ids.show(photo_id)):
        raise Http404
    shows = {beat.photo for _, words in shown.open_words(story, request.reader) for beat in words.photos()}
    if ids.show(photo_id) not in shows:
        raise Http404
    try:
        webp = open_photo(story, photo_id)
    except (StoryPhoto.DoesNotExist, FileNotFoundError) as error:
        raise Http404 from error
    response = HttpResponse(webp, content_type="image/webp")
    response["Content-Disposition"] = "inline"
    return response
