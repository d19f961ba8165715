"""C2, C3, C7, S37, T1: whom a story is for is each parent's yes, person by person; taking back needs nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from alongside import ids
from alongside.accounts.models import KEEPING, Account, revoke
from alongside.database.viewer import acting_for
from alongside.families.models import NotAParent
from alongside.keepsakes.erasing import finish_due
from alongside.keepsakes.models import Erasure
from alongside.stories import coming_and_going, erasing
from alongside.stories.coming_and_going import SharedMeanwhile
from alongside.stories.models import Link, LinkDevice, LinkYes, Story
from alongside.visibility.audience import Audience
from tests.cast import A_DAY, NOW, Cast, draft, join, says_yes, told
from tests.families.guests import comes, invites, is_fresh, of, says
from tests.stories.invited import carrying, link_and_code, named, names, page, people, presses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten_past_three() -> Iterator[None]:
    """Stop the clock, as the cast knows it."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def story(cast: Cast) -> Story:
    return told(cast, to=Audience.INVITED)


def let_through(story: Story, *parents: Account, to: Audience) -> None:
    """Let everyone say yes, and a host release first words (M1)."""
    says_yes(story, *parents, to=to)
    Story.objects.filter(pk=story.pk).update(hold=None)
    story.refresh_from_db()


def reads(browser: object, story: Story) -> bool:
    status = browser.get(f"/read/{ids.show(story.pk)}/").status_code  # type: ignore[attr-defined]
    assert status in {200, 404}
    return bool(status == 200)


def test_c2_one_parent_names_and_nothing_opens_before_each_other_has_said_yes(cast: Cast, story: Story) -> None:
    link, code = names(cast.mara, story, "Judith")
    assert of(None).post(link, {"code": code}).status_code == 422
    hers, his = page(of(cast.mara).get(people(story))), page(of(cast.tobias).get(people(story)))
    assert "It opens nothing before Tobias has said yes here too." in hers
    assert "Yes, Judith may read it" not in hers
    assert "Yes, Judith may read it" in his
    assert "<bdi>Mara</bdi> made it" in his
    assert code not in hers + his
    for _ in range(2):
        assert presses(cast.tobias, story, link, "yes").status_code == 302
    assert Link.objects.get().yeses.count() == 2
    sister = of(None)
    assert sister.post(link, {"code": code}).status_code == 302
    assert reads(sister, story)
    assert "The link has been used." in page(of(cast.tobias).get(people(story)))


def test_c3_either_parent_takes_a_link_back_at_once_without_being_asked_anything(cast: Cast, story: Story) -> None:
    link, code = names(cast.mara, story)
    presses(cast.tobias, story, link, "yes")
    sister = of(None)
    sister.post(link, {"code": code})
    assert reads(sister, story)
    for _ in range(2):
        answer = of(cast.tobias).post(f"{people(story)}{link.split('/')[3]}/take-back/")
        assert answer.status_code == 302
    assert not reads(sister, story)
    assert "Judith" not in page(of(cast.mara).get(people(story)))
    assert presses(cast.mara, story, link, "yes").status_code == 404


def test_a_parent_alone_is_asked_for_nobodys_yes(cast: Cast) -> None:
    cast.box.family.parent(cast.tobias).leave(NOW)
    story = draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk):
        story.publish(cast.mara, Audience.INVITED, NOW)
    add = page(is_fresh(of(cast.mara)).get(f"{people(story)}add/"))
    assert "yes" not in add
    link, code = names(cast.mara, story)
    assert of(None).post(link, {"code": code}).status_code == 302
    assert "yes" not in page(of(cast.mara).get(people(story)))


@pytest.mark.parametrize("how", ["taken back", "only us", "others instead"])
def test_c2_going_back_up_asks_for_each_name_again(cast: Cast, story: Story, how: str) -> None:
    link, _ = named(story, cast.mara, cast.tobias)
    sister = carrying(link)
    with acting_for(cast.mara.pk):
        if how == "taken back":
            story.withdraw(cast.mara, NOW)
        elif how == "only us":
            story.publish(cast.mara, Audience.FAMILY, NOW)
    if how == "others instead":
        let_through(story, cast.mara, cast.tobias, to=Audience.LIVED)
    says_yes(story, cast.mara, cast.tobias, to=Audience.INVITED)
    assert not reads(sister, story)
    assert "Yes, Judith may read it" in page(of(cast.mara).get(people(story)))
    for parent in (cast.mara, cast.tobias):
        with acting_for(parent.pk):
            link.say_yes(parent, NOW)
    assert reads(sister, story)


