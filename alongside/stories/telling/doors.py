"""Who may come through to a story's own pages: those who tell it, as the policy says."""

from __future__ import annotations

import uuid
from typing import cast

from django.http import Http404  # noqa: TID251 - for views

from alongside.accounts.models import Account
from alongside.request_reader import ReaderRequest
from alongside.stories.models import Asking, Story


def me(request: ReaderRequest) -> Account:
    """Return who is signed in."""
    return cast(Account, request.account)


def held(request: ReaderRequest, story_id: uuid.UUID) -> Story:
    """Return a story that this reader has a say in, with something written in it; raise Http404."""
    stories = Story.objects.told_by_family_of(request.reader).select_related("hold", "box__family", "family")
    story = stories.filter(pk=story_id, chapters__isnull=False).distinct().first()
    if story is None:
        raise Http404
    return story


def asked_of(request: ReaderRequest, asking_id: uuid.UUID) -> Asking:
    """Return a question that stands, to one of those who are asked; raise Http404."""
    found = Asking.objects.open().filter(pk=asking_id).select_related("by__profile").first()
    if found is None:
        raise Http404
    found.story = held(request, found.story_id)
    return found
