"""S1, S2, S5: a view that forgets to ask is found by both campaigns, and row-level security stands behind it."""

from __future__ import annotations

import pytest
import time_machine

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from bench.prove import matrix_stories
from bench.prove.matrix_table import wrong
from bench.prove.two_worlds_ask import told_apart
from tests.cast import NOW, Cast, draft, told, words
from tests.home.browser import Browser, plain_static

__all__ = ["plain_static"]
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.visibility.forgetful")]
FAMILY = ("parent", "other_parent")


def test_s1_s5_the_matrix_finds_it_and_beyond_what_stands_open_it_gave_nothing() -> None:
    with time_machine.travel(NOW, tick=False):
        house = matrix_stories.build()
        pages = [cell for cell in matrix_stories.cells(house) if (cell.row, cell.method) == ("stories:story", "GET")]
        found = [line for line in wrong(house, pages) if not line.startswith(FAMILY)]
    for leak in (
        "guest: GET stories:story, live for lived: 200, not 404",
        "member: GET stories:story, released for invited: 200, not 404",
        "blocked_member: GET stories:story, live for open: 200, not 404",
    ):
        assert leak in found
    # Drafts, what is held, taken back, being erased or the family's alone: that no view has to remember.
    assert all((" live for " in line or " released for " in line) and " for family" not in line for line in found)


def test_s2_two_worlds_find_it() -> None:
    with time_machine.travel(NOW, tick=False):
        assert any("GET /read/{}/" in what for what in told_apart(range(8), seed=1))


def test_s5_words_that_not_everyone_agreed_to_are_behind_the_second_lock(cast: Cast) -> None:
    story, unshown = told(cast, words("Agreed.")), draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk):
        story.chapters.get().revise(cast.mara, words("Not agreed."), circumstances=Circumstances(), now=NOW)
    page, of_draft = f"/read/{ids.show(story.pk)}/", f"/read/{ids.show(unshown.pk)}/"
    assert Browser(cast.mara).get(page).content == b"Not agreed."
    assert Browser(cast.mara).get(of_draft).status_code == 200
    for stranger in (None, cast.ruth, cast.dami):
        assert Browser(stranger).get(page).content == b"Agreed."
        assert Browser(stranger).get(of_draft).status_code == 404
