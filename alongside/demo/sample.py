"""The sample community: read from ``families/*.toml`` and told through the product's own verbs."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zlib import crc32

from alongside import ids
from alongside.accounts.joining import WORDING
from alongside.accounts.models import KEEPING, Account, agree
from alongside.database.viewer import acting_for
from alongside.demo.drawings import draw
from alongside.demo.humming import hum
from alongside.families.circumstances import Circumstances
from alongside.families.models import Family
from alongside.keepsakes.files.keeping import keep_photo, keep_voice, say_whether_a_baby_shows
from alongside.keepsakes.models import KeepsakeBox, Memory
from alongside.keepsakes.said import Said
from alongside.media.renditions import render
from alongside.media.sounds import normalise
from alongside.stories.models import Story
from alongside.stories.photographs import put_photo
from alongside.stories.recordings import put_sound
from alongside.stories.words import Beat, Words, beats_of
from alongside.visibility.audience import Audience

FOLDER = Path(__file__).parent / "families"
HOST = "dami@example.org"


class SampleError(ValueError):
    """A file of the sample community cannot be used; the message names it."""


@dataclass(frozen=True)
class SampleFamily:
    """One file: the parents, what they told, and for some what they keep and show their relatives."""

    slug: str
    cloth: str
    parents: Sequence[Mapping[str, Any]]
    stories: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    relatives: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    babies: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    keepsakes: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


def read_families(folder: Path = FOLDER) -> Iterator[SampleFamily]:
    """Yield the invented families in the order of their files; raise SampleError."""
    for path in sorted(folder.glob("*.toml")):
        try:
            value = tomllib.loads(path.read_text(encoding="utf-8"))
            rest = (value.get(name, []) for name in ("story", "relative", "baby", "keepsake"))
            yield SampleFamily(path.stem, value["cloth"], value["parent"], *rest)
        except (tomllib.TOMLDecodeError, KeyError) as error:
            raise SampleError(f"{path.name}: {error}") from error


def settle() -> int:
    """Tell every family's stories; return how many stories there are. Does nothing when it was done before."""
    if Account.objects.filter(email=HOST).exists():
        return Story.objects.count()
    host = Account.objects.join(HOST, name="Dami", now=_at(date(2023, 1, 9)))
    host.host_since = host.created_at
    host.save()
    for family in read_families():
        _tell_family(family, host)
    return Story.objects.count()


def _tell_family(family: SampleFamily, host: Account) -> None:
    first_told = min((story["told"] for story in family.stories), default=date(2024, 1, 1))
    joined = _at(first_told.replace(day=1))
    accounts = {parent["slug"]: _join(parent, joined) for parent in family.parents}
    first, *others = accounts.values()
    with acting_for(first.pk):
        home = Family.begin(first, joined)
        for other in others:
            home.accept(other, joined)
        box = KeepsakeBox.begin(home, name=family.stories[0]["title"], cloth=family.cloth, now=joined)
        for baby in family.babies:
            box.add_baby(first, name=baby["name"], lives=baby.get("lives", False))
    relatives = {relative["slug"]: _join(relative, joined) for relative in family.relatives}
    for account in relatives.values():
        home.accept_relative(account, joined)
    for kept in family.keepsakes:
        try:
            _keep(box, accounts | relatives, kept)
        except (KeyError, ValueError) as error:
            raise SampleError(f"{family.slug}.toml, {kept.get('title')}: {error}") from error
    for story in family.stories:
        try:
            _tell(box, accounts, story, host)
        except (KeyError, ValueError) as error:
            raise SampleError(f"{family.slug}.toml, {story.get('slug')}: {error}") from error


def _join(parent: Mapping[str, Any], now: datetime) -> Account:
    account = Account.objects.join(f"{parent['slug']}@example.org", name=parent["name"], now=now)
    with acting_for(account.pk):
        agree(account, KEEPING, WORDING, now)
        profile = account.profile
        profile.me = parent.get("me", "")
        profile.save()
        if parent.get("lived", True):
            profile.say_lived(now)
    return account


