"""Run by the canary campaign: invented families write its words, one story kept private and one told to anyone."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from alongside.accounts.models import Account  # noqa: E402
from alongside.database.viewer import acting_for  # noqa: E402
from alongside.demo.drawings import draw  # noqa: E402
from alongside.families.circumstances import Circumstances  # noqa: E402
from alongside.families.models import Family  # noqa: E402
from alongside.keepsakes.models import KeepsakeBox  # noqa: E402
from alongside.matching import index  # noqa: E402
from alongside.media.renditions import render  # noqa: E402
from alongside.stories.models import Story  # noqa: E402
from alongside.stories.photographs import put_photo  # noqa: E402
from alongside.stories.words import Words, beats_of  # noqa: E402
from alongside.visibility.audience import Audience  # noqa: E402


def write(word: str, audience: Audience | None, place: int) -> None:
    """Let a new family write ``word`` wherever a family writes; without an audience nobody else sees it."""
    now = timezone.now()
    name = word if audience is None else "Somebody"
    with transaction.atomic():
        by = Account.objects.join(f"family{place}.{audience or 'private'}@example.org", name=name, now=now)
        host = Account.objects.join(f"host{place}.{audience or 'private'}@example.org", name="Host", now=now)
        host.host_since = now
        host.save()
        with acting_for(by.pk):
            box = KeepsakeBox.begin(Family.begin(by, now), name=name, cloth="sage", now=now)
            box.circumstances = Circumstances(kinds=("stillbirth_before",), weeks=20, relation="father")
            box.save()
            story = Story.begin(by, box, language="en", now=now)
            photo = put_photo(story, by, render(draw("sea", 1)), shows=name, taken_by=name, baby=False, now=now)
            text = f"Our son died at 20 weeks. {word} was the placenta.\n\nI did not want photos, {word}."
            words = Words(title=name, beats=(*beats_of(text), photo), told_by=name, line=name, found=name, date=name)
            story.add_chapter(by, words, circumstances=box.circumstances, now=now)
            if audience is not None:
                story.publish(by, audience, now)
        if story.hold is not None:
            story.hold.release(host, now)


said = json.loads(sys.argv[1])
for number, private in enumerate(said["private"]):
    write(private, None, number)
for number, told in enumerate(said["open"]):
    write(told, Audience.OPEN, number)
while index.add_missing(limit=100):
    pass
