"""P1, P3, H1, S26: enough for today folds everything hard until the morning, on this device alone, and never a helpline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.cookies import Morsel

import pytest
import time_machine
from django.conf import settings

from alongside import ids
from alongside.accounts.choices import OPEN
from alongside.community import enough
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.families.vocabulary import vocabulary
from alongside.media.renditions import Rendition
from alongside.stories.photographs import put_photo
from tests.cast import NOW, Cast, draft, says_yes, told, words
from tests.home.browser import Browser
from tests.stories.spoken import TRANSCRIPT, puts_sound_in

pytestmark = pytest.mark.django_db

LINE = "Folded until tomorrow morning."


@pytest.fixture(autouse=True)
def at_ten_past_three() -> Iterator[None]:
    """Stop the clock, as the cast knows it: the next morning that is not too soon is tomorrow's."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def url(cast: Cast) -> str:
    """A story with a content note, a photograph and a recording; its second chapter is neither folded nor noted."""
    story = draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk):
        photo = put_photo(story, cast.mara, Rendition(b"RIFF", 4, 3), shows="A hat.", taken_by="", baby=True, now=NOW)
        hard = words("WORDS-ABOUT-BLOOD", notes=("blood",), line="")
        story.chapters.get().revise(cast.mara, hard, circumstances=Circumstances(), now=NOW)
        calm = words("WORDS-ABOUT-RAIN", title="Later")
        calm = replace(calm, beats=(*calm.beats, photo, puts_sound_in(story, cast.mara)))
        story.add_chapter(cast.mara, calm, now=NOW)
    says_yes(story, cast.mara, cast.tobias)
    story.hold.release(cast.dami, NOW)  # type: ignore[union-attr]
    return f"/read/{ids.show(story.pk)}/"


def has_enough(browser: Browser, back: str = "/read/") -> Morsel[str]:
    answer = browser.post("/read/enough/", {"do": "fold", "back": back})
    assert (answer.status_code, answer["Location"]) == (302, back)
    return answer.cookies[enough.COOKIE]


def test_everything_hard_is_folded_and_nothing_else(url: str) -> None:
    browser = Browser()
    before = browser.get(url).content.decode()
    assert "WORDS-ABOUT-BLOOD" in before
    assert TRANSCRIPT in before
    has_enough(browser, url)
    page = browser.get(url).content.decode()
    assert LINE in page
    assert "WORDS-ABOUT-BLOOD" not in page
    assert f"Inside: {vocabulary().label('blood', 'en')}." in page
    assert TRANSCRIPT not in page
    assert "Unfold this recording" in page
    assert "WORDS-ABOUT-RAIN" in page
    assert "Enough for today" not in page
    assert "Unfold again" in page


def test_p1_photos_of_who_sees_all_unfolded_are_folded_too(cast: Cast, url: str) -> None:
    profile = cast.ruth.profile
    profile.choices = replace(profile.choices, photos=OPEN)
    profile.save()
    browser = Browser(cast.ruth)
    assert "<img" in browser.get(url).content.decode()
    has_enough(browser)
    assert "<img" not in browser.get(url).content.decode()


def test_one_thing_can_still_be_unfolded_by_who_asks_for_just_that(url: str) -> None:
    browser = Browser()
    has_enough(browser)
    sound = browser.get(url).content.decode().split("?listen=")[1][:22]
    page = browser.get(f"{url}?listen={sound}").content.decode()
    assert TRANSCRIPT in page
    assert "<audio" in page
    assert "WORDS-ABOUT-BLOOD" not in page


def test_on_lists_the_plain_row_stands_without_its_sentence(cast: Cast) -> None:
    told(cast, words("Nothing.", found="A-HARD-SENTENCE"))
    browser = Browser()
    for path in ("/read/", "/"):
        assert "A-HARD-SENTENCE" in browser.get(path).content.decode()
    has_enough(browser)
    for path in ("/read/", "/"):
        page = browser.get(path).content.decode()
        assert LINE in page
        assert "A-HARD-SENTENCE" not in page
    assert "Ansel</bdi>" in browser.get("/read/").content.decode()


