"""What is said beside a paragraph stays beside it: keys survive editing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alongside.stories.composing.keys import with_keys
from alongside.stories.composing.typed import Typed
from alongside.stories.words import Beat, beats_of, text_of

sentences = st.lists(
    st.sampled_from(
        ["It was light.", "She held him.", "No.", "We drove home.", "He had a chin.", "Nobody said a word."]
    ),
    min_size=1,
    max_size=9,
)
words = st.text(st.characters(categories=["Ll"]), min_size=3, max_size=9)
paragraphs = st.lists(st.lists(words, min_size=4, max_size=12, unique=True).map(" ".join), min_size=1, max_size=9)


def keys(beats: tuple[Beat, ...]) -> list[str]:
    return [beat.key for beat in beats]


@given(st.one_of(sentences, paragraphs), st.data())
def test_editing_one_paragraph_keeps_all_other_keys(said: list[str], data: st.DataObject) -> None:
    before = beats_of("\n\n".join(said))
    at = data.draw(st.integers(0, len(said) - 1))
    changed = [*said[:at], data.draw(words), *said[at + 1 :]]
    after = with_keys(before, beats_of("\n\n".join(changed)))
    assert [key for place, key in enumerate(keys(after)) if place != at] == [
        key for place, key in enumerate(keys(before)) if place != at
    ]


@given(paragraphs, st.data())
def test_a_word_more_or_less_keeps_the_key_too(said: list[str], data: st.DataObject) -> None:
    before = beats_of("\n\n".join(said))
    at = data.draw(st.integers(0, len(said) - 1))
    changed = [*said[:at], f"{said[at]} indeed", *said[at + 1 :]]
    assert keys(with_keys(before, beats_of("\n\n".join(changed)))) == keys(before)


@given(sentences, st.data())
def test_putting_one_in_or_taking_one_out_keeps_all_other_keys(said: list[str], data: st.DataObject) -> None:
    before = beats_of("\n\n".join(said))
    at = data.draw(st.integers(0, len(said)))
    more = with_keys(before, beats_of("\n\n".join([*said[:at], "Something quite new.", *said[at:]])))
    assert [key for place, key in enumerate(keys(more)) if place != at] == keys(before)
    less = with_keys(more, tuple(beat for place, beat in enumerate(more) if place != at))
    assert keys(less) == keys(before)


@given(sentences, sentences)
def test_every_key_stands_once(before: list[str], now: list[str]) -> None:
    first = beats_of("\n\n".join(before))
    found = keys(with_keys(first, beats_of("\n\n".join(now))))
    assert len(set(found)) == len(found) == len(now)


def test_a_paragraph_that_moved_keeps_its_key_and_one_of_other_words_gets_a_new_one() -> None:
    before = beats_of("It was light.\n\nShe held him for an hour.\n\nWe drove home.")
    after = with_keys(before, beats_of("We drove home.\n\nIt was light.\n\nNobody ever asked."))
    assert keys(after)[:2] == [before[2].key, before[0].key]
    assert after[2].key not in keys(before)


def test_a_photo_keeps_its_own_key() -> None:
    photo = Beat("photo-key", "photo", photo="x")
    after = with_keys(beats_of("One."), (*beats_of("Two."), photo))
    assert after[1] is photo


@given(st.lists(st.sampled_from(["One.", "## Two", "> Three\n> \n> and four", "Five\nsix"]), max_size=6), st.booleans())
def test_d1_text_and_things_come_back_as_they_were_typed(said: list[str], photo: bool) -> None:
    beats = beats_of("\n\n".join(said))
    things = (Beat("p", "photo", photo="x", shows="A hat"),) if photo else ()
    typed = Typed.of((*beats, *things, *beats), {})
    again = typed.beats()
    assert [(beat.kind, beat.text, beat.shows) for beat in again] == [
        (beat.kind, beat.text, beat.shows) for beat in (*beats, *things, *beats)
    ]
    assert Typed.from_json(typed.to_json()) == typed
    assert text_of(beats_of(text_of(beats))) == text_of(beats)
