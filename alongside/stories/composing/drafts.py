"""Working copies kept as they are typed, and made a revision when their writer says so. Nothing is written over (D1, S37)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from alongside import ids
from alongside.accounts.models import Account
from alongside.keepsakes.paper import new_tab
from alongside.stories.composing import lines
from alongside.stories.composing.typed import Typed
from alongside.stories.models import Chapter, ChapterDraft, Revision, Story
from alongside.stories.words import Beat, beats_of
from alongside.visibility.reader import Reader


class WrittenMeanwhile(Exception):
    """A version that this page did not grow from stands there now: both are to be looked at."""


@dataclass(frozen=True, slots=True)
class From:
    """What a page says of itself: the state of the working copy (``mark``, 0: none) and the revision that it grew from."""

    mark: int
    began: int
    tab: str
    stroke: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """The state that was kept, and whether another one stands beside it."""

    mark: int
    beside: bool


def find(reader: Reader, story_id: uuid.UUID, chapter_id: uuid.UUID) -> Chapter | None:
    """Return a chapter that ``reader`` may write in: of a story of the family that exists for them (V1)."""
    mine = Story.objects.visible_to(reader).filter(pk=story_id, family__in=reader.families)
    return Chapter.objects.select_related("story__family").filter(pk=chapter_id, story__in=mine).first()


def standing(chapter: Chapter, by: Account) -> list[ChapterDraft]:
    """Return the working copies of this writer, the one kept last first; mostly one, or none."""
    found = list(ChapterDraft.objects.filter(chapter=chapter, writer=by).order_by("-at", "-pk"))
    for draft in found:
        draft.chapter = chapter
    return found


def of_revision(revision: Revision) -> Typed:
    """Return a revision as its editor shows it."""
    words = revision.words
    language = revision.chapter.story.language
    return Typed.of(words.beats, lines.lines_of(words, revision.circumstances, language))


def known(chapter: Chapter, by: Account, began: int) -> dict[str, Beat]:
    """Return the things that may stand on this writer's page: of the version it grew from, of the newest, of their copies."""
    numbers = {began, chapter.newest().number}
    revisions = chapter.revisions.select_related("chapter__story").filter(number__in=numbers)
    beats = [beat for revision in revisions for beat in revision.words.beats]
    beats += [beat for draft in standing(chapter, by) for beat in draft.typed.things()]
    return {beat.key: beat for beat in beats}


def beside(chapter: Chapter, drafts: Sequence[ChapterDraft]) -> bool:
    """Whether there is something to choose: two copies, or a version that a copy did not grow from."""
    newest = chapter.newest().number
    return len(drafts) > 1 or any(draft.began_from != newest for draft in drafts)


@transaction.atomic
def keep(chapter: Chapter, by: Account, typed: Typed, page: From, now: datetime) -> Kept:
    """Keep what is typed; durable when this commits. What another page of this writer kept stays beside it."""
    Chapter.objects.select_for_update().get(pk=chapter.pk)
    drafts = standing(chapter, by)
    ours = next((draft for draft in drafts if draft.tab == page.tab), None)
    draft = ours or next((one for one in drafts if (one.mark, one.began_from) == (page.mark, page.began)), None)
    if draft is None and typed == of_revision(chapter.newest()):
        return Kept(0, beside(chapter, drafts))  # it stands there as a version
    if draft is None:
        # What a page says is not trusted: it grew from a version that is there.
        began = min(max(page.began, 1), chapter.newest().number)
        draft = ChapterDraft(chapter=chapter, writer=by, began_from=began)
        drafts = [draft, *drafts]
    elif (ours and page.stroke is not None and page.stroke < ours.stroke) or draft.typed == typed:
        # A sending that was overtaken, a double submit, or one whose answer was lost.
        return Kept(draft.mark, beside(chapter, drafts))
    draft.stroke = (draft.stroke if ours else 0) if page.stroke is None else page.stroke
    draft.tab = page.tab
    _put(draft, typed, now)
    return Kept(draft.mark, beside(chapter, drafts))


