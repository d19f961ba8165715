"""C5, C7: who comes in sees what is shared first and answers for each, in one transaction; an invitation is used once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families import arriving
from alongside.families.models import Parent, families_of, relative_in
from alongside.keepsakes.models import Memory
from alongside.keepsakes.said import Said
from alongside.media.renditions import Rendition
from alongside.stories import coming_and_going
from alongside.stories.coming_and_going import Answer, SharedMeanwhile
from alongside.stories.models import Consent, Story
from alongside.stories.photographs import put_photo
from alongside.visibility.audience import Audience
from tests.cast import NOW, Cast, draft, join, says_yes, told, words
from tests.families.guests import comes, invites, made, of, says
from tests.stories.spoken import M4A, TRANSCRIPT, speaks


@pytest.fixture(autouse=True)
def at_ten_past_three() -> Iterator[None]:
    """Stop the clock, as the cast knows it."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def noor(db: None) -> Account:
    """Who comes in."""
    return join("Noor")


def as_at_a_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def readers_of(cast: Cast) -> set[str]:
    found = Story.objects.visible_to(cast.reader(cast.ruth)).told()
    return {ids.show(story.pk) for story in found}


def test_c5_a_guest_is_led_in_comes_back_and_holds_the_box(cast: Cast, noor: Account) -> None:
    link, code = invites(cast.mara, cast.box, "parent")
    browser = comes(None, link, code)
    assert browser.post(f"{link}come-in/").status_code == 302, "to signing in"
    assert noor.pk not in {parent.account_id for parent in cast.box.family.parents.all()}
    browser.force_login(noor)
    page = browser.get(link).content.decode()
    assert "Mara invites you to hold Ansel’s box together" in page, "the code is not asked for twice"
    answer = says(browser, link)
    assert answer.status_code == 302
    assert answer["Location"] == f"/box/?box={ids.show(cast.box.pk)}"
    assert families_of(noor.pk) == {cast.box.family_id}
    assert "invited" not in browser.session


def test_c7_what_is_shared_is_shown_first_and_nothing_happens_without_an_answer_to_each(
    cast: Cast, noor: Account
) -> None:
    told(cast, words("He was born before it was light.", title="Ansel"))
    told(cast, words("It had rained and then it stopped.", title="The blind"), to=Audience.LIVED)
    told(cast, words("Nobody else reads this.", title="For us"), to=Audience.FAMILY)
    draft(cast.mara, cast.box, words("Nobody at all reads this.", title="Not yet"))
    as_at_a_commit()
    link, code = invites(cast.mara, cast.box, "parent")
    browser = comes(noor, link, code)
    page = browser.get(link).content.decode()
    for shared in (
        "Ansel",
        "before it was light",
        "For anyone who comes by",
        "The blind",
        "It had rained",
        "Told by Mara",
    ):
        assert shared in page
    for not_shared in ("For us", "Nobody else reads", "Not yet", "Nobody at all"):
        assert not_shared not in page
    assert families_of(noor.pk) == frozenset(), "looking is not coming in"
    assert not Parent.objects.filter(account=noor).exists()
    answer = says(browser, link, Ansel="stays")
    assert answer.status_code == 422
    assert "Each story that is shared needs your answer" in answer.content.decode()
    assert families_of(noor.pk) == frozenset()


def test_c7_yes_keeps_a_story_up_and_taking_back_takes_it_down_with_the_acceptance(cast: Cast, noor: Account) -> None:
    stays = told(cast, words("He was born before it was light.", title="Ansel"))
    back = told(cast, words("It had rained.", title="The blind"), to=Audience.LIVED)
    as_at_a_commit()
    link, code = invites(cast.mara, cast.box, "parent")
    browser = comes(noor, link, code)
    assert says(browser, link, **{"Ansel": "stays", "The blind": "back"}).status_code == 302
    as_at_a_commit()
    assert readers_of(cast) == {ids.show(stays.pk)}
    with acting_for(noor.pk):
        yes = Consent.objects.get(parent__account=noor)
        assert (yes.revision.chapter.story, yes.audience, yes.answer) == (stays, "open", "yes")
        assert set(Story.objects.visible_to(cast.reader(noor))) == {stays, back}
    assert says(browser, link).status_code == 302, "sent twice: she is there already"
    assert cast.box.family.parents.current().count() == 3


