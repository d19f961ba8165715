"""Reading: the list of stories, one story, one photograph or recording; and having enough for today."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from alongside import ids
from alongside.accounts import veil
from alongside.community import enough
from alongside.matching.tongues import reads
from alongside.media import ranges
from alongside.media.addresses import SOUND_LASTS, is_good
from alongside.media.sounds import CONTENT_TYPE
from alongside.request_crawlers import FOUND, is_search_engine
from alongside.request_reader import ReaderRequest, without_rows
from alongside.request_safety import from_here, from_our_pages
from alongside.stories import shown
from alongside.stories.models import Chapter, Story, StoryPhoto, StorySound
from alongside.stories.photographs import open_photo
from alongside.stories.recordings import open_sound
from alongside.stories.words import Words
from alongside.support.countries import country_of
from alongside.support.directory import tonight
from alongside.vault.errors import KeyErased, KeyMissing

A_PAGE = 12
Parts = list[tuple[Chapter, Words]]


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
    listed: Iterable[Story] = page[:A_PAGE]
    if is_search_engine(request):
        listed = shown.for_search_engines(listed)
    context = {"rows": shown.rows(listed, request.reader, timezone.now()), "next_url": more}
    return render(request, "stories/list.html", context)


def _id(text: str) -> uuid.UUID | None:
    try:
        return ids.read(text)
    except ValueError:
        return None


@require_safe
def open_story(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponse:
    """One story, its photographs folded and its recordings silent unless this reader has asked for one just now."""
    story, parts = _find(request, story_id)
    may_be_found = request.account is None and shown.may_be_found(story, parts)
    if is_search_engine(request) and not may_be_found:
        raise Http404
    now = timezone.now()
    context = {
        "story": shown.head(story, parts),
        "chapters": _page(request, story, parts, now).chapters(),
        "line": tonight(country_of(request), now),
        "link": next((link for link, opens in request.reader.links.items() if opens == story.pk), None),
    }
    response = render(request, "stories/story.html", context)
    if may_be_found and not request.META["QUERY_STRING"]:
        response["X-Robots-Tag"] = FOUND
    return response


def _find(request: ReaderRequest, story_id: uuid.UUID) -> tuple[Story, Parts]:
    """Return a story that this reader may read, and its open chapters with their words; raise Http404."""
    story = shown.with_words(Story.objects.visible_to(request.reader)).filter(pk=story_id).first()
    parts = shown.open_words(story, request.reader) if story else []
    if story is None or not parts:
        raise Http404
    return story, parts


def _page(request: ReaderRequest, story: Story, parts: Parts, now: datetime) -> shown.Page:
    """Return a story as this request unfolds it: a link from elsewhere unfolds nothing (P1, P3)."""
    asked = request.GET if from_here(request) else QueryDict()
    return shown.Page(
        story,
        parts,
        asked.getlist("unfold"),
        asked.getlist("open"),
        veil.chosen_by(request.account),
        listened=asked.getlist("listen"),
        resting=enough.until(request.COOKIES, now) is not None,
    )


@require_safe
def photo(request: ReaderRequest, story_id: uuid.UUID, photo_id: uuid.UUID) -> HttpResponse:
    """The bytes of one unfolded photograph; the policy is asked again each time (V7)."""
    story, parts = _find(request, story_id)
    if not is_good(request.GET.get("good", ""), ids.show(story_id), ids.show(photo_id)):
        raise Http404
    shows = {beat.photo for _, words in parts for beat in words.photos()}
    if ids.show(photo_id) not in shows:
        raise Http404
    try:
        webp = open_photo(story, photo_id)
    except (StoryPhoto.DoesNotExist, FileNotFoundError) as error:
        raise Http404 from error
    response = HttpResponse(webp, content_type="image/webp")
    response["Content-Disposition"] = "inline"
    return response


@require_safe
def sound(request: ReaderRequest, story_id: uuid.UUID, sound_id: uuid.UUID) -> HttpResponse:
    """A recording, from the beginning or from where somebody moved to; the policy is asked again each time (V7)."""
    story, parts = _find(request, story_id)
    if not is_good(request.GET.get("good", ""), ids.show(story_id), ids.show(sound_id), lasts=SOUND_LASTS):
        raise Http404
    if ids.show(sound_id) not in {beat.sound for _, words in parts for beat in words.sounds()}:
        raise Http404
    try:
        part = ranges.part(request.headers.get("Range", ""), open_sound(story, sound_id))
    except (StorySound.DoesNotExist, FileNotFoundError, KeyErased, KeyMissing) as error:
        raise Http404 from error
    response = HttpResponse(part.content, content_type=CONTENT_TYPE, status=part.status, headers=part.headers)
    response["Content-Disposition"] = "inline"
    # Opened by itself it can do nothing (S20).
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@without_rows
@from_our_pages
@require_POST
def enough_for_today(request: HttpRequest) -> HttpResponse:
    """Fold everything hard until the morning, or unfold it again: kept in this browser alone."""
    back = request.POST.get("back", "")
    if not (back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)):
        back = reverse("stories:list")
    response = HttpResponseRedirect(back)
    if request.POST.get("do") == "unfold":
        response.delete_cookie(enough.COOKIE, samesite="Lax")
        return response
    end = enough.next_morning(timezone.now())
    secure = settings.SESSION_COOKIE_SECURE
    value = str(int(end.timestamp()))
    response.set_cookie(enough.COOKIE, value, expires=end, httponly=True, samesite="Lax", secure=secure)
    return response
