"""Stories in every state for every audience, and the cells of the matrix that speak of them. Imported when Django is set up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import time_machine
from django.conf import settings

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.keepsakes.models import KeepsakeBox
from alongside.matching import index
from alongside.media.addresses import PHOTO_LASTS, SOUND_LASTS
from alongside.media.renditions import Rendition
from alongside.moderation.models import Hold
from alongside.stories.listening import sound_address
from alongside.stories.models import Link, Story
from alongside.stories.photographs import put_photo
from alongside.stories.shown import photo_address
from alongside.visibility.audience import Audience
from bench.prove.matrix_table import TABLE, Cell
from tests.cast import A_DAY, NOW, block, box_of, draft, join, says_yes, words
from tests.home.browser import Browser
from tests.stories.invited import named
from tests.stories.spoken import puts_sound_in

STATES: dict[str, Any] = TABLE["states"]
PIXELS = Rendition(b"RIFF....WEBP", 4, 3)


@dataclass(frozen=True)
class Subject:
    """A story in one state, for one audience, with what its addresses are made of."""

    state: str
    audience: str
    story: Story
    parts: dict[str, str]


@dataclass(frozen=True)
class House:
    """Everybody and every story that the table speaks of."""

    people: dict[str, Account | None]
    browsers: dict[str, Browser]
    subjects: list[Subject]
    carried: dict[str, dict[str, str]]
    """Of who carries links, the cookie for each story by its shown id."""

    def browser(self, role: str, path: str, /) -> Browser:
        """Return this role's browser; a new one for what ends its session."""
        if any(row["path"] == path for row in TABLE["plain"] if row.get("ends_the_session")):
            return Browser(self.people[role], checks_tokens=False)
        if role in self.carried:
            cookies = self.carried[role]
            about = next((story for story in cookies if story in path), self.subjects[0].parts["story"])
            self.browsers[role].cookies[settings.LINKS_COOKIE_NAME] = cookies[about]
        return self.browsers[role]


def cells(house: House) -> Iterator[Cell]:
    """Every cell of what is the same for everyone, of what is not there, and of each story."""
    for role in (*TABLE["roles"], *TABLE["carriers"]):
        for method in TABLE["methods"]:
            for row in TABLE["plain"]:
                yield Cell(role, method, row["path"], frozenset({_plain(row, method)}), row["path"])
            for row in TABLE["absent"]:
                path = row["path"].format(**house.subjects[0].parts)
                yield Cell(role, method, path, frozenset({404}), row["path"])
        for subject in house.subjects:
            yield from _cells_of(role, subject)


def _plain(row: dict[str, Any], method: str) -> int:
    if method in {"GET", "HEAD"}:
        return int(row.get("get", 200))
    return int(row.get("post", 405)) if method == "POST" else 405


def _cells_of(role: str, subject: Subject) -> Iterator[Cell]:
    reads = 200 if _reads(role, subject) else 404
    about = f", {subject.state} for {subject.audience}"
    for method in TABLE["methods"]:
        for row in TABLE["story"]:
            expected = reads if method in {"GET", "HEAD"} else 405
            yield Cell(role, method, row["path"].format(**subject.parts), frozenset({expected}), row["route"], about)
    for row in TABLE["wrong"] if STATES[subject.state] else ():
        path = row["path"].format(**subject.parts)
        yield Cell(role, "GET", path, frozenset({404}), f"bytes with {row['why']}", about)


def _reads(role: str, subject: Subject) -> bool:
    readers = STATES[subject.state]
    return role in (TABLE["reads"][subject.audience] if readers == "audience" else readers)


def build() -> House:
    """Make everybody, and a story for each state and audience."""
    people = {
        role: join(role.replace("_", "-"), lived=role not in {"member", "host", "steward"}) for role in TABLE["roles"]
    }
    people["host"].host_since = people["steward"].steward_since = NOW - 90 * A_DAY
    people["host"].save()
    people["steward"].save()
    box = box_of(people["parent"], people["other_parent"], people["former_parent"])
    box.family.parent(people["former_parent"]).leave(NOW - 60 * A_DAY)
    box_of(people["stranger_parent"], name="Sol")
    block(people["parent"], people["blocked_member"])
    block(people["blocker"], people["other_parent"])
    other = _tell(people, box, "open")
    subjects = [_subject(people, box, state, audience, other) for state in STATES for audience in TABLE["audiences"]]
    carried = {role: _carried(people, subjects, role) for role in TABLE["carriers"]}
    # Last: to what is being erased nobody can say yes.
    erased = [subject.story.pk for subject in subjects if subject.state == "erasing"]
    Story.objects.filter(pk__in=erased).update(erasing_at=NOW)
    index.add_missing(limit=1000)
    asking = {role: None if role == "guest" else account for role, account in people.items()}
    asking |= dict.fromkeys(TABLE["carriers"])
    browsers = {role: Browser(account, checks_tokens=False) for role, account in asking.items()}
    return House(asking, browsers, subjects, carried)


