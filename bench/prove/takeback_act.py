"""Run by the takeback campaign: a parent who tells and takes back. A line of JSON in, a line of JSON out.

{"do": "tell", "way"}: something is told so that it can be taken back in this way; out come its addresses.
{"do": "take back"}: done now; out comes the moment in which it was committed, by the machine's own clock.
"""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from alongside import ids  # noqa: E402
from alongside.accounts.models import Account  # noqa: E402
from alongside.database.viewer import acting_for  # noqa: E402
from alongside.families.circumstances import Circumstances  # noqa: E402
from alongside.keepsakes.files.keeping import keep_photo  # noqa: E402
from alongside.matching import index  # noqa: E402
from alongside.media import in_memory  # noqa: E402
from alongside.media.addresses import good_for  # noqa: E402
from alongside.moderation.models import Hold  # noqa: E402
from alongside.stories import erasing  # noqa: E402
from alongside.stories.models import Link, Story  # noqa: E402
from alongside.stories.photographs import put_photo  # noqa: E402
from alongside.stories.shown import photo_address  # noqa: E402
from alongside.visibility.audience import Audience  # noqa: E402
from bench.prove.kept_world import PICTURE, cookie  # noqa: E402
from tests.cast import NOW, block, box_of, draft, join, says_yes, words  # noqa: E402
from tests.keepsakes.pictures import photograph  # noqa: E402

Back = Callable[[], object]


@dataclass
class World:
    """One family and a host; whoever reads is somebody new each time."""

    teller: Account
    other: Account
    let_through: Hold

    @classmethod
    def begin(cls) -> World:
        host = join("Host")
        host.host_since = NOW
        host.save()
        hold = Hold.objects.create(reason=Hold.Reason.FIRST_WORDS, held_at=NOW)
        hold.release(host, timezone.now())
        world = cls(join("Mara"), join("Tobias"), hold)
        world.box = box_of(world.teller, world.other)
        return world

    def __post_init__(self) -> None:
        self.box: Any = None

    def tell(self, audience: Audience) -> tuple[Story, str]:
        """Tell a story with a photograph, that can be found; return it with a word that stands in no other."""
        word = "canary" + "".join(secrets.choice("bcdfghjklmnpqrtvwxz") for _ in range(10))
        story = draft(self.teller, self.box, words("Nothing yet."))
        with acting_for(self.teller.pk):
            photo = put_photo(story, self.teller, PICTURE, shows="A hat.", taken_by="", baby=False, now=timezone.now())
            said = words(f"Our son died at 20 weeks, and there was {word} in the garden.", title=word)
            said = replace(said, beats=(*said.beats, photo))
            story.chapters.get().revise(self.teller, said, circumstances=Circumstances(), now=timezone.now())
        Story.objects.filter(pk=story.pk).update(hold=self.let_through)
        says_yes(story, self.teller, self.other, to=audience, at=timezone.now())
        while audience.reaches_strangers and not Story.objects.filter(pk=story.pk, entry__isnull=False).exists():
            index.add_missing(limit=10)
        return story, word


def by_link(world: World, _way: str) -> tuple[dict[str, Any], Back]:
    """Let somebody without an account read a story by a link, which will be taken back."""
    story, word = world.tell(Audience.INVITED)
    with acting_for(world.teller.pk):
        link, _ = Link.make(story, world.teller, "Judith", None, timezone.now())
    with acting_for(world.other.pk):
        link.say_yes(world.other, timezone.now())
    carries = f"{settings.LINKS_COOKIE_NAME}={link.bind()}"
    return {"addresses": _of(world, story, word)[:2], "cookie": carries}, lambda: link.take_back(
        world.teller, timezone.now()
    )


def _of(world: World, story: Story, word: str) -> list[dict[str, Any]]:
    """Return every address at which a story is given out, its own page and photograph first."""
    shown = ids.show(story.pk)
    with acting_for(world.teller.pk):
        photo = ids.show(story.photos.get().pk)
    finds = {"sentence": f"our son died at 20 weeks, and there was {word} in the garden"}
    return [
        {"what": "page", "path": f"/read/{shown}/", "holds": word},
        {"what": "photo", "path": photo_address(story.pk, photo), "holds": "WEBP"},
        {"what": "list", "path": "/read/", "holds": shown},
        {"what": "search", "path": "/find/words/", "form": {"words": word}, "holds": shown},
        {"what": "nearest", "path": "/find/", "form": finds, "holds": shown},
        {"what": "near to it", "path": f"/find/near/{shown}/", "holds": shown},
    ]


def of_story(world: World, way: str) -> tuple[dict[str, Any], Back]:
    """Tell a story to a reader who will lose it in this way."""
    is_guest = way in {"withdraw", "narrow", "erase"}
    reader = join(f"Reader{ids.show(ids.new_id())[:12]}", lived=False)
    story, word = world.tell(Audience.OPEN if is_guest else Audience.MEMBERS)
    ways: dict[str, Back] = {
        "withdraw": lambda: story.withdraw(world.other, timezone.now()),
        "narrow": lambda: story.publish(world.other, Audience.LIVED, timezone.now()),
        "narrow to us": lambda: story.publish(world.teller, Audience.FAMILY, timezone.now()),
        "erase": lambda: erasing.agree_to_erase(story, world.teller, timezone.now()),
        "block": lambda: block(world.teller, reader),
    }
    told = {"addresses": _of(world, story, word), "cookie": "" if is_guest else cookie(reader)}
    return told, ways[way]


def of_keepsake(world: World, way: str) -> tuple[dict[str, Any], Back]:
    """Show a relative a photograph in the box; they will look no more, or it is shown to them no more."""
    reader = join(f"Relative{ids.show(ids.new_id())[:12]}", lived=False)
    source = in_memory.blank()
    source.write(photograph(64, 48))
    with acting_for(world.teller.pk):
        relative = world.box.family.accept_relative(reader, timezone.now())
        photo = keep_photo(world.teller, world.box, source, pk=ids.new_id(), now=timezone.now())
        photo.show_to(world.teller, [relative.pk])
    shown = ids.show(photo.pk)
    good = f"?good={good_for(shown, 'page')}"
    addresses = [
        {"what": "keepsake", "path": f"/box/{shown}/", "holds": shown},
        {"what": "its photo", "path": f"/box/{shown}/photo/page/{good}", "holds": "WEBP"},
        {"what": "the box", "path": "/box/", "holds": shown},
    ]
    ways: dict[str, Back] = {
        "look no more": lambda: relative.part(world.teller, timezone.now()),
        "show no more": lambda: photo.show_to(world.teller, []),
    }
    return {"addresses": addresses, "cookie": cookie(reader)}, ways[way]


def main() -> None:
    world, back = World.begin(), None
    for line in sys.stdin:
        said = json.loads(line)
        if said["do"] == "tell":
            way = said["way"]
            tells = of_keepsake if way.endswith("no more") else by_link if way == "link" else of_story
            answer, back = tells(world, way)
        else:
            assert back is not None
            with acting_for(world.other.pk if said["way"] in {"withdraw", "narrow"} else world.teller.pk):
                back()
            answer = {"committed": time.monotonic()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
