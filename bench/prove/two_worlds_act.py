"""Run by the two-worlds campaign. Standard input: {"pairs", "seed"}; standard output: what told worlds apart."""

from __future__ import annotations

import json
import sys

from bench.prove.inside import inside


def main() -> None:
    said = json.load(sys.stdin)
    with inside():
        from bench.prove.two_worlds_ask import told_apart

        found = list(told_apart(said["pairs"], said["seed"]))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
