"""D1, V1: what was typed at a chapter when it cannot be kept stays on its page, and is kept as nobody else's."""

from __future__ import annotations

import pytest

from alongside.accounts.models import KEEPING
from alongside.accounts.models.agreement import revoke
from alongside.database.viewer import acting_for
from tests.cast import NOW, Cast, draft, says_yes
from tests.home.browser import Browser
from tests.stories.editor import Desk, fields
from tests.stories.test_composing import begins, drafts, newest, puts_photo

pytestmark = pytest.mark.django_db


def test_d1_expired_sign_in_every_word_stays_on_the_page(cast: Cast) -> None:
    desk = Desk(cast.mara, begins(cast.mara, cast.box, puts_photo(cast.mara, cast.box, "His hat")))
    thing = desk.form["thing"].partition(":")[2]
    typed = {"text": "WORDS-OF-HERS", f"shows-{thing}": "A hat, blue", f"text-{thing}": "And after.", "line": "A line"}
    desk.browser = Browser(checks_tokens=False)
    answer = desk.send("version", **typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "You were signed out." in page
    assert {name: fields(page)[name] for name in typed} == typed
    assert desk.quietly(1).status_code == 422
    desk.form, desk.browser = fields(page), Browser(cast.mara, checks_tokens=False)
    assert desk.send("version").status_code == 302
    words = newest(desk.chapter, cast.mara).words
    assert [beat.text or beat.shows for beat in words.beats] == ["WORDS-OF-HERS", "A hat, blue", "And after."]
    assert words.photos()[0].sum


def test_v1_what_was_typed_by_one_parent_is_never_kept_as_the_others(cast: Cast) -> None:
    desk = Desk(cast.mara, draft(cast.mara, cast.box).chapters.get())
    says_yes(desk.chapter.story, cast.mara)
    desk.browser = Browser(cast.tobias, checks_tokens=False)
    answer = desk.send("keep", text="Hers alone.")
    assert answer.status_code == 422
    assert "Hers alone." in answer.content.decode()
    assert drafts(cast.tobias) == drafts(cast.mara) == []


def test_without_a_yes_to_keeping_nothing_is_kept(cast: Cast) -> None:
    desk = Desk(cast.mara, begins(cast.mara, cast.box))
    with acting_for(cast.mara.pk):
        revoke(cast.mara, KEEPING, NOW)
    answer = desk.send("keep", text="Hers.")
    assert answer.status_code == 422
    assert fields(answer.content.decode())["text"] == "Hers."
    assert drafts(cast.mara) == []
