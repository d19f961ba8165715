"""V2, V4–V7, S8, S23: who has the link and the code reads; whoever has less learns nothing, and what is taken back is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.matching import index
from alongside.matching.models import Entry
from alongside.media.renditions import Rendition
from alongside.stories.inviting import carried
from alongside.stories.models import Link, LinkDevice, Story
from alongside.stories.models.link import MOST_DEVICES
from alongside.stories.photographs import put_photo
from alongside.stories.shown import photo_address
from alongside.visibility.audience import Audience
from tests.cast import NOW, Cast, block, draft, says_yes, told, words
from tests.families.guests import of
from tests.home.browser import Browser
from tests.stories.invited import COOKIE, carrying, named, page, path_of, seen

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock, as the cast knows it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def story(cast: Cast) -> Story:
    """A story with a photograph, for invited people."""
    story = draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk):
        photo = put_photo(
            story, cast.mara, Rendition(b"RIFF....WEBP", 4, 3), shows="A hat.", taken_by="Bisi", baby=False, now=NOW
        )
        said = words("He was born before it was light.", told_by="M.")
        said = type(said)(title=said.title, beats=(*said.beats, photo), told_by="M.")
        story.chapters.get().revise(cast.mara, said, circumstances=Circumstances(weeks=24), now=NOW)
    says_yes(story, cast.mara, cast.tobias, to=Audience.INVITED)
    return story


def url(story: Story) -> str:
    return f"/read/{ids.show(story.pk)}/"


def photo(story: Story) -> str:
    return photo_address(story.pk, ids.show(story.photos.get().pk))


def gets(browser: Browser, story: Story) -> tuple[int, int]:
    """Return what the page and the photograph answer."""
    return browser.get(url(story)).status_code, browser.get(photo(story)).status_code


READS, NOTHING = (200, 200), (404, 404)


def test_v2_link_and_code_let_one_device_through_and_no_other(cast: Cast, story: Story) -> None:
    link, code = named(story, cast.mara, cast.tobias)
    sister, other = of(None), of(None)
    assert "Somebody would like you to read something" in page(sister.get(path_of(link)))
    assert gets(sister, story) == NOTHING, "the link alone opens nothing"
    answer = sister.post(path_of(link), {"code": f" {code.upper()} "})
    assert (answer.status_code, answer["Location"]) == (302, url(story))
    assert gets(sister, story) == READS
    assert gets(other, story) == NOTHING
    assert sister.get(path_of(link))["Location"] == url(story), "the code is typed once"
    cookie = answer.cookies[COOKIE]
    assert COOKIE.startswith("__Host-")
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"], cookie["path"]) == (True, True, "Lax", "/")
    assert cookie.value not in str(LinkDevice.objects.values_list("digest", flat=True))


@pytest.mark.parametrize("audience", [Audience.FAMILY, Audience.LIVED, Audience.MEMBERS])
def test_v2_a_link_opens_its_story_alone_and_only_where_it_is_meant_for_invited_people(
    cast: Cast, story: Story, audience: Audience
) -> None:
    other = told(cast, to=Audience.INVITED)
    sister = carrying(named(story, cast.mara, cast.tobias)[0])
    assert sister.get(url(story)).status_code == 200
    assert sister.get(url(other)).status_code == 404
    says_yes(story, cast.mara, cast.tobias, to=audience)
    Story.objects.filter(pk=story.pk).update(hold=None)
    assert gets(sister, story) == NOTHING


def test_v6_s4_whatever_is_wrong_with_link_or_code_looks_alike(cast: Cast, story: Story) -> None:
    stands, right = named(story, cast.mara, cast.tobias)
    over, over_code = named(story, cast.mara, cast.tobias, until=NOW)
    back, back_code = named(story, cast.mara, cast.tobias)
    with acting_for(cast.tobias.pk):
        back.take_back(cast.tobias, NOW)
    waits, waits_code = named(story, cast.mara)
    gone = told(cast, to=Audience.INVITED)
    of_gone, gone_code = named(gone, cast.mara, cast.tobias)
    with acting_for(cast.mara.pk):
        gone.withdraw(cast.mara, NOW)
    unknown = f"/read/with/{ids.show(ids.new_id())}/"
    tries = [(path_of(stands), "aaaaa-aaaaa"), (path_of(over), over_code), (path_of(back), back_code)]
    tries += [(path_of(waits), waits_code), (path_of(of_gone), gone_code), (unknown, right)]
    for who in (None, cast.ruth, cast.dami):
        asked = {seen(of(who).get(path)) for path, _ in tries}
        assert len(asked) == 1
        assert asked.pop()[0] == 200, "and a link's own page says nothing at all"
        # Each sends the same letters; which are right differs from link to link.
        answers = {seen(of(who).post(path, {"code": code}))[0] for path, code in tries}
        assert answers == {422}
        same = {seen(of(who).post(path, {"code": "bbbbb-bbbbb"})) for path, _ in tries}
        assert len(same) == 1
    assert not LinkDevice.objects.exists()
    assert not Link.objects.filter(opened=True).exists()


def test_s8_it_runs_out_at_the_page_the_photo_and_the_link(
    cast: Cast, story: Story, clock: time_machine.Traveller
) -> None:
    link, code = named(story, cast.mara, cast.tobias, until=NOW + HOUR)
    sister = carrying(link)
    clock.shift(HOUR - timedelta(seconds=1))
    assert gets(sister, story) == READS
    clock.shift(timedelta(seconds=1))
    assert gets(sister, story) == NOTHING
    assert sister.get(path_of(link)).status_code == 200, "the neutral page, as for anybody"
    assert of(None).post(path_of(link), {"code": code}).status_code == 422


def test_v5_s7_what_is_taken_back_is_gone_at_the_next_request(cast: Cast, story: Story) -> None:
    link, code = named(story, cast.mara, cast.tobias)
    phone, tablet = carrying(link), carrying(link)
    brother = carrying(named(story, cast.mara, cast.tobias, name="Ben")[0])
    address = photo(story)
    with acting_for(cast.tobias.pk):
        link.take_back(cast.tobias, NOW)
    for device in (phone, tablet):
        assert gets(device, story) == NOTHING
        assert device.get(address).status_code == 404, "an address that was good a moment ago"
        assert device.get(f"/find/near/{ids.show(story.pk)}/").status_code == 404
    assert of(None).post(path_of(link), {"code": code}).status_code == 422
    assert gets(carrying(link), story) == NOTHING, "also on a device that was bound at that very moment"
    assert gets(brother, story) == READS, "another person's link stands"
    with acting_for(cast.mara.pk):
        story.withdraw(cast.mara, NOW)
    assert gets(brother, story) == NOTHING


def test_v4_a_block_works_at_a_device_that_carries_a_link_too_and_nobody_learns_of_it(cast: Cast, story: Story) -> None:
    link, code = named(story, cast.mara, cast.tobias)
    ruth, piotr = carrying(link, account=cast.ruth), carrying(link, account=cast.piotr)
    assert gets(ruth, story) == gets(piotr, story) == READS
    block(cast.tobias, cast.ruth)
    block(cast.piotr, cast.mara)
    assert gets(ruth, story) == gets(piotr, story) == NOTHING
    wrong = of(cast.ruth).post(path_of(link), {"code": "aaaaa-aaaaa"})
    right = of(cast.ruth).post(path_of(link), {"code": code})
    assert right.status_code == wrong.status_code == 422
    assert seen(right)[1].replace(code.encode(), b"") == seen(wrong)[1].replace(b"aaaaa-aaaaa", b"")


def test_s23_guessing_is_slowed_and_does_not_lock_out_whom_the_code_is_for(
    cast: Cast, story: Story, clock: time_machine.Traveller
) -> None:
    link, code = named(story, cast.mara, cast.tobias)
    looked_at = 0
    for number in range(200):
        answer = of(None).post(path_of(link), {"code": "aaaaa-aaaaa"}, REMOTE_ADDR=f"10.1.{number % 50}.1")
        looked_at += answer.status_code == 422
    assert looked_at == 50 + 8, "one try for each household, and one small pot for all that is further"
    unknown = f"/read/with/{ids.show(ids.new_id())}/"
    tries = [of(None).post(unknown, {"code": "aaaaa-aaaaa"}).status_code for _ in range(10)]
    assert tries == [422] * 9 + [429], "as slowly at a link that is none"
    assert of(None).post(path_of(link), {"code": code}, REMOTE_ADDR="192.0.2.7").status_code == 302, "during the attack"


def test_s8_the_page_says_nothing_that_is_not_the_storys_and_no_preview_shows_anything(
    cast: Cast, story: Story
) -> None:
    link, _ = named(story, cast.mara, cast.tobias, name="Aunt-Canary")
    sister = carrying(link)
    for path in (url(story), path_of(link), "/read/"):
        answer = of(None).get(path) if path == path_of(link) else sister.get(path)
        text = answer.content.decode()
        own = {cast.mara.email, cast.tobias.email, "Aunt-Canary", "Mara", "Tobias"}
        own |= {ids.show(one) for one in (cast.mara.pk, cast.tobias.pk, story.family_id, story.box_id, story.vault)}
        assert not [canary for canary in own if canary in text], path
        assert "og:" not in text
        title = re.search(r"<title>([^<]*)</title>", text)
        assert title
        assert title[1] in {"Read · Alongside", "Invited · Alongside"}
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
    assert "before it was light" not in of(None).get(path_of(link)).content.decode()


def test_an_invited_story_is_in_no_index_and_not_on_the_first_page_and_in_the_devices_own_list(
    cast: Cast, story: Story
) -> None:
    sister = carrying(named(story, cast.mara, cast.tobias)[0])
    index.add_missing(limit=10)
    assert not Entry.objects.filter(story=story).exists()
    assert url(story) in sister.get("/read/").content.decode()
    assert url(story) not in of(None).get("/read/").content.decode()
    for answer in (sister.get("/"), sister.post("/find/", {"sentence": "born before it was light at 24 weeks"})):
        assert url(story) not in answer.content.decode()
    assert url(story) not in sister.post("/find/words/", {"words": "light"}).content.decode()


def test_a_link_is_forgotten_on_one_device_and_stands_on_others(cast: Cast, story: Story) -> None:
    link, code = named(story, cast.mara, cast.tobias)
    other_story = told(cast, to=Audience.INVITED)
    other = named(other_story, cast.mara, cast.tobias)[0]
    phone, tablet = carrying(link, other), carrying(link)
    shown = page(phone.get(url(story)))
    assert "Forget it on this device" in shown
    assert phone.post(f"{path_of(link)}forget/")["Location"] == "/read/"
    assert gets(phone, story) == NOTHING
    assert phone.get(url(other_story)).status_code == 200
    assert gets(tablet, story) == READS
    assert tablet.post(f"{path_of(link)}forget/").cookies[COOKIE]["max-age"] == 0, "nothing is carried any more"
    assert phone.post(path_of(link), {"code": code}).status_code == 302
    assert gets(phone, story) == READS
    assert "Forget it on this device" not in page(of(cast.mara).get(url(story)))


def test_leaving_quickly_and_signing_out_keep_an_invitation(cast: Cast, story: Story) -> None:
    piotr = carrying(named(story, cast.mara, cast.tobias)[0], account=cast.piotr)
    piotr.post("/sign-out/")
    assert gets(piotr, story) == READS
    assert COOKIE not in piotr.get("/leave/").cookies
    assert gets(piotr, story) == READS


def test_reading_by_a_link_leaves_no_record_of_it(cast: Cast, story: Story) -> None:
    """Kept is whether the link was ever used: not when, not how often, not what was read."""
    link, code = named(story, cast.mara, cast.tobias)
    sister = of(None)
    sister.post(path_of(link), {"code": code})
    rows = [list(model._default_manager.order_by("pk").values()) for model in (Link, LinkDevice, Story)]
    assert [field.name for field in LinkDevice._meta.local_fields] == ["id", "link", "digest"]
    assert Link.objects.get().opened
    for _ in range(3):
        assert gets(sister, story) == READS
    assert rows == [list(model._default_manager.order_by("pk").values()) for model in (Link, LinkDevice, Story)]


def test_a_device_carries_so_many_links_and_a_link_has_so_many_devices(cast: Cast, story: Story) -> None:
    first, code = named(story, cast.mara, cast.tobias)
    phone = of(None)
    phone.post(path_of(first), {"code": code})
    for _ in range(carried.MOST):
        link, code = named(story, cast.mara, cast.tobias)
        phone.post(path_of(link), {"code": code})
    assert phone.cookies[COOKIE].value.count(".") == carried.MOST - 1
    assert phone.get(path_of(first)).status_code == 200, "the first asks for its code again"
    devices = [carrying(link) for _ in range(MOST_DEVICES + 1)]
    assert [gets(device, story) for device in devices] == [NOTHING, *[READS] * MOST_DEVICES]
    for strange in ("", ".", "a" * 43, ("a" * 43 + ".") * 500, "é" * 43, "\x00" * 43):
        phone.cookies[COOKIE] = strange
        assert gets(phone, story) == NOTHING


def test_v4_a_link_leads_nobody_to_a_story_that_is_not_there_for_them(cast: Cast, story: Story) -> None:
    link, _ = named(story, cast.mara, cast.tobias)
    blocked, guest = carrying(link, account=cast.ruth), carrying(link)
    assert guest.get(path_of(link)).status_code == 302
    block(cast.mara, cast.ruth)
    nothing = f"/read/with/{ids.show(ids.new_id())}/"
    assert seen(blocked.get(path_of(link))) == seen(blocked.get(nothing))
    Story.objects.filter(pk=story.pk).update(erasing_at=NOW)
    assert seen(guest.get(path_of(link))) == seen(guest.get(nothing)), "while it is being erased too"