def test_c7_a_parent_to_be_can_look_at_a_folded_photograph_before_she_answers(cast: Cast, noor: Account) -> None:
    story = Story.begin(cast.mara, cast.box, language="en", now=NOW)
    beat = put_photo(
        story, cast.mara, Rendition(b"RIFF-a-blanket", 4, 3), shows="A blanket", taken_by="Bisi", baby=False, now=NOW
    )
    with acting_for(cast.mara.pk):
        said = words("That morning.", title="Ansel")
        story.add_chapter(cast.mara, type(said)(title="Ansel", beats=(*said.beats, beat), told_by="Mara"), now=NOW)
    says_yes(story, cast.mara, cast.tobias, to=Audience.LIVED)
    link, code = invites(cast.mara, cast.box, "parent")
    browser = comes(noor, link, code)
    src = f"{link}photo/{beat.photo}/"
    folded = browser.get(link).content.decode()
    assert "A blanket" in folded
    assert src not in folded
    assert f"{link}?unfold={beat.photo}#photo-{beat.photo}" in folded
    assert src in browser.get(f"{link}?unfold={beat.photo}").content.decode()
    assert src not in browser.get(f"{link}?unfold={beat.photo}", headers={"Sec-Fetch-Site": "none"}).content.decode()
    assert browser.get(src).content == b"RIFF-a-blanket"
    for other in (of(noor), of(cast.piotr), comes(cast.piotr, *invites(cast.mara, cast.box, "relative"))):
        assert other.get(src).status_code == 404
    assert browser.get(f"{link}photo/{ids.show(ids.new_id())}/").status_code == 404


def test_c7_a_parent_to_be_can_listen_to_a_recording_before_she_answers(cast: Cast, noor: Account) -> None:
    spoken = speaks(cast, to=Audience.LIVED)
    link, code = invites(cast.mara, cast.box, "parent")
    browser = comes(noor, link, code)
    src = f"{link}sound/{spoken.beat.sound}/"
    silent = browser.get(link).content.decode()
    assert TRANSCRIPT in silent
    assert src not in silent
    assert src in browser.get(f"{link}?listen={spoken.beat.sound}").content.decode()
    assert browser.get(src).content == M4A
    assert browser.get(src, headers={"Range": "bytes=4-7"}).content == b"ftyp"
    for other in (of(noor), of(cast.piotr), comes(cast.piotr, *invites(cast.mara, cast.box, "relative"))):
        assert other.get(src).status_code == 404
    assert browser.get(f"{link}sound/{ids.show(ids.new_id())}/").status_code == 404


def test_c7_what_changed_since_it_was_shown_is_shown_again(cast: Cast, noor: Account) -> None:
    story = told(cast, words("First.", title="Ansel"))
    invitation, _ = made(cast.box.family, cast.mara)
    seen = coming_and_going.shared_with(invitation, noor, NOW)
    answers = {one.story.pk: Answer(True, one.mark) for one in seen}
    with acting_for(cast.mara.pk):
        story.publish(cast.mara, Audience.LIVED, NOW)
    with pytest.raises(SharedMeanwhile):
        coming_and_going.hold_with(invitation, noor, answers, NOW)
    assert families_of(noor.pk) == frozenset()
    assert arriving.that_count(NOW).get() == invitation, "and the invitation is as it was"


def test_c7_the_page_says_so_when_something_has_changed(cast: Cast, noor: Account) -> None:
    story = told(cast, words("First.", title="Ansel"))
    link, code = invites(cast.mara, cast.box, "parent")
    browser = comes(noor, link, code)
    form = {f"answer-{ids.show(story.pk)}": "stays", f"mark-{ids.show(story.pk)}": "0" * 64}
    answer = browser.post(f"{link}come-in/", form)
    assert "has changed in the meantime" in answer.content.decode()
    assert families_of(noor.pk) == frozenset()
    assert says(browser, link, Ansel="stays").status_code == 302


