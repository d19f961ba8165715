"""Run by the canary campaign in a process of its own: invented families write its words, for every audience.

Standard input: {kind: [word]}. Standard output: the words that their writers could read back, and what a photograph's
bytes look like.
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from procrastinate.exceptions import AlreadyEnqueued  # noqa: E402
from procrastinate.tasks import Task  # noqa: E402

from alongside.accounts.models import Account  # noqa: E402
from alongside.database.viewer import acting_for  # noqa: E402
from alongside.demo.drawings import draw  # noqa: E402
from alongside.families.circumstances import Circumstances  # noqa: E402
from alongside.families.models import Family  # noqa: E402
from alongside.jobs import forget_paces, index_missing, rewrite_index  # noqa: E402
from alongside.keepsakes.models import KeepsakeBox  # noqa: E402
from alongside.matching import index  # noqa: E402
from alongside.media.renditions import Rendition, render  # noqa: E402
from alongside.stories.models import Story  # noqa: E402
from alongside.stories.photographs import open_photo, put_photo  # noqa: E402
from alongside.stories.words import Words, beats_of  # noqa: E402
from alongside.visibility.audience import Audience  # noqa: E402

AUDIENCES = {"kept": None, "withdrawn": Audience.OPEN}
"""What is told to whom, for a kind that is not the name of an audience itself."""
PATIENCE = 60.0  # seconds for the worker


def write(word: str, kind: str, picture: Rendition) -> Story:
    """Let a new family write ``word`` wherever a family writes, and tell it to those whom ``kind`` names."""
    now = timezone.now()
    audience = AUDIENCES[kind] if kind in AUDIENCES else Audience(kind)
    with transaction.atomic():
        by = Account.objects.join(f"family{Account.objects.count()}@example.org", name=word, now=now)
        with acting_for(by.pk):
            box = KeepsakeBox.begin(Family.begin(by, now), name=word, cloth="sage", now=now)
            box.circumstances = Circumstances(kinds=("stillbirth_before",), weeks=20, relation="father")
            box.save()
            by.profile.me = f"{word}'s dad"
            by.profile.save()
            story = Story.begin(by, box, language="en", now=now)
            photo = put_photo(story, by, picture, shows=word, taken_by=word, baby=False, now=now)
            text = f"Our son died at 20 weeks. {word} was the placenta.\n\nI did not want photos, {word}."
            words = Words(title=word, beats=(*beats_of(text), photo), told_by=word, line=word, found=word, date=word)
            story.add_chapter(by, words, circumstances=box.circumstances, now=now)
            if audience is not None:
                story.publish(by, audience, now)
        if story.hold is not None:
            host = _host()
            story.hold.release(host, timezone.now())
    return story


def _host() -> Account:
    now = timezone.now()
    host = Account.objects.filter(host_since__isnull=False).first()
    if host is None:
        host = Account.objects.join("host@example.org", name="Host", now=now)
        host.host_since = now
        host.save()
    return host


def reads_back(story: Story, word: str, picture: Rendition) -> bool:
    """Whether the writer finds the words and the photograph as they were."""
    with transaction.atomic(), acting_for(story.teller_id):
        again = Story.objects.get(pk=story.pk)
        words = again.chapters.get().newest().words
        return word in words.text() and open_photo(again, again.photos.get().pk) == picture.webp


def work(*jobs: Task[..., Any, Any]) -> None:
    """Have the worker do jobs, and wait until it has, and until every story that may be found is."""
    for job in jobs:
        with suppress(AlreadyEnqueued):  # its hour had come by itself
            job.configure().defer(timestamp=0)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')")
            if cursor.fetchone()[0] == 0 and not index.missing().exists():
                return
        time.sleep(0.1)
    raise TimeoutError("the worker did not do its jobs")


def main() -> None:
    said: dict[str, list[str]] = json.load(sys.stdin)
    picture = render(draw("sea", 1))
    stories = {word: (write(word, kind, picture), kind) for kind, words in said.items() for word in words}
    work(index_missing)
    read = [word for word, (story, _) in stories.items() if reads_back(story, word, picture)]
    for story, kind in stories.values():
        if kind == "withdrawn":
            with acting_for(story.teller_id):
                story.withdraw(story.teller, timezone.now())
    work(rewrite_index, forget_paces, index_missing)
    middle = len(picture.webp) // 2
    json.dump({"read": read, "photo": picture.webp[middle : middle + 32].hex()}, sys.stdout)


main()
