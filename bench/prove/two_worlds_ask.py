"""Two worlds that differ only in what a reader may not see, and every answer to that reader in each.

Imported when Django is set up.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.matching import index
from alongside.media.renditions import Rendition
from alongside.pacing.models import Bucket
from alongside.stories.models import Story
from alongside.stories.photographs import put_photo
from alongside.stories.shown import photo_address
from bench.prove import two_worlds_links as links
from bench.prove.two_worlds_hidden import World
from tests.cast import A_DAY, NOW, Cast, box_of, draft, gather, join, says_yes, words
from tests.home.browser import Browser

TEXTS = (
    "He was born at 20 weeks. It was the placenta. We held him until the morning, and Tobias sang.",
    "A miscarriage at nine weeks, the second one. The silence in the scan room is what I remember.",
    "Our daughter was born still at 38 weeks. My mother knitted a hat. I am her father.",
    "Four days in neonatal care, and then he died in my arms. The nurses cried with us.",
)
MASKED = re.compile(rb"good=[\w:-]+|csrfmiddlewaretoken[^>]*")

Answer = tuple[int, list[tuple[str, str]], bytes]
Answers = dict[str, Answer]


def told_apart(pairs: Iterable[int], seed: int) -> Iterator[str]:
    """Make each pair of worlds, ask for everything in both, and yield what differs."""
    cast, shared = _shared()
    paths = _paths(shared)
    one_world = {reader: _everything(reader, paths) for reader in (None, cast.piotr)}
    nowhere = {reader: _addressed(reader, ids.show(ids.new_id())) for reader in (None, cast.piotr)}
    for pair in pairs:
        reader = (None, cast.piotr, None)[pair % 3]
        with undone():
            world = World(cast, reader, shared, random.Random(f"{seed}-{pair}"))
            world.hides()
            if pair % 2:
                index.add_missing(limit=100)
            found = [*_differing(one_world[reader], _everything(reader, paths))]
            for story in world.hidden:
                # What one may not see has an address, too: it answers as one that never was.
                found += _differing(nowhere[reader], _addressed(reader, ids.show(story.pk)))
        yield from (f"pair {pair}, {'member' if reader else 'guest'}: {asked}" for asked in found)


def _differing(one: Answers, other: Answers) -> list[str]:
    return [asked for asked in one if one[asked] != other[asked]]


def _shared() -> tuple[Cast, list[Story]]:
    """Return the cast and the stories that everybody reads, one of them with a photograph."""
    cast, shared = gather(), []
    for number, text in enumerate(TEXTS):
        by = join(f"Open{number}")
        story = draft(
            by, box_of(by, name=f"Box{number}"), words(text, title=f"Title {number}", told_by=f"Open{number}")
        )
        if number == 0:
            with acting_for(by.pk):
                photo = put_photo(
                    story, by, Rendition(b"RIFF....WEBP", 4, 3), shows="", taken_by="", baby=True, now=NOW
                )
                said = words(text)
                said = type(said)(title=said.title, beats=(*said.beats, photo), told_by="Open0")
                story.chapters.get().revise(by, said, circumstances=Circumstances(weeks=20), now=NOW)
        says_yes(story, by, at=NOW - (number + 2) * A_DAY)
        assert story.hold is not None
        story.hold.release(cast.dami, NOW)
        shared.append(story)
    index.add_missing(limit=100)
    return cast, shared


@contextmanager
def undone() -> Iterator[None]:
    """Leave nothing of a block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _everything(reader: Account | None, paths: Sequence[str]) -> Answers:
    """Ask for every page as the reader, and return status, head and body, masked, of each."""
    Bucket.objects.all().delete()
    browser = Browser(reader)
    browser.cookies[settings.LINKS_COOKIE_NAME] = ".".join(links.TOKENS.values())
    found = {}
    for path in paths:
        found[f"GET {path}"] = _masked(browser.get(path))
    for path, form in (
        ("/find/", {"sentence": "our son died at 20 weeks, the placenta"}),
        ("/find/", {"sentence": "a hat that somebody knitted"}),
        ("/find/", {"sentence": "our son died at 20 weeks, the placenta", "page": "0", "do": "more"}),
        ("/find/words/", {"words": "placenta"}),
        ("/find/words/", {"words": "SECRET"}),
        ("/find/words/", {"words": "nobody"}),
        ("/find/list/", {"kind": "stillbirth", "who": "father", "far_along": "not_sure", "how_long_ago": "not_sure"}),
    ):
        found[f"POST {path} {form}"] = _masked(browser.post(path, form))
    browser.handler.enforce_csrf_checks = False
    found["POST a code"] = _masked(browser.post(f"/read/with/{ids.show(links.LINK)}/", {"code": "abcde-fghij"}))
    return found


def _paths(shared: Sequence[Story]) -> list[str]:
    paths = ["/", "/read/", "/find/", "/find/list/", "/find/words/", "/help/", "/about/", "/care/", "/promises/"]
    paths += ["/nowhere/", "/readyz", f"/read/{ids.show(ids.new_id())}/", f"/read/with/{ids.show(links.LINK)}/"]
    for story in shared:
        shown = ids.show(story.pk)
        paths += [f"/read/{shown}/", f"/find/near/{shown}/", f"/read/?after={shown}"]
    first = ids.show(shared[0].pk)
    photo, chapter = (ids.show(part.get().pk) for part in (shared[0].photos, shared[0].chapters))
    return [*paths, f"/read/{first}/?unfold={photo}&open={chapter}", photo_address(shared[0].pk, photo)]


def _addressed(reader: Account | None, shown: str) -> Answers:
    """Ask for one story by its address, wherever one may."""
    Bucket.objects.all().delete()
    browser, found = Browser(reader), {}
    browser.cookies[settings.LINKS_COOKIE_NAME] = ".".join(links.TOKENS.values())
    for path in ("/read/{}/", "/find/near/{}/", "/read/?after={}"):
        status, head, body = _masked(browser.get(path.format(shown)))
        found[f"GET {path}"] = (status, head, body.replace(shown.encode(), b""))
    return found


def _masked(answer: object) -> Answer:
    assert hasattr(answer, "content")
    return answer.status_code, sorted(answer.items()), MASKED.sub(b"", answer.content)  # type: ignore[attr-defined]
