"""DESIGN 4.2, D1, V1: a blank sheet at once; kept with an account or for one device; a post never answers without the text."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from alongside import ids
from alongside.accounts.models import KEEPING, revoke
from alongside.database.viewer import acting_for
from alongside.jobs import finish_erasures
from alongside.keepsakes.models import Erasure, Memory
from alongside.keepsakes.paper import writer_mark
from alongside.sheets.device import Device
from alongside.sheets.models import Sheet, SheetVersion
from alongside.vault import vaults
from alongside.vault.errors import KeyErased
from tests.cast import NOW, Cast
from tests.families.guests import is_fresh
from tests.home.browser import Browser
from tests.sheets.writer import TEXT, Writer

pytestmark = pytest.mark.django_db


def test_a_blank_sheet_at_once_without_an_account() -> None:
    page = Browser().get("/write/")
    assert page.status_code == 200
    assert b"<textarea" in page.content
    assert set(page.cookies) == {"__Host-sheet"}


def test_d1_words_of_a_guest_are_kept_for_this_device_and_open_with_its_cookie_alone() -> None:
    guest = Writer()
    assert guest.keeps(TEXT).status_code == 200
    assert TEXT in guest.get(guest.at).content.decode()
    assert Browser().get(guest.at).status_code == 404
    other = Writer()
    other.keeps("something else")
    assert other.get(guest.at).status_code == 404


def test_s10_a_guests_words_do_not_open_with_the_servers_keys_alone() -> None:
    guest = Writer()
    guest.keeps(TEXT)
    device = Device.of_cookie(guest.cookies["__Host-sheet"].value)
    assert device
    with acting_for(device.viewer):
        sheet = Sheet.objects.get(pk=guest.sheet)
        assert TEXT.encode() not in SheetVersion.objects.get(text=sheet).words
        sheet.device = device
        assert sheet.now_says().text == TEXT


def test_v1_an_accounts_sheet_is_its_writers_alone(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mara.keeps(TEXT)
    assert TEXT in mara.get(mara.at).content.decode()
    for other in (cast.tobias, cast.dami, cast.ruth):
        assert Browser(other).get(mara.at).status_code == 404
        answer = Browser(other).post(mara.at, {"text": "mine"}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.headers["Location"] != mara.at
    with acting_for(cast.mara.pk):
        assert Sheet.objects.get(pk=mara.sheet).now_says().text == TEXT


def test_keep_it_without_script_asks_a_guest_where(cast: Cast) -> None:
    guest = Writer()
    answer = guest.keeps(TEXT, quiet="", do="keep")
    assert answer.headers["Location"] == reverse("sheets:where", args=[guest.sheet])
    assert "Where should we keep it?" in guest.get(answer.headers["Location"]).content.decode()
    assert Writer(cast.mara).keeps(TEXT, quiet="", do="keep").status_code == 302


def test_an_empty_sheet_asks_for_a_word() -> None:
    answer = Writer().keeps("  \n", quiet="")
    assert answer.status_code == 422
    assert "Even one word is enough" in answer.content.decode()


def test_d1_a_text_that_is_too_long_comes_back_whole() -> None:
    long = "a" * 200_001
    answer = Writer().keeps(long, quiet="")
    assert answer.status_code == 422
    assert long in answer.content.decode()


def test_d1_words_sent_after_the_sign_in_ran_out_are_kept_and_come_back_after_it(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mara.keeps("Dear Ansel,")
    cast.mara.end_sessions()
    answer = mara.keeps(f"Dear Ansel, {TEXT}", quiet="", signed_in="1", writer=writer_mark(cast.mara.pk, mara.sheet))
    page = answer.content.decode()
    assert "You were signed out while you were writing" in page
    assert TEXT in page
    cast.mara.refresh_from_db()
    mara.force_login(cast.mara)
    assert f"Dear Ansel, {TEXT}" in mara.get(mara.at).content.decode()
    with acting_for(cast.mara.pk):
        assert len(Sheet.objects.get(pk=mara.sheet).heads()) == 1


def test_d1_two_pages_of_one_writer_lose_nothing(cast: Cast) -> None:
    one = Writer(cast.mara)
    one.keeps("Dear Ansel, from the phone")
    two = Writer(cast.mara)
    two.sheet, two.tab = one.sheet, "another-tab-of-22-char"
    assert json.loads(two.keeps("Dear Ansel, from the other").content)["beside"] is True
    page = one.get(reverse("sheets:beside", args=[one.sheet])).content.decode()
    assert "from the phone" in page
    assert "from the other" in page


def test_d1_a_fault_of_ours_answers_with_every_word(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("alongside.sheets.views.keep_sheet", broken)
    answer = Writer(cast.mara).keeps(TEXT, quiet="")
    assert answer.status_code == 500
    assert TEXT in answer.content.decode()
    assert "This is our fault" in answer.content.decode()


def test_d1_a_form_from_elsewhere_keeps_nothing(cast: Cast) -> None:
    mara = Writer(cast.mara)
    answer = mara.post(mara.at, {"text": TEXT}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    with acting_for(cast.mara.pk):
        assert not Sheet.objects.exists()


def test_v1_a_sheet_put_in_the_box_is_both_parents_and_gone_from_the_sheets(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mara.keeps(TEXT)
    with acting_for(cast.mara.pk):
        memory = Sheet.objects.get(pk=mara.sheet).put_in(cast.box, cast.mara, NOW)
    assert mara.get(mara.at).status_code == 404
    with acting_for(cast.tobias.pk):
        assert Memory.objects.get(pk=memory.pk).now_says().text == TEXT


def test_words_kept_for_this_device_are_out_of_sight_until_asked_for() -> None:
    guest = Writer()
    guest.keeps(TEXT)
    assert TEXT not in guest.get("/write/kept/").content.decode()
    shown = guest.get("/write/kept/?show").content.decode()
    assert TEXT in shown
    assert "Anyone using this browser could open them." in shown


def test_words_of_a_device_move_to_an_account_only_when_asked(cast: Cast) -> None:
    guest = Writer()
    guest.keeps(TEXT)
    guest.force_login(cast.mara)
    with acting_for(cast.mara.pk):
        assert not Sheet.objects.exists()
    browser = Browser(cast.mara, checks_tokens=False)
    browser.cookies["__Host-sheet"] = guest.cookies["__Host-sheet"].value
    answer = browser.post(reverse("sheets:take", args=[guest.sheet]))
    assert TEXT in browser.get(answer.headers["Location"]).content.decode()
    assert browser.post(reverse("sheets:take", args=[guest.sheet])).headers["Location"] == answer.headers["Location"]


@pytest.mark.parametrize(("who", "patience"), [("mara", timedelta(hours=72)), (None, timedelta(minutes=10))])
def test_l1_what_was_let_go_of_comes_back_while_it_lasts_and_then_never(
    cast: Cast, who: str | None, patience: timedelta
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        writer = Writer(getattr(cast, who) if who else None)
        writer.handler.enforce_csrf_checks = False
        writer.keeps(TEXT)
        writer.post(reverse("sheets:let_go", args=[writer.sheet]), {"when": "later"})
        assert writer.get(writer.at)["Location"] == reverse("sheets:bring_back", args=[writer.sheet])
        clock.shift(patience - timedelta(minutes=1))
        finish_erasures(0)
        writer.post(reverse("sheets:bring_back", args=[writer.sheet]))
        assert TEXT in writer.get(writer.at).content.decode()
        writer.post(reverse("sheets:let_go", args=[writer.sheet]), {"when": "later"})
        clock.shift(patience)
        finish_erasures(0)
        writer.post(reverse("sheets:bring_back", args=[writer.sheet]))
        assert writer.get(writer.at).status_code == 404
    erasure = Erasure.objects.get(subject=writer.sheet)
    assert erasure.done_at is not None
    with pytest.raises(KeyErased):
        vaults.here().open(erasure.vault, erasure.item)


def test_a_devices_words_go_by_themselves_after_thirty_days(cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        guest = Writer()
        guest.keeps(TEXT)
        clock.shift(timedelta(days=29))
        guest.keeps(f"{TEXT} More.")
        clock.shift(timedelta(days=29))
        finish_erasures(0)
        assert TEXT in guest.get(guest.at).content.decode()
        clock.shift(timedelta(days=2))
        finish_erasures(0)
        assert guest.get(guest.at).status_code == 404


def test_s37_one_sheet_from_five_sendings_at_its_beginning(cast: Cast) -> None:
    mara = Writer(cast.mara)
    for _ in range(5):
        mara.base = 0
        mara.keeps(TEXT)
    with acting_for(cast.mara.pk):
        assert SheetVersion.objects.count() == 1


def test_v6_nobody_learns_whether_a_sheet_is_there(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mara.keeps(TEXT)
    stranger = Browser(cast.ruth)
    there, absent = stranger.get(mara.at), stranger.get(reverse("sheets:sheet", args=[ids.new_id()]))
    assert (there.status_code, there.content) == (absent.status_code, absent.content)


def test_h5_without_her_yes_nothing_new_is_kept_and_nothing_is_lost(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mara.keeps("Dear Ansel,")
    with acting_for(cast.mara.pk):
        revoke(cast.mara, KEEPING, NOW)
    answer = mara.keeps(f"Dear Ansel, {TEXT}", quiet="")
    assert answer.status_code == 422
    assert TEXT in answer.content.decode()
    assert "Dear Ansel," in mara.get(mara.at).content.decode()
    assert TEXT not in mara.get(mara.at).content.decode()


def test_d1_whoever_signs_in_on_another_page_goes_on_writing(cast: Cast) -> None:
    guest = Writer()
    guest.keeps("Dear Ansel,")
    guest.force_login(cast.mara)
    assert guest.keeps(f"Dear Ansel, {TEXT}").status_code == 200
    assert guest.keeps(f"Dear Ansel, {TEXT} More.").status_code == 200
    with acting_for(cast.mara.pk):
        assert [sheet.now_says().text for sheet in Sheet.objects.all()] == [f"Dear Ansel, {TEXT} More."]


def test_d1_pressing_keep_on_a_fresh_page_without_a_change_adds_no_version(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mara.keeps(TEXT)
    mara.tab = "another-tab-of-22-char"
    mara.keeps(TEXT)
    with acting_for(cast.mara.pk):
        assert SheetVersion.objects.count() == 1


def test_v1_putting_it_in_the_box_names_who_will_see_it_and_does_it_once(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mara.keeps(TEXT)
    put = reverse("sheets:put", args=[mara.sheet])
    assert "Tobias" in mara.get(put).content.decode()
    browser = is_fresh(Browser(cast.mara, checks_tokens=False))
    first = browser.post(put, {"box": ids.show(cast.box.pk)})
    assert browser.post(put, {"box": ids.show(cast.box.pk)}).headers["Location"] == first.headers["Location"]
    assert TEXT in Browser(cast.tobias).get(first.headers["Location"]).content.decode()
