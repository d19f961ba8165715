"""Run by the consent campaign. Arguments: "prepare", or "play"; standard input: {"seed", "histories", "races", "name"}."""

from __future__ import annotations

import json
import sys

import django


def main(what: str) -> None:
    django.setup()
    from django.conf import settings

    from alongside.database.server import Server
    from alongside.installation import prepare

    # Whoever comes first starts it, and whoever leaves last stops it.
    with Server(settings.DATA, fast=True).running():
        if what == "prepare":
            prepare()
            from bench.prove.consent_log import keep_a_diary

            keep_a_diary()
            return
        from bench.prove.consent_histories import play

        said = json.load(sys.stdin)
        ledger = play(said["histories"], said["races"], said["seed"], said["name"])
        json.dump({"histories": ledger.histories, "bad": ledger.bad, "counts": ledger.counts}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
