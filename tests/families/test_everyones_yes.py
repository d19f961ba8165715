"""C1, C5, T1: nobody lets another parent in alone; every parent says yes first, and sees who came in and when."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from alongside import ids
from alongside.families import arriving
from alongside.families.invitation import InvitationOver
from alongside.families.models import Invitation, NotAParent, families_of
from alongside.keepsakes.models import KeepsakeBox
from alongside.stories import coming_and_going
from tests.cast import NOW, Cast, box_of, join
from tests.families.guests import comes, invites, is_fresh, of, says

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_ten_past_three() -> Iterator[None]:
    """Stop the clock, as the cast knows it."""
    with time_machine.travel(NOW, tick=False):
        yield


def people(box: KeepsakeBox) -> str:
    return f"/box/people/?box={ids.show(box.pk)}"


def test_t1_inviting_asks_first_whether_it_is_still_her(cast: Cast) -> None:
    address = f"/box/people/invite/?box={ids.show(cast.box.pk)}"
    browser = of(cast.mara)
    first = "/you/again/?next=%2Fbox%2Fpeople%2Finvite%2F%3Fbox%3D"
    assert browser.get(address)["Location"].startswith(first)
    page = browser.post(address, {"role": "relative", "name": "Grandma Jo"}).content.decode()
    assert f'href="{first}' in page
    assert 'value="Grandma Jo"' in page
    assert not Invitation.objects.exists()


def test_c1_another_parent_comes_in_only_with_every_parents_yes(cast: Cast) -> None:
    noor = join("Noor")
    link, code = invites(cast.mara, cast.box, "parent", agreed=False)
    browser = comes(noor, link, code)
    page = browser.get(link).content.decode()
    assert "Everyone who holds it says yes before you can come in" in page
    assert "Hold it together" not in page
    assert says(browser, link).status_code == 404
    with pytest.raises(InvitationOver):
        coming_and_going.hold_with(Invitation.objects.get(), noor, {}, NOW)
    assert families_of(noor.pk) == frozenset()
    assert (
        "It cannot be used before Tobias has said yes here too." in of(cast.mara).get(people(cast.box)).content.decode()
    )

    tobias, yes = of(cast.tobias), f"/box/people/say-yes/{link.split('/')[2]}/"
    assert "It needs your yes." in tobias.get(f"/box/?box={ids.show(cast.box.pk)}").content.decode()
    assert "Yes, invite them" in tobias.get(people(cast.box)).content.decode()
    assert tobias.post(yes)["Location"].startswith("/you/again/?next=%2Fbox%2Fpeople%2F")
    assert not arriving.that_count(NOW).exists()
    for _ in "12":
        assert is_fresh(tobias).post(yes)["Location"] == people(cast.box)
    for page_of in (people(cast.box), f"/box/?box={ids.show(cast.box.pk)}"):
        assert "your yes" not in tobias.get(page_of).content.decode()
    assert says(browser, link).status_code == 302
    assert families_of(noor.pk) == {cast.box.family_id}


def test_c1_who_came_in_meanwhile_is_asked_too_and_who_left_is_not(cast: Cast) -> None:
    noor, bert = join("Noor"), join("Bert")
    box = box_of(cast.ruth, name="Sol")
    invitation, _ = box.family.invite(cast.ruth, "parent", name="", now=NOW)
    assert arriving.that_count(NOW).get() == invitation, "who holds it alone says yes by inviting"
    box.family.accept(noor, NOW)
    assert not arriving.that_count(NOW).exists()
    with pytest.raises(NotAParent):
        invitation.say_yes(bert, NOW)
    box.family.parent(noor).leave(NOW)
    assert arriving.that_count(NOW).get() == invitation


def test_c1_nobody_else_says_yes_and_what_was_taken_back_needs_none(cast: Cast) -> None:
    ilse = join("Ilse")
    cast.box.family.accept_relative(ilse, NOW)
    made, _ = cast.box.family.invite(cast.mara, "parent", name="", now=NOW)
    yes = f"/box/people/say-yes/{ids.show(made.pk)}/"
    for who in (cast.ruth, cast.dami, ilse):
        assert is_fresh(of(who)).post(yes).status_code == 404
    made.take_back(cast.mara, NOW)
    assert is_fresh(of(cast.tobias)).post(yes).status_code == 302
    assert not made.yeses.exists()


def test_a_relative_is_invited_by_one_parent(cast: Cast) -> None:
    link, code = invites(cast.mara, cast.box, "relative", agreed=False)
    assert "Yes, invite them" not in of(cast.tobias).get(people(cast.box)).content.decode()
    assert comes(join("Noor"), link, code).post(f"{link}come-in/").status_code == 302


def test_every_parent_is_told_who_came_in_and_when(cast: Cast) -> None:
    noor, ilse = join("Noor"), join("Ilse")
    cast.box.family.accept(noor, NOW)
    cast.box.family.accept_relative(ilse, NOW)
    for who in (cast.mara, cast.tobias):
        page = of(who).get(f"/box/?box={ids.show(cast.box.pk)}").content.decode()
        assert "<bdi>Noor</bdi> has held this box with you since" in page
        assert "<bdi>Ilse</bdi> came in on" in page
        assert ">20 November 2026</time>" in of(who).get(people(cast.box)).content.decode()
    for who in (noor, ilse):
        page = of(who).get(f"/box/?box={ids.show(cast.box.pk)}").content.decode()
        assert "has held this box" not in page
        assert "came in on" not in page
    with time_machine.travel("2026-12-05T03:12:00Z", tick=False):
        assert "came in on" not in of(cast.mara).get(f"/box/?box={ids.show(cast.box.pk)}").content.decode()
