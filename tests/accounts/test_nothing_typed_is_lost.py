"""D1: a form sent after its sign-in ran out comes back with everything as it was typed, and is kept nowhere meanwhile."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from alongside import ids
from tests.accounts.conftest import Newest
from tests.accounts.test_coming_in import Comer, comes_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db
OURS = {"Sec-Fetch-Site": "same-origin", "Origin": "https://testserver"}
FORMS = [
    ("/box/new/", {"name_0": "Noa", "name_1": "Ida", "cloth": "sage"}, ("Noa", "Ida")),
    ("/box/settings/", {"called": "Noa", "name_0": "Ida", "cloth": "sage", "box": "a-box"}, ("Noa", "Ida", "a-box")),
    ("/you/words/", {"name": "Noa", "baby_own": "little bean"}, ("Noa", "little bean")),
    ("/you/here/", {"name": "Mara of the sea", "pronouns": "she"}, ("Mara of the sea", "she")),
    ("/you/must-not-see/", {"email": "ex@example.org"}, ("ex@example.org",)),
    ("/box/people/invite/", {"role": "relative", "name": "Grandma Ilse"}, ("Grandma Ilse",)),
]


def token_of(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found is not None
    return found[1]


def sends(comer: Comer, path: str, said: dict[str, str], token: str) -> tuple[int, str]:
    answer = comer.post(path, {**said, "csrfmiddlewaretoken": token}, headers=OURS)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(("path", "said", "typed"), FORMS, ids=[path for path, *_ in FORMS])
def test_d1_after_the_sign_in_ran_out_the_form_is_there_as_it_was_typed(
    cast: Cast, path: str, said: dict[str, str], typed: tuple[str, ...]
) -> None:
    guest = Comer()
    status, page = sends(guest, path, said, token_of(guest.get("/sign-in/").content.decode()))
    assert status == 403
    assert "You were signed out. Everything you typed is on this page" in page
    assert 'target="_blank"' in page
    for words in typed:
        assert f'value="{words}"' in page


def test_d1_the_whole_way_back_and_then_it_is_taken(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    old = token_of(mara.get("/you/words/").content.decode())
    cast.mara.end_sessions()
    said = {"name": "Noa", "baby_own": "little bean"}
    _, page = sends(mara, "/you/words/", said, old)
    assert 'value="little bean"' in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session WHERE session_data LIKE '%%bean%%'")
        assert cursor.fetchone()[0] == 0
    # In another tab; signing in makes another token, so the page is asked once more.
    mara.asks("mara@example.org")
    mara.fill("/sign-in/code/", {"code": newest("mara@example.org")})
    status, page = sends(mara, "/you/words/", said, token_of(page))
    assert (status, 'value="little bean"' in page) == (403, True)
    assert "Press the button once more" in page
    status, _ = sends(mara, "/you/words/", said, token_of(page))
    assert status == 302
    assert 'value="little bean"' in mara.get("/you/words/").content.decode()


@pytest.mark.parametrize(("path", "said"), [("/you/must-not-see/", {"email": "ex@example.org"})])
def test_d1_whoever_has_to_show_that_it_is_her_loses_nothing(
    cast: Cast, newest: Newest, path: str, said: dict[str, str]
) -> None:
    with time_machine.travel("2026-03-14T03:12:00Z", tick=False) as clock:
        mara = comes_in("mara@example.org", newest)
        token = token_of(mara.get(path).content.decode())
        clock.shift(660)
        _, page = sends(mara, path, said, token)
    assert "Before this, we ask whether it is still you" in page
    assert 'value="ex@example.org"' in page
    assert "/you/again/?next=" in page


def test_s1_another_sites_form_is_not_filled_in_for_it(cast: Cast) -> None:
    mara = Comer(cast.mara)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {}):
        answer = mara.post("/you/words/", {"name": "Theirs"}, headers=headers)
        assert answer.status_code == 403
        assert "Theirs" not in answer.content.decode()


def test_a_press_that_carries_no_words_leads_to_signing_in(cast: Cast) -> None:
    guest = Comer()
    token = token_of(guest.get("/sign-in/").content.decode())
    sent = {"when": "now", "csrfmiddlewaretoken": token}
    answer = guest.post(reverse("keepsakes:let_go", args=[ids.new_id()]), sent, headers=OURS)
    assert answer["Location"].startswith("/sign-in/")
