"""Makes `alongside/language/means.npz`: the mean vectors that are taken away from every vector of meaning.

Made from the stories of the sample community, the dev half of this folder's stories and questions, and the short
questions of `questions.txt`. The held-out half is never read. Run: `python -m bench.matching.centre`.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from alongside.language.detect import detect
from alongside.language.encoder import encoder
from alongside.language.meaning import FILE, sentences

HERE = Path(__file__).parent
FAMILIES = HERE.parents[1] / "alongside" / "demo" / "families"
LANGUAGES = ("en", "es", "fr", "de")


def stories() -> list[tuple[str, str]]:
    """(language, text) of every story that may be learned from."""
    found = []
    for file in sorted(FAMILIES.glob("*.toml")):
        for story in tomllib.loads(file.read_text("utf-8")).get("story", []):
            found.append((story["language"], "\n\n".join(chapter["text"] for chapter in story["chapter"])))
    for record in dev("stories.jsonl"):
        language = record["facts"].get("language") or detect(record["text"])
        found.append((language, record["text"]))
    return [(language, text) for language, text in found if language in LANGUAGES]


def questions() -> list[str]:
    """Short questions of many people, in all languages."""
    written = (HERE / "questions.txt").read_text("utf-8").splitlines()
    asked = [record["text"] for record in dev("queries.jsonl") if record["type"] == "search"]
    return [line for line in written if line and not line.startswith("#")] + asked


def dev(name: str) -> list[dict[str, Any]]:
    """The records of one file that may be learned from."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [record for record in map(json.loads, lines) if record["half"] == "dev"]


def main() -> None:
    """Writes the means of stories and sentences per language, of all of them, and of questions."""
    texts = defaultdict(list)
    for language, text in stories():
        texts[f"story.{language}"].append(text)
        texts[f"sentence.{language}"] += sentences(text)
    means = {name: encoder.encode(listed).mean(axis=0) for name, listed in sorted(texts.items())}
    for what in ("story", "sentence"):
        means[what] = np.mean([means[f"{what}.{language}"] for language in LANGUAGES], axis=0)
    means["question"] = encoder.encode(questions()).mean(axis=0)
    np.savez_compressed(FILE, **{name: vector.astype(np.float16) for name, vector in means.items()})
    sys.stdout.write(f"{FILE.name}: {', '.join(f'{n} {len(t)}' for n, t in texts.items())}\n")


if __name__ == "__main__":
    main()
