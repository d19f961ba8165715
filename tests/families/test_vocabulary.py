"""The words of this installation: complete, gentle, and clear about what is wrong with an edit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alongside.families.vocabulary import FILE, VocabularyError, label, load, note_label, vocabulary

LANGUAGES = ("en", "es", "fr", "de")
NOTES = [
    "scan",
    "birth",
    "surgery",
    "medical_detail",
    "blood",
    "funeral",
    "post_mortem",
    "ending_pregnancy",
    "new_pregnancy",
    "living_child",
    "baby_photo",
    "faith",
    "self_harm_thoughts",
    "violence",
    "poor_care",
    "anger",
    "intensive_care",
    "twins",
]
# Words that the screen does not use (DOMAIN 1.4, DESIGN 5).
HARD = re.compile(r"products|fetus|foetus|feto|fœtus|Fötus|terminat|incompeten|at least|!|abort(?!o volunt)", re.I)


def every_label() -> list[tuple[str, str, str]]:
    words = vocabulary()
    entries = [*words.kinds.values(), *words.relations.values(), *words.themes.values()]
    said = [(e.id, language, e.label[language]) for e in entries for language in LANGUAGES]
    said += [(e.id, language, text) for e in entries for language, text in e.also.items()]
    return said + [(note, language, note_label(note, language)) for note in NOTES for language in LANGUAGES]


def test_everything_has_a_label_in_four_languages() -> None:
    assert len(vocabulary().kinds) >= 27
    assert len(vocabulary().relations) == 14
    assert set(vocabulary().notes) == set(NOTES)
    assert all(text.strip() for _, _, text in every_label())


def test_no_label_uses_a_hard_word() -> None:
    hard = [(id, text) for id, _, text in every_label() if HARD.search(text) and id != "abortion_grief"]
    assert not hard


def test_labels_of_one_language_differ() -> None:
    for language in LANGUAGES:
        for part in (vocabulary().kinds, vocabulary().relations, vocabulary().themes):
            said = [entry.label[language] for entry in part.values()]
            assert len(said) == len(set(said)), language


def test_a_label_in_a_region_or_a_strange_language() -> None:
    assert label("cord", "de-AT") == "die Nabelschnur"
    assert label("cord", "pl") == "the cord"
    assert vocabulary().heading("cord", "en") == "The cord"
    with pytest.raises(KeyError):
        label("dragon", "en")


def test_what_is_off_is_not_offered() -> None:
    offered = {entry.id for entry in vocabulary().offered("kinds")}
    assert "tfmr_baby" in offered
    assert "abortion_grief" not in offered


def test_endings_are_marked_sensitive() -> None:
    for kind in ("tfmr_baby", "tfmr_parent", "reduction"):
        assert vocabulary().kinds[kind].sensitive


def test_clinical_words_have_gentle_ones() -> None:
    gentle = vocabulary().gentle_terms
    assert gentle["TFMR"]["en"] == "ended the pregnancy after a diagnosis"
    assert gentle["autopsy"]["de"] == "Untersuchung nach dem Tod"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('id = "missed"', 'id = "Missed"', r"kind .*'Missed'"),
        ('id = "missed"', 'id = "ectopic"', "kind ectopic is there twice"),
        ('es = "Una pérdida muy temprana", ', "", "kind very_early.label lacks a text for 'es'"),
        ("sensitive = true", 'sensitive = "yes"', "kind tfmr_baby.sensitive is true or false"),
        ('group = "early"', 'grupo = "early"', "kind very_early has the unknown key 'grupo'"),
        ("until = 12", "until = 2", "band months_6_12 stands out of order"),
        ("[[kind]]", "[[kind", "vocabulary.toml: "),
        ('languages = ["en",', 'languages = ["xx",', "languages needs at least English"),
    ],
)
def test_a_wrong_edit_is_named(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = FILE.read_text("utf-8")
    assert old in text
    edited = tmp_path / "vocabulary.toml"
    edited.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(VocabularyError, match=problem):
        load(edited)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match=r"gone\.toml"):
        load(tmp_path / "gone.toml")
