"""What was written while a sign-in had run out comes back to whose page it was, whole, and to nobody else (D1, V1)."""

from __future__ import annotations

import pytest

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.keepsakes.models import Memory
from alongside.keepsakes.paper import writer_mark
from alongside.sheets.models import Sheet
from tests.cast import Cast, box_of
from tests.families.guests import is_fresh
from tests.home.browser import Browser
from tests.sheets.writer import TEXT, Writer

pytestmark = pytest.mark.django_db


def _sheets(account: Account) -> list[str]:
    with acting_for(account.pk):
        return [sheet.now_says().text for sheet in Sheet.objects.written_by(account)]


def test_d1_a_sheet_begun_after_the_sign_in_ran_out_is_there_after_it(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mark = writer_mark(cast.mara.pk, mara.sheet)
    cast.mara.end_sessions()
    mara.keeps(TEXT, signed_in="1", writer=mark)
    cast.mara.refresh_from_db()
    mara.force_login(cast.mara)
    assert TEXT in mara.get(mara.at).content.decode()


def test_d1_every_version_comes_in_not_only_the_last(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mark = writer_mark(cast.mara.pk, mara.sheet)
    cast.mara.end_sessions()
    mara.keeps("word " * 200, signed_in="1", writer=mark)
    mara.keeps("start again", signed_in="1", writer=mark)
    cast.mara.refresh_from_db()
    mara.force_login(cast.mara)
    mara.get(mara.at)
    with acting_for(cast.mara.pk):
        said = [version.said.text for version in Sheet.objects.get(pk=mara.sheet).history()]
    assert said == ["start again", "word " * 200]


def test_v1_words_of_somebody_else_at_her_device_do_not_become_hers(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mara.keeps("Dear Ansel,")
    stranger = Writer()
    stranger.sheet = mara.sheet
    stranger.keeps("cruel words", signed_in="1", writer="A" * 43)
    stranger.force_login(cast.mara)
    assert "cruel words" not in stranger.get(mara.at).content.decode()
    assert _sheets(cast.mara) == ["Dear Ansel,"]


def test_s26_on_a_shared_computer_the_next_person_does_not_find_them(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mark = writer_mark(cast.mara.pk, mara.sheet)
    cast.mara.end_sessions()
    mara.keeps(TEXT, signed_in="1", writer=mark)
    assert TEXT not in mara.get("/write/kept/?show").content.decode()
    mara.force_login(cast.ruth)
    assert TEXT not in mara.get("/write/kept/?show").content.decode()
    cast.mara.refresh_from_db()
    mara.force_login(cast.mara)
    assert TEXT in mara.get("/write/kept/?show").content.decode()


def test_d1_another_sites_words_are_never_put_on_a_page_of_ours(cast: Cast) -> None:
    mara = Writer(cast.mara)
    answer = mara.post(mara.at, {"text": "cruel words"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "cruel words" not in answer.content.decode()


def test_d1_a_text_of_some_megabytes_comes_back_whole() -> None:
    long = "ä" * 600_000
    answer = Writer().keeps(long, quiet="")
    assert answer.status_code == 422
    assert long in answer.content.decode()


def test_d1_two_long_texts_stay_both_where_they_cannot_be_one(cast: Cast) -> None:
    one = Writer(cast.mara)
    one.keeps("a" * 150_000)
    two = Writer(cast.mara)
    two.sheet, two.tab = one.sheet, "another-tab-of-22-char"
    two.keeps("b" * 150_000)
    browser = Browser(cast.mara, checks_tokens=False)
    with acting_for(cast.mara.pk):
        numbers = [head.number for head in Sheet.objects.get(pk=one.sheet).heads()]
    answer = browser.post(f"{one.at}beside/", {"choose": numbers, "head": numbers})
    assert "longer than one text can be" in browser.get(answer.headers["Location"]).content.decode()
    with acting_for(cast.mara.pk):
        assert len(Sheet.objects.get(pk=one.sheet).heads()) == 2


def test_a_version_that_is_not_there_is_not_found(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mara.keeps(TEXT)
    assert Browser(cast.mara, checks_tokens=False).post(f"{mara.at}history/", {"number": "99"}).status_code == 404


def test_h5_nothing_is_taken_from_a_device_without_a_yes_and_nothing_twice(cast: Cast) -> None:
    guest = Writer()
    guest.keeps(TEXT)
    for account in (cast.mara, cast.ruth):
        browser = Browser(account, checks_tokens=False)
        browser.cookies["__Host-sheet"] = guest.cookies["__Host-sheet"].value
        browser.post(f"{guest.at}take/")
    assert _sheets(cast.mara) == [TEXT]
    assert _sheets(cast.ruth) == []


@pytest.mark.parametrize("guest", [False, True])
def test_t1_a_version_is_taken_out_for_good_only_after_showing_who_it_is_where_there_is_an_account(
    cast: Cast, guest: bool
) -> None:
    writer = Writer(None if guest else cast.mara)
    writer.keeps("The one letter there is. " * 20)
    writer.keeps("x")
    history, drop = f"{writer.at}history/", {"number": "1", "do": "drop"}
    browser = Browser(None if guest else cast.mara, checks_tokens=False)
    browser.cookies = writer.cookies
    answer = browser.post(history, drop)
    if not guest:
        assert answer["Location"].startswith("/you/again/?next=")
        assert "The one letter" in browser.get(history).content.decode()
        is_fresh(browser).post(history, drop)
    assert "The one letter" not in browser.get(history).content.decode()


def test_t1_a_sheet_goes_into_a_box_that_another_holds_only_after_showing_who_it_is(cast: Cast) -> None:
    own = box_of(cast.mara, name="Ida")
    for box, asks in ((cast.box, True), (own, False)):
        mara = Writer(cast.mara)
        mara.keeps("Not for anybody yet.")
        answer = Browser(cast.mara, checks_tokens=False).post(f"{mara.at}put/", {"box": ids.show(box.pk)})
        assert answer["Location"].startswith("/you/again/?next=") == asks
        with acting_for(cast.tobias.pk):
            assert not Memory.objects.exists()
    with acting_for(cast.mara.pk):
        assert Memory.objects.get().box == own