def test_c2_from_anyone_back_to_named_people_is_narrower_and_needs_nobody(cast: Cast, story: Story) -> None:
    sister = carrying(named(story, cast.mara, cast.tobias)[0])
    let_through(story, cast.mara, cast.tobias, to=Audience.OPEN)
    with acting_for(cast.tobias.pk):
        story.publish(cast.tobias, Audience.INVITED, NOW)
    assert reads(sister, story)
    assert not reads(of(None), story)


def test_c7_who_comes_later_says_yes_or_the_link_stands_no_more_and_who_leaves_counts_no_more(
    cast: Cast, story: Story
) -> None:
    agreed, waits = named(story, cast.mara, cast.tobias)[0], named(story, cast.mara)[0]
    sister, brother = carrying(agreed), carrying(waits)
    assert reads(sister, story)
    noor = join("Noor")
    cast.box.family.accept(noor, NOW)
    assert not reads(sister, story)
    with acting_for(noor.pk):
        agreed.say_yes(noor, NOW)
    assert reads(sister, story)
    assert not reads(brother, story)
    for leaver in (cast.tobias, noor):
        cast.box.family.parent(leaver).leave(NOW)
    assert reads(brother, story), "everyone who holds it has said yes"
    cast.box.family.accept(cast.tobias, NOW)
    assert not reads(sister, story), "who comes back is asked anew"
    says_yes(story, cast.tobias, to=Audience.INVITED)
    assert not reads(sister, story), "and a yes to the story is none to a name"


def test_c7_who_is_to_hold_the_box_sees_the_names_and_answers_for_them_with_the_story(cast: Cast, story: Story) -> None:
    sister = carrying(named(story, cast.mara, cast.tobias, name="Judith")[0])
    named(story, cast.mara, name="Nobody agreed on me")
    noor = join("Noor")
    browser = comes(noor, *(link := invites(cast.mara, cast.box, "parent")))
    shown = browser.get(link[0]).content.decode()
    assert "Invited by name: <bdi>Judith</bdi>." in shown
    assert says(browser, link[0], Ansel="stays").status_code == 302
    assert reads(sister, story)
    assert LinkYes.objects.filter(parent__account=noor).count() == 1


def test_c7_a_name_that_was_added_meanwhile_is_looked_at_first(cast: Cast, story: Story) -> None:
    noor = join("Noor")
    invitation = invites(cast.mara, cast.box, "parent")
    browser = comes(noor, *invitation)
    browser.get(invitation[0])
    asked = coming_and_going.shared_with(cast.box.family.invitations.get(), noor, NOW)
    named(story, cast.mara, cast.tobias)
    answers = {one.story.pk: coming_and_going.Answer(True, one.mark) for one in asked}
    with pytest.raises(SharedMeanwhile):
        coming_and_going.hold_with(cast.box.family.invitations.get(), noor, answers, NOW)


def test_another_code_opens_and_the_one_before_no_more_while_devices_stay(cast: Cast, story: Story) -> None:
    link, code = names(cast.mara, story)
    presses(cast.tobias, story, link, "yes")
    phone = of(None)
    phone.post(link, {"code": code})
    again, another = link_and_code(presses(cast.tobias, story, link, "code"))
    assert again == link
    assert another != code
    assert of(None).post(link, {"code": code}, REMOTE_ADDR="192.0.2.1").status_code == 422
    assert of(None).post(link, {"code": another}, REMOTE_ADDR="192.0.2.2").status_code == 302
    assert reads(phone, story)


def test_s10_neither_name_nor_code_lies_readably_and_the_name_is_the_familys_alone(cast: Cast, story: Story) -> None:
    _, code = names(cast.mara, story, "Canary-Judith")
    kept = str(list(Link.objects.values()))
    for word in ("Canary", code, code.replace("-", "")):
        assert word not in kept
    for who, status in ((None, 302), (cast.ruth, 404), (cast.dami, 404), (cast.tobias, 200)):
        for path in (people(story), f"{people(story)}add/"):
            answer = (is_fresh(of(who)) if who else of(None)).get(path)
            assert answer.status_code == status
            assert ("Canary-Judith" in answer.content.decode()) == (who == cast.tobias and path == people(story))


