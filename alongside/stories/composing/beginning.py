"""A story begins, and goes on with a further chapter; what was sent twice is begun once (S37)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, gettext

from alongside.accounts.models import Account
from alongside.keepsakes.models import KeepsakeBox
from alongside.language.detect import detect
from alongside.stories.composing.choosing import beats_for
from alongside.stories.models import Chapter, Story
from alongside.stories.words import Words


class TakenElsewhere(Exception):
    """The id that the page chose is another thing's."""


@transaction.atomic
def begin(
    by: Account, box: KeepsakeBox, pk: uuid.UUID, *, title: str, chosen: Collection[uuid.UUID], now: datetime
) -> Chapter:
    """Begin a story of the chosen keepsakes under the id that the page chose; again with the same id it is found.

    Raise NotAParent, TakenElsewhere, WordsError (longer than a chapter can be).
    """
    box.family.parent(by)
    # A double submit waits here.
    KeepsakeBox.objects.select_for_update().get(pk=box.pk)
    made = Story.objects.filter(pk=pk).first()
    if made is not None:
        if made.teller_id != by.pk or made.box_id != box.pk or made.erasing_at:
            raise TakenElsewhere
        return made.chapters.get(place=0)
    story = Story.begin(by, box, language=_language(""), now=now, pk=pk)
    words = Words(title, tuple(beats_for(story, by, box, chosen, now)), told_by=_name(by), others=_others(box, by))
    story.language = _language(words.text())
    story.save(update_fields=["language"])
    return story.add_chapter(by, words, circumstances=box.circumstances, now=now)


def go_on(story: Story, by: Account, pk: uuid.UUID, said: Mapping[str, Any], now: datetime) -> Chapter:
    """Add a further chapter, with a date, notes and a fold of its own. Raise NotAParent.

    Names that others read otherwise stay so in it.
    """
    before = [chapter.newest().words for chapter in story.chapters.order_by("place")]
    words = Words(
        title=said["title"],
        beats=(),
        told_by=_name(by),
        others=_others(story.box, by),
        date=said["date"],
        fold=said["fold"],
        notes=tuple(said["notes"]),
        hopes=before[-1].hopes,
        names={real: read for words in before for real, read in words.names.items()},
    )
    return story.add_chapter(by, words, now=now, pk=pk)


def _name(by: Account) -> str:
    return by.profile.name or gettext("A parent")


def _others(box: KeepsakeBox, by: Account) -> tuple[str, ...]:
    """Return the names of those who hold the box too: it is told with their yes, or not at all (C1)."""
    others = box.family.parents.current().exclude(account=by).select_related("account__profile").order_by("joined_at")
    return tuple(other.account.profile.name for other in others if other.account.profile.name)


def _language(text: str) -> str:
    """Return the language of a text as far as one can tell, else the page's."""
    here = (get_language() or "").split("-")[0]
    likely = [code for code in (detect(text), here) if code in settings.STORY_LANGUAGES]
    return likely[0] if likely else str(settings.STORY_LANGUAGES[0])
