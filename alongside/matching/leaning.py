"""Guesses at the kind of loss from several facts together. For nearness only: the screen never derives a word from them."""

from __future__ import annotations

from collections.abc import Mapping

from .lexicon import Hit

SURE = 0.7
GUESS = 0.6
_BORN_ALIVE = frozenset({"born_too_early", "neonatal_early", "neonatal_late", "infant", "sudden"})
_SPECIFIC = frozenset({"ectopic", "molar", "pul", "heterotopic", "embryo", "tfmr_baby", "tfmr_parent", "comfort_care"})
_BEFORE = frozenset({"miscarriage_early", "missed", "second_trimester", "stillbirth_before"})


def lean(said: Mapping[str, float], *, weeks: int | None, age_days: int | None, hits: list[Hit]) -> dict[str, float]:
    """The strengths said, with what weeks and age at death make more or less likely."""
    found = dict(said)
    if age_days is not None:
        _by_age(found, age_days, weeks)
    specific = max((found.get(kind, 0.0) for kind in _SPECIFIC), default=0.0)
    lived = max((found.get(kind, 0.0) for kind in _BORN_ALIVE), default=0.0)
    if weeks is not None and specific < SURE and lived < SURE:
        _by_weeks(found, weeks)
    if weeks is not None:
        _impossible(found, weeks)
    _together(found, hits)
    return {kind: strength for kind, strength in found.items() if strength > 0}


def _by_age(found: dict[str, float], days: int, weeks: int | None) -> None:
    kind = "neonatal_early" if days < 7 else "neonatal_late" if days < 28 else "infant"
    found[kind] = max(found.get(kind, 0.0), SURE)
    for other in ("neonatal_early", "neonatal_late", "infant"):
        if other != kind and other in found:
            found[other] *= 0.4
    if weeks is not None and weeks < 25 and days < 3:
        found["born_too_early"] = max(found.get("born_too_early", 0.0), SURE)
    if days >= 28:
        found.pop("stillbirth_before", None)


def _by_weeks(found: dict[str, float], weeks: int) -> None:
    if weeks < 13:
        likely = {"miscarriage_early": GUESS}
    elif weeks < 20:
        likely = {"second_trimester": GUESS}
    elif weeks < 24:
        likely = {"second_trimester": GUESS, "stillbirth_before": GUESS}
    else:
        likely = {"stillbirth_before": GUESS}
    if weeks < 13 and "miscarriage_early" in found:
        # She said "miscarriage"; the weeks only tell which of the two it is.
        likely = {"miscarriage_early": SURE}
    for kind, strength in likely.items():
        found[kind] = max(found.get(kind, 0.0), strength)


# A finding in the baby together with talk of a decision is, nearly always, a pregnancy ended after a diagnosis.
_DIAGNOSES = frozenset(
    {"chromosome", "heart", "brain_spine", "kidneys_no_fluid", "skeletal", "genetic_condition", "hydrops"}
)


def _together(found: dict[str, float], hits: list[Hit]) -> None:
    diagnosed = any(hit.part == "theme" and hit.id in _DIAGNOSES and not hit.denied for hit in hits)
    lived = max((found.get(kind, 0.0) for kind in _BORN_ALIVE), default=0.0)
    if diagnosed and lived < SURE and 0 < found.get("tfmr_baby", 0.0) < SURE:
        found["tfmr_baby"] = GUESS + 0.05
    if found.get("multiple_one", 0.0) >= SURE and "multiple_all" in found:
        found["multiple_all"] *= 0.5


def _impossible(found: dict[str, float], weeks: int) -> None:
    """A loss at 37 weeks is no early miscarriage, whatever else the text mentions."""
    if weeks >= 20:
        for kind in ("miscarriage_early", "missed", "empty_sac", "very_early", "pul"):
            if kind in found:
                found[kind] *= 0.3
    if weeks >= 26:
        for kind in ("second_trimester", "recurrent"):
            if kind in found:
                found[kind] *= 0.4
    if weeks < 16:
        for kind in ("stillbirth_before", "stillbirth_labour", "neonatal_early", "neonatal_late", "born_too_early"):
            if kind in found:
                found[kind] *= 0.3
