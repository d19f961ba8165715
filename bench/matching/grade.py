"""First grades for the matching evaluation set: a documented function of the hidden notes and the need.

Reads ``notes.jsonl`` and ``queries.jsonl`` beside this file and prints JSON lines {"query", "story", "grade"} for
every pair of the same half with a grade of 1 or more. RUBRIC.md gives the meaning of each grade. These are only the
first grades: ``grades.jsonl`` holds the final ones, corrected by reading, and is the file a bench uses.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

Record = dict[str, Any]

HERE = Path(__file__).parent

# Experiences that differ in name and resemble one another in the living of them.
NEAR: dict[str, frozenset[str]] = {
    "early_miscarriage": frozenset({"missed_miscarriage", "chemical", "recurrent"}),
    "missed_miscarriage": frozenset({"early_miscarriage", "recurrent", "late_miscarriage"}),
    "late_miscarriage": frozenset({"stillbirth", "neonatal_death", "missed_miscarriage", "twin_loss", "recurrent"}),
    "recurrent": frozenset({"early_miscarriage", "missed_miscarriage", "chemical", "failed_ivf"}),
    "chemical": frozenset({"early_miscarriage", "failed_ivf", "recurrent"}),
    "ectopic": frozenset({"molar", "early_miscarriage"}),
    "molar": frozenset({"ectopic", "missed_miscarriage"}),
    "failed_ivf": frozenset({"chemical", "recurrent", "other"}),
    "tfmr": frozenset({"stillbirth", "late_miscarriage", "neonatal_death"}),
    "stillbirth": frozenset({"late_miscarriage", "neonatal_death", "twin_loss"}),
    "neonatal_death": frozenset({"stillbirth", "infant_death", "late_miscarriage", "twin_loss"}),
    "infant_death": frozenset({"neonatal_death"}),
    "twin_loss": frozenset({"stillbirth", "neonatal_death"}),
    "other": frozenset(),
}
# Shared by many losses: alone they do not make two experiences alike.
FEELINGS = frozenset(
    {
        "anger",
        "blame",
        "decision",
        "dismissed",
        "faith",
        "guilt",
        "no_living_children",
        "partner_grieves_differently",
        "secret",
        "sudden",
        "surgery_baby",
        "tfmr_not_accepted",
        "waiting",
        "alone_at_the_time",
        "saw_and_held",
    }
)
SEATS: dict[str, str] = {"grandfather": "grandparent", "grandmother": "grandparent", "uncle": "aunt"}


def seat(relation: str | None) -> str | None:
    return SEATS.get(relation, relation) if relation else None


def near_in_time(truth: Record, note: Record) -> bool:
    """Near in gestation (3 weeks below 16, 4 below 28, 5 above) and, where both gave one, in the age at death."""
    wanted, weeks = truth.get("weeks"), note.get("weeks")
    if wanted and weeks and abs(wanted - weeks) > (3 if wanted < 16 else 4 if wanted < 28 else 5):
        return False
    age, lived = truth.get("age_days"), note.get("age_days")
    if age is None or lived is None:
        return True
    low, high = sorted((age + 3, lived + 3))
    return bool(high <= 3 * low)


def closeness(truth: Record, kind: str) -> int:
    """2 = the same kind (or any kind will do), 1 = a near kind, 0 = another."""
    if truth["kinds"] == ["*"] or kind in truth["kinds"]:
        return 2
    return int(any(kind in NEAR[wanted] for wanted in truth["kinds"]))


def grade(truth: Record, note: Record) -> int:
    kind, near = closeness(truth, note["kind"]), near_in_time(truth, note)
    same_seat = seat(truth["relation"]) == seat(note["relation"])
    shared = set(truth["issues"]) & set(note["themes"])
    issue = bool(shared - FEELINGS)
    if truth["centre"] == "seat":
        if not same_seat:
            return int(kind == 2 and issue and near)
        return 3 if kind == 2 and issue else 2 if kind or issue else 1
    if kind == 2 and near:
        # A mother's seat is the commonest: alone it does not make "that could be me".
        own_seat = same_seat and truth["relation"] != "mother"
        return 3 if issue or own_seat or (truth["centre"] == "kind" and same_seat) else 2
    if issue:
        return 2 if kind else 1
    return int(kind == 2)


def read(name: str) -> list[Record]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def main() -> None:
    notes = read("notes.jsonl")
    for query in read("queries.jsonl"):
        for note in notes:
            if note["half"] == query["half"] and (value := grade(query["truth"], note)):
                sys.stdout.write(json.dumps({"query": query["id"], "story": note["id"], "grade": value}) + "\n")


if __name__ == "__main__":
    main()