def test_h1_no_helpline_goes(url: str) -> None:
    browser = Browser()
    has_enough(browser)
    for path in (url, "/read/", "/"):
        assert 'class="help" href="/help/"' in browser.get(path).content.decode()
    assert "If tonight is too much" in browser.get("/").content.decode()
    assert LINE not in browser.get("/help/").content.decode()


def test_it_is_unfolded_again_when_asked_and_by_itself_in_the_morning(url: str) -> None:
    browser = Browser()
    with time_machine.travel(datetime(2026, 11, 20, 22, tzinfo=UTC), tick=False) as clock:
        has_enough(browser)
        assert LINE in browser.get(url).content.decode()
        clock.move_to(datetime(2026, 11, 21, 0, 30, tzinfo=UTC))
        assert "Folded until five this morning." in browser.get(url).content.decode()
        clock.move_to(datetime(2026, 11, 21, 5, 0, tzinfo=UTC))
        page = browser.get(url).content.decode()
        assert "Folded until" not in page
        assert "WORDS-ABOUT-BLOOD" in page
        has_enough(browser)
        browser.post("/read/enough/", {"do": "unfold", "back": url})
        assert "Folded until" not in browser.get(url).content.decode()


@pytest.mark.parametrize(
    ("now", "zone", "morning"),
    [
        (datetime(2026, 11, 20, 22, tzinfo=UTC), "Europe/London", datetime(2026, 11, 21, 5, tzinfo=UTC)),
        (datetime(2026, 11, 20, 1, 30, tzinfo=UTC), "Europe/London", datetime(2026, 11, 20, 5, tzinfo=UTC)),
        (datetime(2026, 11, 20, 4, tzinfo=UTC), "Europe/London", datetime(2026, 11, 21, 5, tzinfo=UTC)),
        (datetime(2026, 6, 20, 22, tzinfo=UTC), "Europe/London", datetime(2026, 6, 21, 4, tzinfo=UTC)),
        (datetime(2026, 3, 28, 22, tzinfo=UTC), "Europe/London", datetime(2026, 3, 29, 4, tzinfo=UTC)),
        (datetime(2026, 11, 20, 22, tzinfo=UTC), "Pacific/Auckland", datetime(2026, 11, 21, 16, tzinfo=UTC)),
    ],
)
def test_the_morning_is_five_oclock_here_and_three_hours_away_at_least(
    monkeypatch: pytest.MonkeyPatch, now: datetime, zone: str, morning: datetime
) -> None:
    monkeypatch.setattr(settings, "HERE", type(settings.HERE)(zone))
    assert enough.next_morning(now) == morning
    assert enough.until({enough.COOKIE: str(int(morning.timestamp()))}, now) == morning


def test_s26_the_device_keeps_one_time_and_the_server_nothing(url: str, django_assert_num_queries: object) -> None:
    browser = Browser()
    late = time_machine.travel(datetime(2026, 11, 20, 22, tzinfo=UTC), tick=False)
    with late, django_assert_num_queries(0):  # type: ignore[operator]
        cookie = has_enough(browser, url)
    assert cookie.value == str(int(datetime(2026, 11, 21, 5, tzinfo=UTC).timestamp()))
    assert cookie["httponly"]
    assert cookie["secure"]
    assert cookie["samesite"] == "Lax"
    assert set(browser.cookies) == {enough.COOKIE}


@pytest.mark.parametrize("said", ["", "x", "-1", "9" * 11, "9999999999", "0", "1e9", "1.5"])
def test_a_cookie_that_says_nothing_folds_nothing(url: str, said: str) -> None:
    browser = Browser()
    browser.cookies[enough.COOKIE] = said
    page = browser.get(url)
    assert page.status_code == 200
    assert "Folded until" not in page.content.decode()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "x", ""])
def test_it_leads_nowhere_else(back: str) -> None:
    assert Browser().post("/read/enough/", {"do": "fold", "back": back})["Location"] == "/read/"


def test_another_sites_page_folds_nothing() -> None:
    answer = Browser().post("/read/enough/", {"do": "fold"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not answer.cookies