@transaction.atomic
def change(chapter: Chapter, by: Account, how: Callable[[Typed], Typed], now: datetime, mark: int = 0) -> None:
    """Change what this writer is writing by something else than typing: the copy called ``mark``, or the last kept.

    Where there is none, the newest version is what they go on from. Raise TooLong.
    """
    Chapter.objects.select_for_update().get(pk=chapter.pk)
    drafts, newest = standing(chapter, by), chapter.newest()
    draft = next((one for one in drafts if mark in {0, one.mark}), None) or _begun(newest, by, of_revision(newest))
    _put(draft, how(draft.typed), now)


@transaction.atomic
def keep_version(
    chapter: Chapter, by: Account, typed: Typed, said: Mapping[str, Any], page: From, now: datetime
) -> Revision:
    """Make what is typed a version that never changes, and let go of the working copy. Raise WrittenMeanwhile.

    ``said``: the cleaned lines. The same once more is the same version (S37).
    """
    Chapter.objects.select_for_update().get(pk=chapter.pk)
    newest = chapter.newest()
    words = lines.words_of(said, typed.beats(), newest.words.beats)
    facts = lines.facts_of(said, newest.circumstances)
    if (words, facts) != (newest.words, newest.circumstances):
        if newest.number != page.began:
            raise WrittenMeanwhile(ids.show(chapter.pk))
        newest = chapter.revise(by, words, circumstances=facts, now=now)
    if chapter.story.language != said["language"]:
        # What stands open is changed by nobody alone (C2): the form says so.
        closed = Story.objects.exclude(published_at__isnull=False, withdrawn_at=None)
        closed.filter(pk=chapter.story_id).update(language=said["language"])
    for draft in standing(chapter, by):
        if draft.tab == page.tab or (draft.mark, draft.began_from) == (page.mark, page.began):
            draft.delete()
    return newest


@transaction.atomic
def settle(chapter: Chapter, by: Account, chosen: Collection[int], shown: Collection[int], now: datetime) -> None:
    """Go on with the chosen ones, one after the other, as one working copy. 0 is the newest version.

    Of this writer's own, what is not chosen is let go of. Raise WrittenMeanwhile (something else stands there, or
    nothing was chosen), TooLong.
    """
    Chapter.objects.select_for_update().get(pk=chapter.pk)
    newest, drafts = chapter.newest(), standing(chapter, by)
    there = choices(newest, drafts)
    picked = [typed for mark, typed in there.items() if mark in chosen]
    if sorted(shown) != sorted(there) or not picked:
        raise WrittenMeanwhile(ids.show(chapter.pk))
    typed, *others = picked
    for other in others:
        title = str(other.lines.get("title", ""))
        named = beats_of(f"## {title}") if title and title != typed.lines.get("title") else ()
        typed = typed.followed_by((*named, *other.beats()))
    for draft in drafts:
        draft.delete()
    if typed != of_revision(newest):
        _put(_begun(newest, by, typed), typed, now)


def choices(newest: Revision, drafts: Sequence[ChapterDraft]) -> dict[int, Typed]:
    """Return what stands side by side, by mark: the working copies, and the newest version (0) where one did not grow from it."""
    found = {draft.mark: draft.typed for draft in drafts}
    if any(draft.began_from != newest.number for draft in drafts):
        found[0] = of_revision(newest)
    return found


def _begun(newest: Revision, by: Account, typed: Typed) -> ChapterDraft:
    """Return a working copy that no page has sent yet."""
    draft = ChapterDraft(chapter=newest.chapter, writer=by, began_from=newest.number, tab=new_tab())
    draft.typed = typed
    return draft


def _put(draft: ChapterDraft, typed: Typed, now: datetime) -> None:
    """Write it down, under a mark that no state had before."""
    draft.typed, draft.at = typed.checked(), now
    draft.mark = secrets.randbelow(10**9 - 1) + 1
    draft.save()
