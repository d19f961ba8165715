"""How good the ranking is on this folder's invented accounts: nDCG@10, MRR, Recall@20, hard pairs.

`python -m bench.matching.measure [--half dev|held] [--json]` prints one line per way of ranking. The dev half is what
weights and lexicon were tuned on; the held half is only ever looked at to report (RUBRIC.md).
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alongside.families.circumstances import Circumstances
from alongside.language.detect import detect
from alongside.matching.facts import circumstances_of, language_of
from alongside.matching.preparing import entry_of, seeker_of
from alongside.matching.scoring import Entry, Seeker, Shelf
from alongside.matching.words import split

HERE = Path(__file__).parent
TODAY = date(2026, 11, 22)
RELEVANT = 2  # from this grade on a story counts for MRR and recall

Scores = NDArray[np.float32]
Record = dict[str, Any]


@dataclass(frozen=True)
class Half:
    """One half of the data, with everything that costs time done once."""

    stories: Sequence[Record]
    queries: Sequence[Record]
    grades: Mapping[str, Mapping[str, int]]
    pairs: Sequence[Record]
    entries: Sequence[Entry]
    seekers: Sequence[Seeker]


def load(half: str) -> Half:
    """Reads and encodes "dev" or "held"."""
    stories, queries, pairs = (
        [record for record in _records(name) if record["half"] == half]
        for name in ("stories.jsonl", "queries.jsonl", "pairs.jsonl")
    )
    grades: dict[str, dict[str, int]] = {}
    for record in _records("grades.jsonl"):
        grades.setdefault(record["query"], {})[record["story"]] = record["grade"]
    return Half(
        stories=stories,
        queries=queries,
        grades=grades,
        pairs=pairs,
        entries=[_entry(story) for story in stories],
        seekers=[_seeker(query) for query in queries],
    )


def _records(name: str) -> list[Record]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def _entry(story: Record) -> Entry:
    facts = story.get("facts", {})
    language = language_of(facts)
    return entry_of(story["id"], story["text"], today=TODAY, language=language, chosen=circumstances_of(facts))


def _seeker(query: Record) -> Seeker:
    return seeker_of(
        query["text"],
        today=TODAY,
        language=query["language"],
        given=circumstances_of(query.get("facts") or {}),
        account=query["type"] == "account",
    )


def ways(half: Half) -> dict[str, list[Scores]]:
    """The scores of every query over all stories, by way of ranking."""
    without = [replace(entry, chosen=Circumstances()) for entry in half.entries]
    asking = [replace(seeker, given=Circumstances()) for seeker in half.seekers]
    full, bare = Shelf(half.entries), Shelf(without)
    return {
        "full text alone": full_text(half),
        "meaning alone": [full.vectors @ seeker.vector for seeker in half.seekers],
        "circumstances alone": [full.scores(s) - full.vectors @ s.vector for s in half.seekers],
        "fusion": [full.scores(seeker) for seeker in half.seekers],
        "fusion, facts missing": [bare.scores(seeker) for seeker in asking],
        "fusion, facts of stories only": [full.scores(seeker) for seeker in asking],
    }


def full_text(half: Half) -> list[Scores]:
    """BM25 over word stems, as a plain search page would do."""
    texts = [Counter(word[:6] for word in split(story["text"]).words) for story in half.stories]
    spread = Counter(stem for text in texts for stem in text)
    mean = sum(text.total() for text in texts) / len(texts)

    def score(text: Counter[str], wanted: set[str]) -> float:
        found = 0.0
        for stem in wanted & text.keys():
            rarity = math.log(1 + (len(texts) - spread[stem] + 0.5) / (spread[stem] + 0.5))
            found += rarity * text[stem] * 2.2 / (text[stem] + 1.2 * (0.25 + 0.75 * text.total() / mean))
        return found

    asked = [{word[:6] for word in split(query["text"]).words} for query in half.queries]
    return [np.array([score(text, wanted) for text in texts], dtype=np.float32) for wanted in asked]


def measure(half: Half, scores: Sequence[Scores]) -> dict[str, float]:
    """All measures of one way of ranking."""
    ids = [story["id"] for story in half.stories]
    rankings = [[ids[row] for row in np.argsort(-of, kind="stable")] for of in scores]
    languages = {s["id"]: language_of(s.get("facts", {})) or detect(s["text"]) for s in half.stories}

    def english(query: Record, story: str) -> bool:
        return query["language"] == "en" and languages[story] == "en"

    def crossing(query: Record, story: str) -> bool:
        return bool(query["cross"]) and languages[story] != query["language"]

    return {
        "ndcg": _over(half, rankings, ndcg, lambda _query, _story: True),
        "ndcg_english": _over(half, rankings, ndcg, english),
        "ndcg_cross": _over(half, rankings, ndcg, crossing),
        "mrr": _over(half, rankings, reciprocal_rank, lambda _query, _story: True),
        "recall20": _over(half, rankings, recall, lambda _query, _story: True),
        "pairs": pairs_in_order(half, ids, scores),
    }


Measure = Callable[[Sequence[str], Mapping[str, int]], float]


def _over(half: Half, rankings: Sequence[Sequence[str]], of: Measure, counts: Callable[[Record, str], bool]) -> float:
    """The mean over the queries that have something to find among the stories that count."""
    found = []
    for query, ranking in zip(half.queries, rankings, strict=True):
        seen = [story for story in ranking if counts(query, story)]
        grades = {s: grade for s, grade in half.grades.get(query["id"], {}).items() if s in set(seen)}
        if any(grade >= RELEVANT for grade in grades.values()):
            found.append(of(seen, grades))
    return float(np.mean(found)) if found else float("nan")


def ndcg(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """nDCG@10 with gain 2^grade - 1."""
    best = sorted(grades.values(), reverse=True)[:10]
    return _gain([grades.get(story, 0) for story in ranking[:10]]) / _gain(best)


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def reciprocal_rank(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """One over the place of the first story of grade 2 or more."""
    places = (place for place, story in enumerate(ranking, start=1) if grades.get(story, 0) >= RELEVANT)
    return 1 / next(places)


def recall(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """The share of stories of grade 2 or more among the first 20."""
    good = {story for story, grade in grades.items() if grade >= RELEVANT}
    return len(good & set(ranking[:20])) / len(good)


def pairs_in_order(half: Half, ids: Sequence[str], scores: Sequence[Scores]) -> float:
    """The share of hard pairs whose better story comes before the worse one."""
    rows = {story: row for row, story in enumerate(ids)}
    of = {query["id"]: scores[place] for place, query in enumerate(half.queries)}
    right = [of[p["query"]][rows[p["better"]]] > of[p["query"]][rows[p["worse"]]] for p in half.pairs]
    return float(np.mean(right))


def main() -> None:
    """Prints a table, and with --json the same as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("dev", "held"), default="dev")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    half = load(chosen.half)
    found = {way: measure(half, scores) for way, scores in ways(half).items()}
    if chosen.json:
        sys.stdout.write(json.dumps({"half": chosen.half, "measures": found}) + "\n")
        return
    names = list(next(iter(found.values())))
    sys.stdout.write(f"{chosen.half:30s}" + "".join(f"{name:>14s}" for name in names) + "\n")
    for way, measures in found.items():
        sys.stdout.write(f"{way:30s}" + "".join(f"{measures[name]:14.3f}" for name in names) + "\n")


if __name__ == "__main__":
    main()
