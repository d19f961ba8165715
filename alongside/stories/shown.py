"""Stories as pages and lists show them: opened, in words, and never more than the policy gave."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from alongside import ids
from alongside.accounts.choices import ASK, OPEN
from alongside.families.vocabulary import vocabulary
from alongside.media.addresses import good_for
from alongside.stories import listening
from alongside.stories.ago import ago, number_word
from alongside.stories.beats import Photo, ShownBeat, ShownChapter
from alongside.stories.models import Chapter, Story, StoryQuerySet
from alongside.stories.words import Beat, Words, minutes
from alongside.vault.errors import KeyErased, KeyMissing, Tampered
from alongside.visibility.audience import Audience
from alongside.visibility.reader import Reader

_WHO_READS = {
    "family": "Only your family can read it.",
    "invited": "For people the family invited.",
    "lived": "For people who have lived it.",
    "members": "For everyone here.",
    "open": "For anyone who comes by.",
}
_FOLD_SAYS = {
    "new_pregnancy": "This chapter speaks of a new pregnancy.",
    "living_child": "This chapter speaks of a living child.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One story in a list: a sentence of theirs, whose it is, and why it is here."""

    id: uuid.UUID
    url: str
    cloth: str
    sentence: str
    lang: str
    title: str
    teller: str
    told: str
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above and beside a story."""

    title: str
    lang: str
    line: str
    told_by: str
    audience_words: str
    inside: Sequence[str]
    cloth: str
    near_url: str


def with_words(stories: StoryQuerySet) -> StoryQuerySet:
    """Fetch the open revisions along with the stories, in one further query."""
    chapters = Chapter.objects.filter(open_revision__isnull=False).select_related("open_revision").order_by("place")
    return stories.prefetch_related(Prefetch("chapters", queryset=chapters, to_attr="open_chapters"))


def open_words(story: Story, reader: Reader) -> list[tuple[Chapter, Words]]:
    """Return each open chapter of a story that came through ``with_words``, with its words as ``reader`` gets them.

    Everything that shows or finds what is told comes by here: its family alone reads the names that others read otherwise.
    """
    found = []
    of_family = story.family_id in reader.families
    for chapter in story.open_chapters:  # type: ignore[attr-defined]
        # The row knows its story already; asking the database again would be one query a chapter.
        chapter.story = story
        chapter.open_revision.chapter = chapter
        words = chapter.open_revision.words
        found.append((chapter, words if of_family else words.for_others()))
    return found


def may_be_found(story: Story, parts: Sequence[tuple[Chapter, Words]]) -> bool:
    """Whether search engines may list a story that a guest may read: every open chapter carries that yes (V2, C6)."""
    return story.audience == Audience.OPEN and all(words.search_engines for _, words in parts)


def for_search_engines(stories: Iterable[Story]) -> Iterable[Story]:
    """Yield those of the stories, which came through ``with_words``, that search engines may list."""
    for story in stories:
        with suppress(KeyErased, KeyMissing, Tampered):
            if may_be_found(story, open_words(story, Reader.guest())):
                yield story


def rows(stories: Iterable[Story], reader: Reader, now: datetime) -> list[Row]:
    """Return list rows for stories that came through ``with_words``; one without open words is left out.

    So is one that does not open: damaged bytes of one family must not shut everybody out. The vault has logged it.
    """
    found = []
    for story in stories:
        with suppress(KeyErased, KeyMissing, Tampered):
            found += [row(story, reader, now)] if story.open_chapters else []  # type: ignore[attr-defined]
    return found


def row(story: Story, reader: Reader, now: datetime, reasons: str = "") -> Row:
    """Return one story as a list shows it to ``reader``."""
    _, words = open_words(story, reader)[0]
    return Row(
        id=story.pk,
        url=reverse("stories:story", args=[story.pk]),
        cloth=story.cloth,
        sentence=gettext(_FOLD_SAYS[words.fold]) if words.fold else words.found or excerpt(words),
        lang=story.language,
        title=words.title,
        teller=words.told_by,
        told=ago(story.published_at, now) if story.published_at else "",
        reasons=reasons,
    )


def excerpt(words: Words, longest: int = 180) -> str:
    """Return the first words of a chapter, cut between words, for a story whose author chose none."""
    text = next((beat.text for beat in words.beats if beat.kind in {"paragraph", "sound"}), "")
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0] + " …"


def head(story: Story, chapters: Sequence[tuple[Chapter, Words]]) -> Head:
    """Return what stands above a story, from its first chapter and from what all of them hold."""
    words = chapters[0][1]
    return Head(
        title=words.title,
        lang=story.language,
        line=words.line,
        told_by=_told_by(words),
        audience_words=gettext(_WHO_READS[story.audience]),
        inside=_inside([part for _, part in chapters]),
        cloth=story.cloth,
        near_url=reverse("matching:near_story", args=[story.pk]),
    )


def _told_by(words: Words) -> str:
    if not words.others:
        return gettext("Told by %(name)s.") % {"name": words.told_by}
    others = gettext(" and ").join(words.others)
    return gettext("Told by %(name)s, with %(others)s.") % {"name": words.told_by, "others": others}


def _inside(chapters: Sequence[Words]) -> list[str]:
    notes = dict.fromkeys(note for words in chapters for note in words.notes)
    photos = sum(len(words.photos()) for words in chapters)
    said = [vocabulary().label(note, get_language() or "en") for note in notes]
    if photos:
        count = number_word(photos)
        said.append(ngettext("%(count)s folded photo", "%(count)s folded photos", photos) % {"count": count})
    length = minutes(chapters)
    to_read = ngettext("about %(count)s minute", "about %(count)s minutes", length) % {"count": number_word(length)}
    heard = listening.inside(chapters)
    said += [*heard, gettext("%(length)s to read") % {"length": to_read}] if heard else [to_read]
    return said


def _fold_words(words: Words) -> str:
    if words.fold:
        return gettext(_FOLD_SAYS[words.fold])
    labels = [vocabulary().label(note, get_language() or "en") for note in words.notes]
    return gettext("Inside: %(notes)s.") % {"notes": ", ".join(labels)}


class Page:
    """One story as one reader has unfolded it: which photographs, which chapters, which recordings.

    ``resting``: they had enough for today. Then every photograph and recording and each chapter with a content note is
    folded too, until just that one is unfolded.
    """

    folds = True
    """Whether chapters lie folded (P3): not for somebody who is asked about all of them."""

    def __init__(
        self,
        story: Story,
        parts: Sequence[tuple[Chapter, Words]],
        unfolded: Iterable[str],
        opened: Iterable[str],
        chosen: str = ASK,
        *,
        listened: Iterable[str] = (),
        resting: bool = False,
    ) -> None:
        self.story = story
        self.parts = parts
        # Only what this story has: whatever else stands in an address goes no further.
        photos = {beat.photo for _, words in parts for beat in words.photos()}
        self.chosen = chosen = ASK if resting and chosen == OPEN else chosen
        self.resting = resting
        self.unfolded = {ASK: photos.intersection(unfolded), OPEN: photos}.get(chosen, set())
        self.opened = {ids.show(chapter.pk) for chapter, _ in parts}.intersection(opened)
        sounds = {beat.sound for _, words in parts for beat in words.sounds()}
        self.listened = sounds.intersection(listened)
        self.address = reverse("stories:story", args=[story.pk])
        self.sizes = {ids.show(photo.pk): photo for photo in story.photos.all()} if self.unfolded else {}

    def chapters(self) -> list[ShownChapter]:
        """Return the chapters; a folded one without any of its words."""
        found: list[ShownChapter] = []
        before = 0
        for chapter, words in self.parts:
            found.append(self._chapter(chapter, words, before, first=not found))
            before += len(words.beats)
        return found

    def _chapter(self, chapter: Chapter, words: Words, before: int, *, first: bool) -> ShownChapter:
        shown = ids.show(chapter.pk)
        hard = words.fold or (self.resting and words.notes)
        folded = bool(hard) and self.folds and shown not in self.opened
        return ShownChapter(
            id=shown,
            title="" if first else words.title,
            date=words.date,
            folded=folded,
            fold_words=_fold_words(words) if folded else "",
            open_url=f"{self._with(opened=self.opened | {shown})}#chapter-{shown}",
            beats=()
            if folded
            else tuple(
                replace(self._beat(beat), key=beat.key, place=at) for at, beat in enumerate(words.beats, before)
            ),
        )

    def _beat(self, beat: Beat) -> ShownBeat:
        if beat.kind == "sound":
            return ShownBeat("sound", "", sound=self._sound(beat))
        if beat.kind != "photo":
            return ShownBeat(beat.kind, beat.text)
        row = self.sizes.get(beat.photo) if beat.photo in self.unfolded else None
        photo = Photo(
            id=beat.photo,
            shows=beat.shows,
            by=beat.by,
            unfolded=row is not None,
            asks=self.chosen == ASK,
            src=self.source(beat.photo) if row else "",
            width=row.width if row else 0,
            height=row.height if row else 0,
            unfold_url=f"{self._with(unfolded=self.unfolded | {beat.photo})}#photo-{beat.photo}",
            fold_url=f"{self._with(unfolded=self.unfolded - {beat.photo})}#photo-{beat.photo}",
        )
        return ShownBeat("photo", "", photo)

    def source(self, photo: str) -> str:
        """Return the address of an unfolded photograph's bytes."""
        return photo_address(self.story.pk, photo)

    def source_of_sound(self, sound: str) -> str:
        """Return the address of the bytes of a recording that is listened to."""
        return listening.sound_address(self.story.pk, sound)

    def _sound(self, beat: Beat) -> listening.Sound:
        listens = beat.sound in self.listened
        return listening.shown(
            beat,
            src=self.source_of_sound(beat.sound) if listens else "",
            folded=self.resting and not listens,
            listen_url=f"{self._with(listened=self.listened | {beat.sound})}#sound-{beat.sound}",
            fold_url=f"{self._with(listened=self.listened - {beat.sound})}#sound-{beat.sound}",
        )

    def _with(
        self, unfolded: set[str] | None = None, opened: set[str] | None = None, listened: set[str] | None = None
    ) -> str:
        asked = {
            "unfold": self.unfolded if unfolded is None else unfolded,
            "open": self.opened if opened is None else opened,
            "listen": self.listened if listened is None else listened,
        }
        asks = [f"{what}={one}" for what, those in asked.items() for one in sorted(those)]
        return f"{self.address}?{'&'.join(asks)}" if asks else self.address


def photo_address(story: uuid.UUID, photo: str) -> str:
    """Return an address for a photograph's bytes that is good for ten minutes, and asks the policy each time."""
    return f"{reverse('stories:photo', args=[story, ids.read(photo)])}?good={good_for(ids.show(story), photo)}"
