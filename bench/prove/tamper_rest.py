"""Run by the tamper campaign: every sealed column of every table, objects, and the keyring's records, tampered with.

Standard input: {"seed", "count"}. Standard output: {"checked", "bad": [what was not refused], "untried": [columns]}.
"""

from __future__ import annotations

import itertools
import json
import random
import sys

import django

django.setup()

from alongside.installation import database_running  # noqa: E402
from bench.prove.tamper_columns import Column, columns, through_the_model  # noqa: E402
from bench.prove.tamper_file_rows import row_cases  # noqa: E402
from bench.prove.tamper_files import Case, file_cases  # noqa: E402
from bench.prove.tamper_keyring import keyring_cases  # noqa: E402
from bench.prove.tamper_objects import object_cases  # noqa: E402


def main() -> None:
    said = json.load(sys.stdin)
    chance, bad = random.Random(said["seed"]), []
    with database_running():
        values, untried = columns()
        cases = [*column_cases(values, chance, int(said["count"])), *object_cases(chance)]
        checked = 0
        for what, refused in itertools.chain(cases, file_cases(chance), row_cases()):
            checked += 1
            if problem := refused():
                bad.append(f"{what}: {problem}")
        for what, problem in keyring_cases(chance):
            checked += 1
            if problem:
                bad.append(f"{what}: {problem}")
    json.dump({"checked": checked, "bad": bad, "untried": untried}, sys.stdout)


def column_cases(values: list[Column], chance: random.Random, count: int) -> list[Case]:
    """Return (what, check) for every kind of tampering with every column, and flips of single bytes up to ``count``."""
    cases: list[Case] = []
    for value in values:
        size = len(value.sealed)
        kinds = {
            "cut by one byte": value.sealed[:-1],
            "cut in the middle": value.sealed[: size // 2],
            "cut to its head": value.sealed[:14],
            "cut to nothing": b"",
            "longer by a byte": value.sealed + b"\0",
            "twice": value.sealed * 2,
            "of another version": bytes([2]) + value.sealed[1:],
            "of version 0": bytes([0]) + value.sealed[1:],
            "of another algorithm": value.sealed[:1] + bytes([2]) + value.sealed[2:],
            "in clear": b"\1\1" + value.plain,
        }
        kinds |= {f"swapped with {other}": other.sealed for other in _others(value, values, chance)}
        cases += [
            (f"{value} {how}", through_the_model(value, bad)) for how, bad in kinds.items() if bad != value.sealed
        ]
    small = min(values, key=lambda value: len(value.sealed))
    flips = [(small, at) for at in range(len(small.sealed))]
    flips += [(value, chance.randrange(len(value.sealed))) for value in chance.choices(values, k=max(0, count))]
    for value, at in flips:
        flipped = bytearray(value.sealed)
        flipped[at] ^= 1 << chance.randrange(8)
        cases.append((f"{value} byte {at} flipped", through_the_model(value, bytes(flipped))))
    return cases


def _others(value: Column, values: list[Column], chance: random.Random) -> list[Column]:
    """Return a value of the same column in another row (of any key, of the same key), of the same row, of another vault."""
    same_column = [one for one in values if (one.table, one.name) == (value.table, value.name) and one.row != value.row]
    key = (value.place.vault, value.place.item)
    same_key = [one for one in same_column if (one.place.vault, one.place.item) == key]
    same_row = [one for one in values if one.row == value.row and one.name != value.name]
    elsewhere = [one for one in values if one.place.vault != value.place.vault]
    return [chance.choice(some) for some in (same_column, same_key, same_row, elsewhere) if some]


main()
