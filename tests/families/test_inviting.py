"""C5, V4, V6, S4: a link and a code sent apart; who has not both learns nothing, and nobody is nagged to invite."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from alongside import ids
from alongside.accounts.models import Account
from alongside.families import arriving
from alongside.families.models import Invitation, Relative
from alongside.keepsakes.models import KeepsakeBox
from tests.cast import NOW, Cast, block, box_of, join
from tests.families.guests import comes, invites, is_fresh, link_and_code, of
from tests.home.browser import Browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_ten_past_three")]


@pytest.fixture
def at_ten_past_three() -> object:
    """Stop the clock, as the cast knows it."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def box(cast: Cast) -> KeepsakeBox:
    """A box that Ruth holds alone."""
    return box_of(cast.ruth, name="Sol")


def people(who: Account, box: KeepsakeBox) -> str:
    answer = of(who).get(f"/box/people/?box={ids.show(box.pk)}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_c5_who_holds_a_box_alone_is_not_asked_for_another(cast: Cast, box: KeepsakeBox) -> None:
    page = people(cast.ruth, box)
    assert "Who holds it" in page
    for nagging in ("Another parent", "the other", "yet", "only you", "Who may look", "Invitations"):
        assert nagging not in page.split("<main")[1].split("</main")[0], nagging
    assert "Invite somebody" in page


def test_the_page_names_parents_relatives_and_what_they_can_do(cast: Cast) -> None:
    ilse = join("Ilse")
    cast.box.family.accept_relative(ilse, NOW)
    page = people(cast.mara, cast.box)
    for words in ("Mara", "Tobias", "All with an equal say", "Ilse", "Let Ilse look no more", "put in a tribute"):
        assert words in page
    assert "Let Tobias" not in page


def test_link_and_code_are_shown_once_and_the_database_holds_neither_code_nor_name(
    cast: Cast, box: KeepsakeBox
) -> None:
    link, code = invites(cast.ruth, box, "relative", name="Grandma Jo")
    made = Invitation.objects.get()
    assert link.endswith(f"{ids.show(made.pk)}/")
    kept = f"{made.code_hash!r} {made.name_sealed!r} {vars(made)}"
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert "Grandma" not in kept
    page = people(cast.ruth, box)
    assert "Grandma Jo" in page, "her own word, to her"
    assert code not in page


def test_c1_the_other_parent_sees_an_invitation_without_her_word_for_them_and_can_take_it_back(cast: Cast) -> None:
    link, code = invites(cast.mara, cast.box, "relative", name="Grandma Jo")
    page = people(cast.tobias, cast.box)
    assert "Grandma Jo" not in page
    assert "Take it back" in page
    for _ in range(2):
        answer = of(cast.tobias).post(f"/box/people/take-back/{link.split('/')[2]}/")
        assert answer.status_code == 302
    assert of(None).post(link, {"code": code}).status_code == 404


def test_the_code_and_not_the_link_says_who_invites_and_to_what(cast: Cast, box: KeepsakeBox) -> None:
    link, code = invites(cast.ruth, box, "parent")
    page = of(None).get(link).content.decode()
    assert "Somebody has invited you" in page
    for word in ("Ruth", "Sol"):
        assert word not in page
    shown = comes(None, link, code).get(link).content.decode()
    assert "Ruth invites you to hold Sol’s box together" in shown
    assert f"/join/?next=%2Finvited%2F{link.split('/')[2]}%2F" in shown
    assert code not in shown


def test_a_code_is_bound_to_its_link_and_to_this_browser(cast: Cast, box: KeepsakeBox) -> None:
    first, code = invites(cast.ruth, box, "parent", name="one")
    other, _ = invites(cast.ruth, box, "relative", name="two")
    assert of(None).post(other, {"code": code}).status_code == 422
    browser = comes(None, first, code)
    assert "Sol" in browser.get(first).content.decode()
    assert "Sol" not in browser.get(other).content.decode()
    assert "Sol" not in of(None).get(first).content.decode()


@pytest.mark.parametrize("typed", ["{code}", " {CODE} ", "{bare}"])
def test_a_code_can_be_typed_as_people_type(cast: Cast, box: KeepsakeBox, typed: str) -> None:
    link, code = invites(cast.ruth, box, "parent")
    said = typed.format(code=code, CODE=code.upper(), bare=code.replace("-", " "))
    assert of(None).post(link, {"code": said}).status_code == 302


def test_v6_s4_unknown_used_expired_taken_back_and_tried_too_often_are_one_page(
    cast: Cast, box: KeepsakeBox, at_ten_past_three: time_machine.Traveller
) -> None:
    used, expired, back, tried, orphan = (
        cast.box.family.invite(cast.mara, "relative", name="", now=NOW)[0] for _ in "12345"
    )
    used.use(cast.piotr, NOW)
    Invitation.objects.filter(pk=expired.pk).update(expires_at=NOW)
    back.take_back(cast.tobias, NOW)
    Invitation.objects.filter(pk=tried.pk).update(tries=8)
    Invitation.objects.filter(pk=orphan.pk).update(made_by=cast.dami)
    paths = [
        f"/invited/{ids.show(one)}/" for one in (ids.new_id(), *(i.pk for i in (used, expired, back, tried, orphan)))
    ]
    for who in (None, cast.ruth):
        for ask in ("get", "post"):
            pages = {_seen(getattr(of(who), ask)(path)) for path in paths}
            pages |= {_seen(of(who).post(f"{path}come-in/")) for path in paths} if who else set()
            assert len(pages) == 1
            assert pages.pop()[0] == 404


def _seen(answer: object) -> tuple[int, bytes]:
    return answer.status_code, answer.content  # type: ignore[attr-defined]


def test_eight_wrong_codes_and_the_invitation_is_over(cast: Cast, box: KeepsakeBox) -> None:
    link, code = invites(cast.ruth, box, "parent")
    for _ in range(8):
        assert of(None).post(link, {"code": "aaaaa-aaaaa"}).status_code == 422
    assert of(None).post(link, {"code": code}).status_code == 404


def test_m6_codes_and_invitations_have_a_limit(cast: Cast, box: KeepsakeBox) -> None:
    seen: list[int] = []
    for _ in range(31):
        made, _ = box.family.invite(cast.ruth, "relative", name="", now=NOW)
        seen.append(of(None).post(f"/invited/{ids.show(made.pk)}/", {"code": "aaaaa"}).status_code)
    assert set(seen[:30]) == {422}
    assert seen[30] == 429
    address = f"/box/people/invite/?box={ids.show(box.pk)}"
    hers = [
        is_fresh(of(cast.ruth))
        .post(address, {"role": "relative", "name": str(n)}, REMOTE_ADDR=f"10.1.0.{n}")
        .status_code
        for n in range(21)
    ]
    assert set(hers[:20]) == {200}
    assert hers[20] == 429


def test_a_second_sending_of_one_page_leaves_one_invitation(cast: Cast, box: KeepsakeBox) -> None:
    browser = is_fresh(of(cast.ruth))
    address = f"/box/people/invite/?box={ids.show(box.pk)}"
    page = browser.get(address).content.decode()
    made_at = re.search(r'name="page_from" value="([^"]+)"', page)
    assert made_at
    form = {"role": "relative", "name": "Jo", "page_from": made_at[1]}
    answers = [browser.post(address, form) for _ in "12"]
    (link, code), (again, newer) = map(link_and_code, answers)
    said = ["that stood here before don’t work any more" in answer.content.decode() for answer in answers]
    assert said == [False, True]
    assert of(None).post(link, {"code": code}).status_code == 404, "nobody has seen this one"
    assert of(None).post(again, {"code": newer}).status_code == 302
    assert arriving.that_count(NOW).count() == 1


def test_two_people_can_be_invited_one_after_the_other(
    cast: Cast, box: KeepsakeBox, at_ten_past_three: time_machine.Traveller
) -> None:
    browser, links = is_fresh(of(cast.ruth)), []
    address = f"/box/people/invite/?box={ids.show(box.pk)}"
    for _ in "12":
        page = browser.get(address).content.decode()
        made_at = re.search(r'name="page_from" value="([^"]+)"', page)
        assert made_at
        links.append(link_and_code(browser.post(address, {"role": "relative", "page_from": made_at[1]})))
        at_ten_past_three.shift(timedelta(seconds=20))
    assert len({link for link, _ in links}) == arriving.that_count(NOW).count() == 2


def test_only_parents_invite_and_take_back(cast: Cast) -> None:
    ilse = join("Ilse")
    place = cast.box.family.accept_relative(ilse, NOW)
    made, _ = cast.box.family.invite(cast.mara, "parent", name="", now=NOW)
    at = f"?box={ids.show(cast.box.pk)}"
    for who in (cast.ruth, cast.dami, ilse):
        browser = of(who)
        assert browser.post(f"/box/people/invite/{at}", {"role": "parent"}).status_code == 404
        assert browser.post(f"/box/people/take-back/{ids.show(made.pk)}/").status_code == 404
        assert browser.get(f"/box/leave/{at}").status_code == 404
        assert browser.get(f"/box/people/{at}").status_code == (200 if who == ilse else 404)
        if who != ilse:
            assert browser.post(f"/box/people/look-no-more/{ids.show(place.pk)}/").status_code == 404
    assert Relative.objects.current().get() == place


def test_a_guest_is_led_to_sign_in_and_a_form_without_its_token_is_refused(cast: Cast, box: KeepsakeBox) -> None:
    for path in ("/box/people/", "/box/people/invite/", "/box/leave/"):
        answer = of(None).get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/sign-in/?next=")
    link, code = invites(cast.ruth, box, "parent")
    refused = Browser(cast.piotr)
    assert refused.post(link, {"code": code}).status_code == 403
    assert refused.post(f"/box/people/invite/?box={ids.show(box.pk)}", {"role": "parent"}).status_code == 403


def test_a_relative_sees_who_holds_the_box_and_nobody_elses_places_and_can_look_no_more(cast: Cast) -> None:
    ilse, other = join("Ilse"), join("Bert")
    place = cast.box.family.accept_relative(ilse, NOW)
    cast.box.family.accept_relative(other, NOW)
    cast.box.family.invite(cast.mara, "relative", name="", now=NOW)
    page = people(ilse, cast.box)
    assert "Mara" in page
    for hidden in ("Bert", "Take it back", "Invite somebody", "Leave this box"):
        assert hidden not in page
    assert of(ilse).post(f"/box/people/look-no-more/{ids.show(place.pk)}/").status_code == 302
    assert of(ilse).get(f"/box/people/?box={ids.show(cast.box.pk)}").status_code == 404


def test_v5_let_look_no_more_counts_at_the_next_request(cast: Cast) -> None:
    ilse = join("Ilse")
    place = cast.box.family.accept_relative(ilse, NOW)
    browser = of(ilse)
    assert browser.get(f"/box/people/?box={ids.show(cast.box.pk)}").status_code == 200
    for who in (cast.tobias, cast.mara):
        assert of(who).post(f"/box/people/look-no-more/{ids.show(place.pk)}/").status_code == 302
    assert browser.get(f"/box/people/?box={ids.show(cast.box.pk)}").status_code == 404


def test_v4_behind_a_block_an_invitation_looks_as_to_anybody_and_no_code_is_the_right_one(cast: Cast) -> None:
    made, code = cast.box.family.invite(cast.mara, "relative", name="", now=NOW)
    block(cast.tobias, cast.ruth)
    link, pages = f"/invited/{ids.show(made.pk)}/", []
    for who, typed in ((cast.ruth, code), (cast.piotr, "aaaaa-aaaaa")):
        pages.append([_seen(of(who).get(link)), _seen(of(who).post(link, {"code": typed}))])
    blocked, anybody = ([(status, _but_the_code(page)) for status, page in pair] for pair in pages)
    assert blocked == anybody
    assert [status for status, _ in blocked] == [200, 422]
    assert Invitation.objects.get().tries == 2, "and costs the same"
    browser = comes(None, link, code)
    browser.force_login(cast.ruth)
    assert "Somebody has invited you" in browser.get(link).content.decode()
    assert browser.post(f"{link}come-in/").status_code == 404
    assert not Relative.objects.exists()
    assert comes(cast.piotr, link, code).post(f"{link}come-in/").status_code == 302


def _but_the_code(page: bytes) -> bytes:
    return re.sub(rb'(name="(?:code|csrfmiddlewaretoken)"[^>]*?)value="[^"]*"', rb"\1", page)


def test_the_link_is_of_this_place_as_it_was_asked_for(cast: Cast, box: KeepsakeBox) -> None:
    answer = is_fresh(of(cast.ruth)).post(
        f"/box/people/invite/?box={ids.show(box.pk)}", {"role": "parent"}, HTTP_HOST="localhost"
    )
    assert b"https://localhost/invited/" in answer.content
    assert "localhost" in settings.ALLOWED_HOSTS
