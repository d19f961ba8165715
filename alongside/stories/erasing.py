"""Erasing a story: closed to everyone at once, back until it is due, then its key is destroyed and its copies with it (D3, L1).

Taking a story back is another act, and any parent's at any time; this one is for good.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from alongside import ids
from alongside.accounts.models import Account
from alongside.families.models import Family, Parent, ParentQuerySet
from alongside.keepsakes import erasing
from alongside.keepsakes.erasing import TIME_TO_UNDO, Gone
from alongside.keepsakes.models import Erasure, delete_later
from alongside.stories.models import ChapterDraft, Link, Story, StoryPhoto, StorySound


def is_theirs_alone(story: Story, by: uuid.UUID) -> bool:
    """Whether every word, every photograph and every recording in it is ``by``'s, or nobody else holds the box.

    What was shown to nobody is its teller's, whoever contributed to it. A word that another is just writing at it is
    theirs (D1).
    """
    if story.asked_at is None:
        return by == story.teller_id
    others = story.family.parents.current().exclude(account=by)
    authors = {*Story.objects.filter(pk=story.pk).values_list("chapters__revisions__author", flat=True)}
    authors |= {story.teller_id, *story.photos.values_list("contributed_by", flat=True)}
    authors |= {*story.sounds.values_list("contributed_by", flat=True)}
    return not others.exists() or not (authors - {by, None} or ChapterDraft.of_others(story, by))


@transaction.atomic
def agree_to_erase(story: Story, by: Account, now: datetime, *, fresh: bool = False) -> Erasure | None:
    """Say yes to erasing a story; with every yes that it needs it is closed. Raise NotAParent, NothingToTell.

    What is one parent's alone needs hers; else every current parent's. ``fresh`` counts for what is hers alone:
    then its key is destroyed now, else in 72 hours.
    """
    # In the order in which publishing locks: the story, then the family.
    story = Story.objects.select_for_update().get(pk=story.pk)
    Family.objects.select_for_update().get(pk=story.family_id)
    parent = story.parent_to_whom_it_exists(by)
    alone = is_theirs_alone(story, by.pk)
    story.erasing_yes.get_or_create(parent=parent, defaults={"at": now})
    others = story.family.parents.current().exclude(pk__in=story.erasing_yes.values("parent"))
    if not alone and others.exists():
        return None
    fresh = fresh and alone
    due = now if fresh else now + TIME_TO_UNDO
    story.askings.open().update(closed_at=now)
    erasure = erasing.ask(story, Erasure.Kind.STORY, by.pk, now, due, shuts="erasing_at")
    if fresh:
        erasing.at_once(erasure, now, remove_story)
    return erasure


@transaction.atomic
def bring_back(story_id: uuid.UUID, by: Account, now: datetime) -> Story:
    """Unsay a yes to erasing; while it is not due, the story is as it was. Raise Gone.

    Another's draft was never there (V1).
    """
    theirs = Story.objects.filter(Q(teller=by) | Q(asked_at__isnull=False), family__parents__in=_places(by))
    story = theirs.select_for_update(of=("self",)).filter(pk=story_id).first()
    if story is None:
        raise Gone(ids.show(story_id))
    pending = _pending(story)
    if pending is not None:
        if not can_come_back(story, by):
            raise Gone(ids.show(story_id))
        erasing.bring_back(pending, now)
        Story.objects.filter(pk=story.pk).update(erasing_at=None)
    elif story.erasing_at is not None:
        raise Gone(ids.show(story_id))
    story.erasing_yes.filter(parent__account=by).delete()
    story.refresh_from_db()
    return story


def can_come_back(story: Story, by: Account) -> bool:
    """Whether ``by``, a parent, may bring back a story that is not erased yet: not what was another's alone to erase."""
    pending = _pending(story)
    return pending is not None and (pending.viewer == by.pk or not is_theirs_alone(story, pending.viewer))


def _pending(story: Story) -> Erasure | None:
    return Erasure.objects.filter(kind=Erasure.Kind.STORY, subject=story.pk, done_at=None).first()


def remove_story(erasure: Erasure) -> int:
    """Remove what the story held; its row stays, blank, because answers to it have a life of their own."""
    sounds = StorySound.objects.filter(story=erasure.subject)
    for copies in (StoryPhoto.objects.filter(story=erasure.subject), sounds):
        delete_later([*copies.values_list("pk", flat=True)])
    with connection.cursor() as cursor:
        cursor.execute("select stories_empty(%s)", [erasure.subject])
        (texts,) = cursor.fetchone() or (0,)
    sounds.delete()
    Link.objects.filter(story=erasure.subject).delete()
    return int(texts)


def _places(by: Account) -> ParentQuerySet:
    return Parent.objects.current().filter(account=by)
