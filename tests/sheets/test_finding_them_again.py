"""L1: what was let go of is found again while it lasts: in the list of sheets, and at its own address."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from alongside.accounts import fresh
from tests.cast import NOW, Cast
from tests.families.guests import is_fresh
from tests.home.browser import Browser
from tests.sheets.writer import TEXT, Writer

pytestmark = pytest.mark.django_db


def gone_of(writer: Writer) -> str:
    """Let a sheet go, and return the address that brings it back."""
    writer.handler.enforce_csrf_checks = False
    writer.keeps(TEXT)
    writer.post(reverse("sheets:let_go", args=[writer.sheet]), {"when": "later"})
    return reverse("sheets:bring_back", args=[writer.sheet])


def test_l1_a_sheet_that_was_let_go_of_has_a_line_among_her_sheets_for_three_days(cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        mara = Writer(cast.mara)
        back = gone_of(mara)
        clock.shift(timedelta(hours=71))
        page = mara.get("/write/sheets/").content.decode()
        assert "A sheet you let go of on" in page
        assert f'action="{back}"' in page
        assert TEXT not in page
        assert back not in Browser(cast.tobias).get("/write/sheets/").content.decode()
        mara.post(back)
        assert back not in mara.get("/write/sheets/").content.decode()
        gone_of(mara)
        clock.shift(timedelta(hours=72))
        assert back not in mara.get("/write/sheets/").content.decode()


@pytest.mark.parametrize("who", ["mara", None])
def test_l1_its_own_address_leads_to_bringing_it_back(cast: Cast, who: str | None) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        writer = Writer(getattr(cast, who) if who else None)
        back = gone_of(writer)
        assert writer.get(writer.at)["Location"] == back
        assert "Bring them back" in writer.get(back).content.decode()
        assert Browser(cast.tobias).get(writer.at).status_code == 404
        clock.shift(timedelta(hours=72))
        assert writer.get(writer.at).status_code == 404


def test_a_sheet_that_is_there_is_not_said_to_be_gone(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mara.keeps(TEXT)
    assert mara.get(reverse("sheets:bring_back", args=[mara.sheet]))["Location"] == mara.at


def test_l1_what_went_into_the_box_is_not_offered_back(cast: Cast) -> None:
    mara = Writer(cast.mara)
    mara.handler.enforce_csrf_checks = False
    mara.keeps(TEXT)
    is_fresh(mara).post(reverse("sheets:put", args=[mara.sheet]))
    assert "A sheet you let go of" not in mara.get("/write/sheets/").content.decode()
    assert mara.get(mara.at).status_code == 404


def test_t1_erasing_a_sheet_at_once_is_asked_about_plainly(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    mara = Writer(cast.mara)
    mara.handler.enforce_csrf_checks = False
    mara.keeps(TEXT)
    session = mara.session
    fresh.mark(session, keyed=False, now=time.time())
    session.save()
    way = reverse("sheets:let_go", args=[mara.sheet])
    assert "It is ten past three." in mara.get(way).content.decode()
    plain = mara.post(way, {"when": "now"})["Location"]
    page = mara.get(plain).content.decode()
    assert "Erase these words for good?" in page
    assert "It is ten past three. Your dad is asleep, or…" in page
    assert TEXT in mara.get(mara.at).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        mara.post(plain, {"when": "now", "sure": "yes"})
    assert mara.get(mara.at).status_code == 404


def test_s26_letting_go_of_what_a_device_keeps_shows_no_word_of_it() -> None:
    guest = Writer()
    guest.keeps(TEXT)
    for more in ("", "?for-good"):
        page = guest.get(reverse("sheets:let_go", args=[guest.sheet]) + more).content.decode()
        assert "Let these words go?" in page
        assert "ten past three" not in page
