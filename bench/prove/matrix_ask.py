"""Run by the matrix campaign. Standard input: {"count", "seed"}; standard output: {"checked", "bad": [cell: answer]}."""

from __future__ import annotations

import json
import random
import sys

from bench.prove.inside import inside
from bench.prove.matrix import FEWEST


def main() -> None:
    said = json.load(sys.stdin)
    with inside():
        from django.db import transaction

        from bench.prove import matrix_own, matrix_stories
        from bench.prove.matrix_table import wrong

        chance, checked = random.Random(said["seed"]), 0
        bad: list[str] = []
        for kind in (matrix_stories, matrix_own):
            with transaction.atomic():
                house = kind.build()
                cells = list(kind.cells(house))
                asked = cells if said["count"] >= FEWEST else chance.sample(cells, said["count"] // 2)
                bad += wrong(house, asked)
                checked += len(asked)
                transaction.set_rollback(True)
    json.dump({"checked": checked, "bad": bad}, sys.stdout)


if __name__ == "__main__":
    main()
