"""The outside `facts` of the `rank` command (ARCHITECTURE 4), mapped onto the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from alongside.families.circumstances import AGE_DAYS, SINCE_MONTHS, WEEKS, Circumstances
from alongside.families.vocabulary import vocabulary

from .lexicon import LANGUAGES
from .reading import read
from .words import fold

_KINDS = {
    "early_miscarriage": "miscarriage_early",
    "miscarriage": "miscarriage_early",
    "late_miscarriage": "second_trimester",
    "missed_miscarriage": "missed",
    "recurrent": "recurrent",
    "chemical": "very_early",
    "ectopic": "ectopic",
    "molar": "molar",
    "failed_ivf": "embryo",
    "tfmr": "tfmr_baby",
    "stillbirth": "stillbirth_before",
    "infant_death": "infant",
    "twin_loss": "multiple_one",
    "other": "other",
}
_RELATIONS = {
    "mother": "carried",
    "mom": "carried",
    "mum": "carried",
    "father": "father",
    "dad": "father",
    "partner": "partner",
    "partner-male": "father",
    "partner-female": "nonbirth_mother",
    "grandmother": "grandparent",
    "grandfather": "grandparent",
    "sibling": "sibling_adult",
    "brother": "sibling_adult",
    "sister": "sibling_adult",
    "aunt": "aunt_uncle",
    "uncle": "aunt_uncle",
    "colleague": "friend",
    "midwife": "staff",
    "nurse": "staff",
    "doula": "staff",
    "intended_mother": "intended_parent",
    "intended_father": "intended_parent",
}
_VIABLE = 25  # weeks; a baby born before and alive for hours is near to one who died before birth then
# Plain words for a cause that stand alone; anything else is read as a sentence would be.
_CAUSES = {
    "placenta": ("placenta",),
    "abruption": ("placental_abruption",),
    "cord": ("cord",),
    "infection": ("infection_chorio",),
    "cervix": ("cervix_opened_early",),
    "waters": ("pprom",),
    "growth": ("fetal_growth",),
    "chromosome": ("chromosome",),
    "chromosomal": ("chromosome",),
    "trisomy": ("chromosome",),
    "genetic": ("genetic_condition",),
    "heart": ("heart",),
    "brain": ("brain_spine",),
    "spine": ("brain_spine",),
    "kidneys": ("kidneys_no_fluid",),
    "kidney": ("kidneys_no_fluid",),
    "bones": ("skeletal",),
    "twins": ("ttts_taps",),
    "birth": ("birth_event",),
    "labour": ("birth_event",),
    "asphyxia": ("birth_event",),
    "preterm": ("prematurity",),
    "prematurity": ("prematurity",),
    "premature": ("prematurity",),
    "sids": ("sids",),
    "unknown": ("unknown",),
    "unexplained": ("unknown",),
    "none": ("unknown",),
    "clotting": ("clotting_aps",),
    "anomaly": (),
    "preeclampsia": ("pre_eclampsia_hellp",),
    "hellp": ("pre_eclampsia_hellp",),
}


def circumstances_of(facts: Mapping[str, Any]) -> Circumstances:
    """The facts that can be understood; anything strange or out of range is left out, nothing is raised."""
    age, weeks = _whole(facts.get("age_days"), AGE_DAYS), _whole(facts.get("weeks"), WEEKS)
    return Circumstances(
        kinds=_kinds(facts.get("kind"), age, weeks, facts.get("cause")),
        weeks=weeks,
        relation=_relation(facts.get("relation")),
        themes=_themes(facts.get("cause")),
        since_months=_whole(facts.get("months_since"), SINCE_MONTHS),
        age_days=age,
    )


def language_of(facts: Mapping[str, Any]) -> str:
    """The language that the facts name, by `language` or `locale`; "" where they name none."""
    for key in ("language", "locale"):
        value = facts.get(key)
        if isinstance(value, str) and value:
            return value.split("-")[0].split("_")[0].lower()
    return ""


def _kinds(kind: object, age_days: int | None, weeks: int | None, cause: object) -> tuple[str, ...]:
    if not isinstance(kind, str):
        return ()
    if kind == "neonatal_death":
        if weeks is not None and weeks < _VIABLE and (age_days or 0) < 3:
            return ("born_too_early", "neonatal_early")
        return ("neonatal_late",) if age_days is not None and age_days >= 7 else ("neonatal_early",)
    if kind == "infant_death" and "sids" in _themes(cause):
        return ("infant", "sudden")
    known = kind if kind in vocabulary().kinds else _KINDS.get(kind, "")
    return (known,) if known else ()


def _relation(relation: object) -> str:
    if not isinstance(relation, str):
        return ""
    plain = relation.strip().lower()
    return plain if plain in vocabulary().relations else _RELATIONS.get(plain, "")


def _themes(cause: object) -> tuple[str, ...]:
    if not isinstance(cause, str) or not cause.strip():
        return ()
    plain = fold(cause.strip())
    if plain in _CAUSES:
        return _CAUSES[plain]
    if plain.replace(" ", "_") in vocabulary().themes:
        return (plain.replace(" ", "_"),)
    facet_of = vocabulary().facet_of
    found = {
        theme
        for language in LANGUAGES
        for theme in read(cause.replace("_", " "), language=language, today=_ANY_DAY).themes
        if facet_of[theme] == "cause"
    }
    return tuple(sorted(found))


_ANY_DAY = date(2000, 1, 1)


def _whole(value: object, allowed: range) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    if not allowed[0] <= value <= allowed[-1]:
        return None
    return round(value)
