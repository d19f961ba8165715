"""D1: nothing that was kept is lost, whoever writes, in whatever order, however often a sending is repeated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.keepsakes.models import Memory, MemoryVersion
from alongside.keepsakes.said import Said
from alongside.keepsakes.writing import A_SLIP, WARM, LetGo, WrittenMeanwhile
from tests.cast import NOW, Cast
from tests.keepsakes.household import Household

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def blind(cast: Cast) -> Iterator[Memory]:
    """The letter about the blind, which Mara began."""
    with acting_for(cast.mara.pk):
        yield Memory.put(cast.mara, cast.box, "text", now=NOW, said=Said(text="Dear Ansel,"))


def texts(memory: Memory) -> list[str]:
    return [version.said.text for version in memory.history()]


def test_d1_what_one_page_types_on_is_one_version(cast: Cast, blind: Memory) -> None:
    kept = blind.keep(cast.mara, Said(text="Dear Ansel, it"), base=1, tab="a", now=NOW)
    for more in ("is", "ten", "past", "three"):
        said = Said(text=f"{blind.now_says().text} {more}")
        kept = blind.keep(cast.mara, said, base=kept.number, tab="a", now=NOW)
    assert texts(blind) == ["Dear Ansel, it is ten past three", "Dear Ansel,"]
    assert not kept.beside


def test_d1_what_was_cut_out_by_mistake_is_in_the_history(cast: Cast, blind: Memory) -> None:
    long = "Bisi didn’t ask, she just opened it. " * 10
    kept = blind.keep(cast.mara, Said(text=long), base=1, tab="a", now=NOW)
    blind.keep(cast.mara, Said(text=""), base=kept.number, tab="a", now=NOW)
    assert texts(blind)[:2] == ["", long]


def test_d1_writing_over_everything_is_another_version_even_when_it_is_longer(cast: Cast, blind: Memory) -> None:
    kept = blind.keep(cast.mara, Said(text="a" * (A_SLIP + 1)), base=1, tab="a", now=NOW)
    blind.keep(cast.mara, Said(text="b" * 500), base=kept.number, tab="a", now=NOW)
    assert "a" * (A_SLIP + 1) in texts(blind)


def test_d1_what_is_cut_letter_by_letter_is_in_the_history_too(cast: Cast, blind: Memory) -> None:
    text = "Bisi didn’t ask, she just opened it. " * 20
    kept = blind.keep(cast.mara, Said(text=text), base=1, tab="a", now=NOW)
    while text:
        text = text[:-100]
        kept = blind.keep(cast.mara, Said(text=text), base=kept.number, tab="a", now=NOW)
    assert max(len(said) for said in texts(blind)) > 600


def test_d1_after_a_while_another_version_begins(cast: Cast, blind: Memory) -> None:
    kept = blind.keep(cast.mara, Said(text="Dear Ansel, a"), base=1, tab="a", now=NOW)
    blind.keep(cast.mara, Said(text="Dear Ansel, ab"), base=kept.number, tab="a", now=NOW + WARM)
    assert len(texts(blind)) == 3


def test_d1_two_who_write_at_once_are_both_kept_side_by_side(cast: Cast, blind: Memory) -> None:
    blind.keep(cast.mara, Said(text="Dear Ansel, from mum"), base=1, tab="a", now=NOW)
    with acting_for(cast.tobias.pk):
        kept = blind.keep(cast.tobias, Said(text="Dear Ansel, from dad"), base=1, tab="b", now=NOW)
    assert kept.beside
    assert [head.said.text for head in blind.heads()] == ["Dear Ansel, from mum", "Dear Ansel, from dad"]


def test_d1_each_goes_on_in_their_own_until_somebody_settles_it(cast: Cast, blind: Memory) -> None:
    mums = blind.keep(cast.mara, Said(text="mum"), base=1, tab="a", now=NOW)
    with acting_for(cast.tobias.pk):
        dads = blind.keep(cast.tobias, Said(text="dad"), base=1, tab="b", now=NOW)
        dads = blind.keep(cast.tobias, Said(text="dad, still"), base=dads.number, tab="b", now=NOW)
    mums = blind.keep(cast.mara, Said(text="mum, still"), base=mums.number, tab="a", now=NOW)
    both = [head.number for head in blind.heads()]
    assert sorted(both) == sorted([mums.number, dads.number])
    blind.settle(cast.mara, both, both, NOW)
    assert sorted(blind.now_says().text.split("\n\n")) == ["dad, still", "mum, still"]
    assert len(blind.heads()) == 1


def test_d1_settling_what_has_changed_meanwhile_is_refused(cast: Cast, blind: Memory) -> None:
    kept = blind.keep(cast.mara, Said(text="mum"), base=1, tab="a", now=NOW)
    with acting_for(cast.tobias.pk):
        blind.keep(cast.tobias, Said(text="dad"), base=1, tab="b", now=NOW)
    seen = [head.number for head in blind.heads()]
    blind.keep(cast.mara, Said(text="mum, more"), base=kept.number, tab="a", now=NOW)
    with pytest.raises(WrittenMeanwhile):
        blind.settle(cast.mara, seen, seen, NOW)


def test_s37_the_same_sending_five_times_is_one_version(cast: Cast, blind: Memory) -> None:
    for _ in range(5):
        blind.keep(cast.mara, Said(text="Dear Ansel, once"), base=1, tab="a", now=NOW)
    assert texts(blind) == ["Dear Ansel, once", "Dear Ansel,"]


def test_d1_a_lost_answer_is_repeated_without_harm(cast: Cast, blind: Memory) -> None:
    blind.keep(cast.mara, Said(text="Dear Ansel, the first"), base=1, tab="a", now=NOW)
    kept = blind.keep(cast.mara, Said(text="Dear Ansel, the first and more"), base=1, tab="a", now=NOW)
    assert not kept.beside
    assert blind.now_says().text == "Dear Ansel, the first and more"


def test_d1_a_late_older_sending_changes_nothing(cast: Cast, blind: Memory) -> None:
    kept = blind.keep(cast.mara, Said(text="Dear Ansel, newer"), base=1, tab="a", stroke=2, now=NOW)
    late = blind.keep(cast.mara, Said(text="Dear Ansel, n"), base=1, tab="a", stroke=1, now=NOW)
    assert late == kept
    assert blind.now_says().text == "Dear Ansel, newer"


def test_d1_what_a_page_without_script_sends_is_kept_and_a_late_sending_of_it_before_changes_nothing(
    cast: Cast, blind: Memory
) -> None:
    typed = blind.keep(cast.mara, Said(text="Dear Ansel, typed"), base=1, tab="a", stroke=7, now=NOW)
    more = "Dear Ansel, typed" + ", and a whole night of words" * 9
    blind.keep(cast.mara, Said(text=more), base=typed.number, tab="a", stroke=None, now=NOW + timedelta(minutes=11))
    assert blind.now_says().text == more
    blind.keep(cast.mara, Said(text="Dear Ansel, t"), base=1, tab="a", stroke=6, now=NOW + timedelta(minutes=11))
    assert blind.now_says().text == more


@pytest.mark.parametrize("more", [{"quiet": "", "do": "keep"}, {"quiet": ""}])
def test_d1_words_sent_from_a_page_that_was_made_anew_are_kept_where_the_script_had_counted(
    house: Household, more: dict[str, str]
) -> None:
    memory = house.keeps(house.mara, "Dear Ansel,")
    answer = house.mara.writes(memory.pk, "Dear Ansel, typed", base=1, stroke="94000000")
    base = answer.json()["base"]
    house.mara.writes(memory.pk, "Dear Ansel, typed, and more without a script", base=base, stroke="0", **more)
    assert house.says(memory).text == "Dear Ansel, typed, and more without a script"


def test_d1_an_earlier_version_comes_back_as_a_new_one(cast: Cast, blind: Memory) -> None:
    blind.keep(cast.mara, Said(text="something else altogether"), base=1, tab="a", now=NOW)
    blind.bring_back_version(cast.mara, 1, NOW + A_MINUTE)
    assert texts(blind) == ["Dear Ansel,", "something else altogether", "Dear Ansel,"]


def test_d1_only_its_author_takes_a_version_out_and_never_the_one_that_stands(cast: Cast, blind: Memory) -> None:
    blind.keep(cast.mara, Said(text="second"), base=1, tab="a", now=NOW)
    with acting_for(cast.tobias.pk):
        blind.drop_version(cast.tobias, 1)
    blind.drop_version(cast.mara, 2)
    assert texts(blind) == ["second", "Dear Ansel,"]
    blind.drop_version(cast.mara, 1)
    assert texts(blind) == ["second"]


def test_d1_nothing_is_kept_in_what_was_let_go_of(cast: Cast, blind: Memory) -> None:
    Memory.objects.filter(pk=blind.pk).update(erase_at=NOW)
    with pytest.raises(LetGo):
        blind.keep(cast.mara, Said(text="more"), base=1, tab="a", now=NOW)


@dataclass
class Page:
    """One open page of the editor: who has it open, from which number it grew, what stands on it."""

    who: int
    tab: str
    base: int = 1
    text: str = "Dear Ansel,"
    stroke: int = 0
    said: list[str] = field(default_factory=list)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["type", "cut", "again", "late", "reload", "settle"]),
        st.integers(0, 3),
        st.text(alphabet="abcdeé\n ", min_size=1, max_size=200),
    ),
    max_size=14,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, lost=st.sets(st.integers(0, 13)))
def test_d1_whatever_happens_each_kept_word_can_be_read(
    cast: Cast, steps: list[tuple[str, int, str]], lost: set[int]
) -> None:
    """What a page was told is kept stands in a version, or it was typed on from: cut by at most a slip, in that page."""
    people = [cast.mara, cast.tobias]
    with acting_for(cast.mara.pk):
        memory = Memory.put(cast.mara, cast.box, "text", now=NOW, said=Said(text="Dear Ansel,"))
    pages = [Page(number % 2, f"tab{number}") for number in range(4)]
    now = NOW
    for number, (step, which, words) in enumerate(steps):
        now += timedelta(seconds=90)
        page = pages[which]
        with acting_for(people[page.who].pk):
            _step(memory, people[page.who], page, step, words, now, answer_lost=number in lost)
    with acting_for(cast.mara.pk):
        standing = [version.said.text for version in memory.history()]
        heads = [head.said.text for head in memory.heads()]
    assert heads
    for page in pages:
        for said in page.said:
            assert any(_holds(version, said) for version in standing), said


def _step(memory: Memory, by: Account, page: Page, step: str, words: str, now: datetime, *, answer_lost: bool) -> None:
    if step == "reload":
        newest = max(memory.heads(), key=lambda head: head.number)
        page.base, page.text, page.tab, page.stroke = newest.number, newest.said.text, f"{page.tab}+", 0
        return
    if step == "settle":
        heads = [head.number for head in memory.heads()]
        memory.settle(by, heads, heads, now)
        return
    if step == "type":
        page.text += words
    elif step == "cut":
        page.text = words
    if step == "late":
        memory.keep(
            by, Said(text=page.text[:-1]), base=page.base, tab=page.tab, stroke=max(0, page.stroke - 1), now=now
        )
        return
    page.stroke += 1
    kept = memory.keep(by, Said(text=page.text), base=page.base, tab=page.tab, stroke=page.stroke, now=now)
    page.said.append(page.text)
    if not answer_lost:
        page.base = kept.number


def _holds(version: str, said: str) -> bool:
    """Whether a version holds what was said, but for a slip."""
    return said in version or Said(text=version).loses_of(Said(text=said)) <= A_SLIP


def test_s5_a_stranger_sees_no_row_of_it(cast: Cast, blind: Memory) -> None:
    for stranger in (cast.ruth, cast.piotr, cast.dami):
        with acting_for(stranger.pk):
            assert not Memory.objects.exists()
            assert not MemoryVersion.objects.exists()
    with acting_for(None):
        assert not MemoryVersion.objects.exists()


def test_d1_the_words_stand_nowhere_in_the_row(cast: Cast, blind: Memory) -> None:
    blind.keep(cast.mara, Said(text="zwischenraum"), base=1, tab="a", now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT v::text FROM keepsakes_memoryversion v")
        assert all(b"zwischenraum".hex() not in row and "zwischenraum" not in row for (row,) in cursor.fetchall())