def _keep(box: KeepsakeBox, accounts: Mapping[str, Account], kept: Mapping[str, Any]) -> None:
    by, now = accounts[kept["by"]], _at(kept["on"])
    said = Said(**{part: kept.get(part, "").strip() for part in ("text", "title", "shows", "day")})
    with acting_for(by.pk):
        if kept["kind"] == Memory.Kind.PHOTO:
            drawn = io.BytesIO(draw(kept["drawing"], seed=crc32(kept["title"].encode()) % 1000))
            memory = keep_photo(by, box, drawn, pk=ids.new_id(), now=now)
            say_whether_a_baby_shows(memory, by, kept.get("baby", False))
        elif kept["kind"] == Memory.Kind.VOICE:
            memory = keep_voice(by, box, io.BytesIO(hum(kept["seconds"])), pk=ids.new_id(), now=now)
        else:
            memory = Memory.put(by, box, Memory.Kind(kept["kind"]), now=now)
        memory.keep(by, said, base=0, tab="", now=now)
        if shown := kept.get("shown", ()):
            places = box.family.relatives.current().filter(account__in=[accounts[slug].pk for slug in shown])
            memory.show_to(by, [place.pk for place in places])


def _tell(box: KeepsakeBox, accounts: Mapping[str, Account], told: Mapping[str, Any], host: Account) -> None:
    now, teller = _at(told["told"]), accounts[told["teller"]]
    with acting_for(teller.pk):
        story = Story.begin(teller, box, language=told["language"], now=now)
        for place, chapter in enumerate(told["chapter"]):
            words = _words(story, teller, told, chapter, place, accounts, now)
            facts = Circumstances.from_json(told.get("circumstances", {})) if place == 0 else None
            story.add_chapter(teller, words, circumstances=facts, now=now)
    audience = Audience(told["audience"])
    # Whoever wrote it asks first; before that there is nothing to say yes to.
    for slug in sorted(told["yes"], key=lambda slug: slug != told["teller"]):
        with acting_for(accounts[slug].pk):
            story.publish(accounts[slug], audience, now)
    if story.hold is not None:
        story.hold.release(host, now)


def _words(
    story: Story,
    teller: Account,
    told: Mapping[str, Any],
    chapter: Mapping[str, Any],
    place: int,
    accounts: Mapping[str, Account],
    now: datetime,
) -> Words:
    seed = crc32(told["slug"].encode()) % 1000
    after = _photos(story, teller, chapter.get("photo", ()), seed, now) + _sounds(story, teller, chapter, now)
    beats = _with(beats_of(chapter["text"]), after)
    others = tuple(account.profile.name for slug, account in accounts.items() if slug != told["teller"])
    return Words(
        title=told["title"] if place == 0 else chapter.get("title", ""),
        beats=beats,
        told_by=teller.profile.name,
        others=others if told["audience"] != "family" else (),
        line=told.get("line", "") if place == 0 else "",
        found=told.get("found", "") if place == 0 else "",
        date=chapter.get("date", ""),
        fold=chapter.get("fold", ""),
        notes=tuple(told.get("notes", ())) if place == 0 else (),
        hopes=told.get("hopes", "just_be_heard"),
    )


def _photos(
    story: Story, by: Account, photos: Sequence[Mapping[str, Any]], seed: int, now: datetime
) -> list[tuple[int, Beat]]:
    """Return each photograph with the number of the paragraph that it follows."""
    found = []
    for number, photo in enumerate(photos):
        drawn = draw(photo["drawing"], seed=seed + number, size=(1024, 768))
        beat = put_photo(
            story,
            by,
            render(drawn),
            shows=photo.get("shows", ""),
            taken_by=photo.get("by", ""),
            baby=photo.get("baby", False),
            now=now,
        )
        found.append((int(photo["after"]), beat))
    return found


def _sounds(story: Story, by: Account, chapter: Mapping[str, Any], now: datetime) -> list[tuple[int, Beat]]:
    """Return each recording, somebody humming, with the number of the paragraph that it follows."""
    found = []
    for sound in chapter.get("sound", ()):
        heard = normalise(io.BytesIO(hum(sound["seconds"])))
        said = {"shows": sound["shows"], "transcript": sound["text"].strip()}
        beat = put_sound(story, by, heard.m4a, seconds=heard.seconds, now=now, **said)
        found.append((int(sound["after"]), beat))
    return found


def _with(beats: tuple[Beat, ...], after: Sequence[tuple[int, Beat]]) -> tuple[Beat, ...]:
    last = len(beats)
    return tuple(
        part
        for place, beat in enumerate(beats, 1)
        for part in (beat, *(one for where, one in after if min(where, last) == place))
    )


def _at(day: date) -> datetime:
    return datetime.combine(day, time(3, 12), tzinfo=UTC)