def test_v1_a_draft_and_who_it_is_for_are_its_writers_alone(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    link, code = names(cast.mara, story)
    assert of(cast.tobias).get(people(story)).status_code == 404
    assert presses(cast.tobias, story, link, "yes").status_code == 404
    assert of(None).post(link, {"code": code}).status_code == 422


def test_s5_the_database_takes_nobodys_yes_but_their_own(cast: Cast, story: Story) -> None:
    link, _ = named(story, cast.mara)
    theirs = cast.box.family.parent(cast.tobias)
    for viewer in (None, cast.mara.pk, cast.ruth.pk):
        with pytest.raises(DatabaseError, match="row-level security"), acting_for(viewer):
            link.yeses.create(parent=theirs, at=NOW)
    other = told(cast, to=Audience.INVITED)
    ours = draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk):
        hidden, _ = Link.make(ours, cast.mara, "Judith", None, NOW)
    with pytest.raises(DatabaseError, match="row-level security"), acting_for(cast.tobias.pk):
        hidden.yeses.create(parent=theirs, at=NOW)
    with acting_for(cast.tobias.pk), connection.cursor() as cursor:
        cursor.execute("update stories_linkyes set link_id = %s", [named(other, cast.mara)[0].pk])
        assert cursor.rowcount == 0


def test_l1_an_erased_storys_links_go_with_it(cast: Cast, story: Story) -> None:
    sister = carrying(named(story, cast.mara, cast.tobias)[0])
    with acting_for(cast.mara.pk):
        erasing.agree_to_erase(story, cast.mara, NOW)
    assert not reads(sister, story), "closed at once"
    assert of(cast.mara).get(people(story)).status_code == 404
    Story.objects.filter(pk=story.pk).update(erasing_at=NOW - A_DAY)
    Erasure.objects.update(due_at=NOW - A_DAY)
    assert finish_due(NOW + 4 * A_DAY, {Erasure.Kind.STORY: erasing.remove_story}) == 1
    assert not Link.objects.exists()
    assert not LinkYes.objects.exists()
    assert not LinkDevice.objects.exists()


def test_no_verb_is_a_strangers(cast: Cast, story: Story) -> None:
    link, _ = named(story, cast.mara)
    for verb in (
        lambda: Link.make(story, cast.ruth, "Me", None, NOW),
        lambda: link.say_yes(cast.ruth, NOW),
        lambda: link.take_back(cast.ruth, NOW),
        lambda: link.change_code(cast.ruth, NOW),
    ):
        with pytest.raises(NotAParent), transaction.atomic():
            verb()


def test_s37_a_page_that_is_sent_twice_names_one_person(cast: Cast, story: Story) -> None:
    first = names(cast.mara, story, page_from=NOW.isoformat())
    again = names(cast.mara, story, page_from=NOW.isoformat())
    other = names(cast.mara, story, "Ben", page_from=NOW.isoformat())
    assert first[0] != again[0]
    assert page(of(cast.mara).get(people(story))).count("<h2") == 2
    live = {f"/read/with/{ids.show(link.pk)}/" for link in story.links.live(NOW)}
    assert live == {again[0], other[0]}


def test_t1_naming_and_agreeing_ask_first_whether_it_is_still_them(cast: Cast, story: Story) -> None:
    link, _ = names(cast.mara, story)
    typed = of(cast.mara).post(f"{people(story)}add/", {"name": "Aunt Ida", "until": "month"})
    assert typed.status_code == 422
    assert "Aunt Ida" in typed.content.decode(), "what was typed is still there (D1)"
    for do in ("yes", "code"):
        answer = of(cast.tobias).post(f"{people(story)}{link.split('/')[3]}/{do}/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/you/again/")
    assert Link.objects.get().waits_for()


@pytest.mark.parametrize(
    ("until", "days"), [("month", 30), ("year", 365), ("open", None)], ids=["a month", "a year", "until taken back"]
)
def test_each_name_has_an_end_or_none(cast: Cast, story: Story, until: str, days: int | None) -> None:
    names(cast.mara, story, until=until)
    assert Link.objects.get().expires_at == (NOW + days * A_DAY if days else None)
    for form in ({"name": "", "until": until}, {"name": "Judith"}, {"name": "J" * 61, "until": until}):
        assert is_fresh(of(cast.mara)).post(f"{people(story)}add/", form).status_code == 422
    assert Link.objects.count() == 1


def test_h5_who_took_back_their_yes_to_keeping_names_nobody(cast: Cast, story: Story) -> None:
    mara: Account = cast.mara
    with acting_for(mara.pk):
        revoke(mara, KEEPING, NOW)
    answer = is_fresh(of(mara)).post(f"{people(story)}add/", {"name": "Judith", "until": "year"})
    assert answer["Location"] == "/you/agreed/"
    assert not Link.objects.exists()


def test_m6_naming_has_a_limit(cast: Cast, story: Story) -> None:
    mara = is_fresh(of(cast.mara))
    form = {"name": "Judith", "until": "year"}
    asked = [
        mara.post(f"{people(story)}add/", form, REMOTE_ADDR=f"10.0.0.{number}").status_code for number in range(21)
    ]
    assert asked == [200] * 20 + [422]