def _carried(people: dict[str, Account], subjects: list[Subject], role: str) -> dict[str, str]:
    """Return the cookie of somebody whose device carries a link to each story; of the uninvited, one that stands no more."""
    cookies = {}
    for number, subject in enumerate(subjects):
        # Of a draft nobody knows but its writer, who alone can say yes.
        others = [people["other_parent"]] if subject.story.asked_at else []
        link, _ = named(subject.story, people["parent"], *others)
        cookies[subject.parts["story"]] = link.bind()
        if role == "uninvited":
            # Written on the row and not by the verb, which forgets the devices too.
            over = {"revoked_at": NOW} if number % 2 else {"expires_at": NOW}
            Link.objects.filter(pk=link.pk).update(**over)
    return cookies


def _tell(people: dict[str, Account], box: KeepsakeBox, state: str, audience: str = "open") -> Story:
    """Return a story told for ``audience``, or only drafted or asked for, with a photograph and a recording in it."""
    by = people["parent"]
    story = draft(by, box, words("Nothing."))
    with acting_for(by.pk):
        photo = put_photo(story, by, PIXELS, shows="A hat.", taken_by="", baby=False, now=NOW)
        said = words("He was born before it was light.")
        said = replace(said, beats=(*said.beats, photo, puts_sound_in(story, by)))
        story.chapters.get().revise(by, said, circumstances=Circumstances(), now=NOW)
    parents = {"draft": [], "asked": [by]}.get(state, [by, people["other_parent"]])
    says_yes(story, *parents, to=Audience(audience), at=NOW)
    return story


def _subject(people: dict[str, Account], box: KeepsakeBox, state: str, audience: str, other: Story) -> Subject:
    story = _tell(people, box, state, audience)
    hold = None
    if state in {"held", "released"}:
        hold = Hold.objects.create(reason=Hold.Reason.FIRST_WORDS, held_at=NOW)
    if hold and state == "released":
        hold.release(people["host"], NOW)
    if state == "withdrawn":
        with acting_for(people["parent"].pk):
            story.withdraw(people["parent"], NOW)
    # What was wanted stays written on the row, so that nothing but its state keeps it shut.
    Story.objects.filter(pk=story.pk).update(hold=hold, audience=audience)
    return Subject(state, audience, story, _parts(people["parent"], story, other))


def _parts(by: Account, story: Story, other: Story) -> dict[str, str]:
    with acting_for(by.pk):
        unagreed = put_photo(story, by, PIXELS, shows="", taken_by="", baby=True, now=NOW).photo
    unagreed_sound = puts_sound_in(story, by).sound
    photo, other_photo = (ids.show(one.photos.exclude(pk=ids.read(unagreed)).get().pk) for one in (story, other))
    with time_machine.travel(NOW.timestamp() - PHOTO_LASTS - 1, tick=False):
        stale = _good(story, photo)
    sound, other_sound = (ids.show(one.sounds.exclude(pk=ids.read(unagreed_sound)).get().pk) for one in (story, other))
    with time_machine.travel(NOW.timestamp() - SOUND_LASTS - 1, tick=False):
        sound_stale = _heard(story, sound)
    return {
        "sound": sound,
        "sound_good": _heard(story, sound),
        "sound_stale": sound_stale,
        "other_sound": other_sound,
        "sound_foreign": _heard(other, other_sound),
        "unagreed_sound": unagreed_sound,
        "unagreed_sound_good": _heard(story, unagreed_sound),
        "story": ids.show(story.pk),
        "photo": photo,
        "good": _good(story, photo),
        "stale": stale,
        "other_photo": other_photo,
        "foreign": _good(other, other_photo),
        "unagreed": unagreed,
        "unagreed_good": _good(story, unagreed),
    }


def _heard(story: Story, sound: str) -> str:
    return sound_address(story.pk, sound).partition("?good=")[2]


def _good(story: Story, photo: str) -> str:
    return photo_address(story.pk, photo).partition("?good=")[2]
