"""S28, M6: what no browser of ours would send is answered kindly, and costs nobody else anything."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from alongside.request_safety import PlainRequest
from tests.cast import Cast, told
from tests.home.browser import Browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("codec", ["base64", "rot13", "undefined", "idna", "punycode", "unicode_escape"])
def test_s28_nobody_names_the_codec_that_their_words_are_read_with(codec: str) -> None:
    sent = RequestFactory().post("/find/?after=x", b"words=him", content_type="application/x-www-form-urlencoded")
    request = PlainRequest(sent.environ | {"CONTENT_TYPE": f"{sent.content_type}; charset={codec}"})
    assert request.POST["words"] == "him"
    assert request.GET["after"] == "x"


def test_m6_a_cookie_of_a_thousand_languages_asks_no_more_than_one_of_twenty() -> None:
    browser = Browser()
    letters = "abcdefghijklmnopqrstuvwxyz"
    browser.cookies["languages"] = ".".join(one + other for one in letters for other in letters)
    assert browser.post("/find/words/", {"words": "placenta"}).status_code == 200


def test_s28_a_session_key_with_a_nul_in_it_is_nobodys() -> None:
    browser = Browser()
    browser.cookies["__Host-alongside"] = "\x00abcdefgh"
    assert browser.get("/").status_code == 200


def test_p1_a_link_from_elsewhere_unfolds_nothing(cast: Cast) -> None:
    from alongside import ids
    from tests.cast import words

    story = told(cast, words("WORDS-OF-HOPE we are expecting.", fold="new_pregnancy"))
    path = f"/read/{ids.show(story.pk)}/?open={ids.show(story.chapters.get().pk)}"
    here = Browser().get(path, headers={"Sec-Fetch-Site": "same-origin"})
    there = Browser().get(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert "WORDS-OF-HOPE" in here.content.decode()
    assert "WORDS-OF-HOPE" not in there.content.decode()


def test_m6_another_sites_page_spends_none_of_the_readers_tokens() -> None:
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"}
    browser = Browser()
    near = "/find/near/AAAAAAAAAAAAAAAAAAAAAA/"
    assert {browser.get(near, headers=elsewhere).status_code for _ in range(50)} == {403}
    assert browser.post("/find/", {"sentence": "our son died"}).status_code == 200