def test_c7_a_story_that_waits_for_a_host_needs_an_answer_too(cast: Cast, noor: Account) -> None:
    story = draft(cast.mara, cast.box, words("First words.", title="Ansel"))
    says_yes(story, cast.mara, cast.tobias)
    assert story.hold is not None
    link, code = invites(cast.mara, cast.box, "parent")
    assert says(comes(noor, link, code), link, Ansel="stays").status_code == 302
    as_at_a_commit()
    story.hold.release(cast.dami, NOW)
    assert readers_of(cast) == {ids.show(story.pk)}


def test_a_relative_comes_in_and_sees_what_is_shown_and_nothing_else(cast: Cast, noor: Account) -> None:
    with acting_for(cast.mara.pk):
        hat, blind = (
            Memory.put(cast.mara, cast.box, kind, said=Said(text=kind), now=NOW) for kind in ("object", "text")
        )
    told(cast, to=Audience.FAMILY)
    link, code = invites(cast.mara, cast.box, "relative")
    browser = comes(noor, link, code)
    assert "Mara would like to show you something from Ansel’s box" in browser.get(link).content.decode()
    assert browser.post(f"{link}come-in/")["Location"] == f"/box/?box={ids.show(cast.box.pk)}"
    (place,) = relative_in(noor.pk)
    with acting_for(cast.tobias.pk):
        hat.show_to(cast.tobias, [place])
    with acting_for(noor.pk):
        assert set(Memory.objects.visible_to(cast.reader(noor))) == {hat}
        assert not Story.objects.visible_to(cast.reader(noor)).exists()
    assert blind.pk
    assert browser.post(f"{link}come-in/").status_code == 302, "sent twice"
    assert browser.get(link).status_code == 302, "and to the box from now on"
    assert of(cast.piotr).get(link).status_code == 404, "for anyone else it is over"


def test_a_relative_who_becomes_a_parent_is_no_relative_any_more(cast: Cast, noor: Account) -> None:
    cast.box.family.accept_relative(noor, NOW)
    link, code = invites(cast.mara, cast.box, "parent")
    assert says(comes(noor, link, code), link).status_code == 302
    assert relative_in(noor.pk) == {}
    assert families_of(noor.pk) == {cast.box.family_id}


def test_a_relative_who_is_invited_again_is_told_kindly_and_the_invitation_is_left(cast: Cast, noor: Account) -> None:
    cast.box.family.accept_relative(noor, NOW)
    link, code = invites(cast.mara, cast.box, "relative")
    browser = comes(noor, link, code)
    assert "You can look at it already" in browser.get(link).content.decode()
    assert browser.post(f"{link}come-in/").status_code == 404
    assert arriving.that_count(NOW).count() == 1


@pytest.mark.parametrize("role", ["parent", "relative"])
def test_who_holds_the_box_already_is_led_to_its_people(cast: Cast, role: str) -> None:
    link, _ = invites(cast.mara, cast.box, role)
    for who in (cast.mara, cast.tobias):
        answer = of(who).get(link)
        assert answer.status_code == 302
        assert answer["Location"] == f"/box/people/?box={ids.show(cast.box.pk)}"
        assert of(who).post(f"{link}come-in/").status_code == 302
    assert arriving.that_count(NOW).count() == 1, "and the invitation is left for somebody else"
    assert relative_in(cast.tobias.pk) == {}


def test_an_invitation_of_one_who_has_left_is_over(cast: Cast, noor: Account) -> None:
    link, code = invites(cast.mara, cast.box, "parent")
    browser = comes(noor, link, code)
    cast.box.family.parent(cast.mara).leave(NOW)
    assert browser.get(link).status_code == 404
    assert says(browser, link).status_code == 404
    assert families_of(noor.pk) == frozenset()


def test_without_its_code_nobody_comes_in(cast: Cast, noor: Account) -> None:
    first, code = invites(cast.mara, cast.box, "parent", name="one")
    other, _ = invites(cast.mara, cast.box, "parent", name="two")
    browser = comes(noor, first, code)
    for there in (of(noor), browser):
        assert there.post(f"{other}come-in/").status_code == 404
    assert families_of(noor.pk) == frozenset()
