"""Run by the erase campaign: what families and the operator do. Arguments: the act, and the installation's folder.

begin: families keep things, and every kind of backup is taken. erase: half is erased. days: a backup each day for 15
days. restore: the oldest backup that is left is restored. Standard output: things, as "canaryxyz of keepsake 1".
"""

from __future__ import annotations

import json
import random
import re
import sys
from pathlib import Path

THING = re.compile(rb"canary[a-z]{10} of (?:box|keepsake \d|sheet \d)")


def main(act: str, folder: Path) -> None:
    import django

    django.setup()
    from alongside.installation import database_running, prepare
    from bench.prove.erase_steps import begin, days, let_go, restored

    with database_running():
        if act == "begin":
            prepare()
            said = json.load(sys.stdin)
            json.dump(begin(folder, random.Random(said["seed"]), int(said["count"])), sys.stdout)
        elif act == "erase":
            let_go(folder)
        elif act == "days":
            days(folder)
        else:
            json.dump(restored(folder), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
