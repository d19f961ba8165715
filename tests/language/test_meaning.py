"""From a text to its meaning: any text, in any language of ours, without a network."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from alongside.language import encoder as module
from alongside.language.encoder import DIMENSIONS, Encoder, EncoderError, clean, encoder
from alongside.language.meaning import mean, of_question, of_story, sentences

LOSS = {
    "en": "Our daughter died before she was born.",
    "es": "Nuestra hija murió antes de nacer.",
    "fr": "Notre fille est morte avant de naître.",
    "de": "Unsere Tochter starb, bevor sie geboren wurde.",
}


def test_every_vector_has_length_one() -> None:
    vectors = encoder.encode([*LOSS.values(), "", "💔", "\x00\ud800", "a" * 200_000])
    assert vectors.shape == (8, DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_vectors() -> None:
    assert encoder.encode([]).shape == (0, DIMENSIONS)


@pytest.mark.parametrize("language", ["es", "fr", "de"])
def test_the_same_words_in_two_languages_are_nearer_than_other_words_in_one(language: str) -> None:
    asked = of_question(LOSS["en"])
    same = of_story(LOSS[language], language)
    other = of_story("The recipe needs two eggs, flour and a pinch of salt.", "en")
    assert asked @ same > asked @ other + 0.2


def test_one_endless_word_takes_no_time() -> None:
    encoder.warm()
    started = time.thread_time()
    encoder.encode(["a" * 200_000])
    assert time.thread_time() - started < 5, "seconds of processor time; on an idle core it takes 1"


def test_only_the_first_twenty_thousand_characters_count() -> None:
    text = "She was born in the morning. " * 800
    assert np.array_equal(encoder.encode([text[:20_000]]), encoder.encode([text]))


def test_a_text_composed_otherwise_is_the_same_text() -> None:
    assert clean("nacio\u0301") == clean("nació")


def test_many_threads_may_be_the_first() -> None:
    fresh = Encoder()
    found: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: found.append(fresh.encode(["our son"]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.allclose(found[0], other) for other in found)


def test_weights_that_were_not_reviewed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(module._HASHES, "sp.model", "0" * 64)
    with pytest.raises(EncoderError, match=r"sp\.model"):
        Encoder().encode(["our son"])


def test_a_long_story_is_read_all_over() -> None:
    parts = sentences("\n".join(f"This is sentence number {n} of a long story." for n in range(400)))
    assert len(parts) == 120
    assert "number 399" not in parts[0]
    assert any("number 39" in part for part in parts[100:])


def test_a_story_is_centred_by_its_language_and_an_unknown_one_by_all() -> None:
    assert not np.array_equal(mean("story", "de"), mean("story", "fr"))
    assert np.array_equal(mean("story", "pl"), mean("story", ""))
