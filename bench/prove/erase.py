"""The erase campaign (S12, L1): what was erased opens for nobody again, out of no backup; what lives opens, all of it.

See README.md beside this file. The attacker has everything that is still kept 15 days after the erasing, and the master
key. Then the oldest backup is restored as an operator would, and the same is asked of the product itself.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from alongside.database import binaries
from alongside.database.server import Server
from alongside.database.url import owner_dsn
from bench.prove.erase_attack import opened_by
from bench.prove.place import Place, throw_away
from bench.prove.scan import Needle, files_below, scan


def erase(count: int, seed: int) -> tuple[int, int]:
    """Let ``count`` families keep things, erase half of the boxes and half of what is in the rest, and attack.

    Returns how many kept things were looked for in how many ways, and how many were erased and opened or live and did not.
    """
    with throw_away() as place:
        kept = place.folder / "kept"
        world = _act(place, "begin", seed=seed, count=count)
        living, erased = set(world["living"]), set(world["erased"])
        # While nothing is erased and the keys lie beside it, the attack has to work, or it proves nothing.
        base = _of_server(kept / "base")
        before = _attack(place, kept, [base])
        problems = [f"{thing}: not opened though nothing was erased" for thing in (living | erased) - before]
        _act(place, "erase")
        _act(place, "days")
        # A copy of the whole disk of that day, too: database, write-ahead log, keyring and objects.
        shutil.copytree(place.data, kept / "disk", ignore=shutil.ignore_patterns("socket", "static", "*.lock"))
        stolen = [base, _of_server(kept / "disk")]
        problems += _judged("by the attacker", _attack(place, kept, stolen), living, erased)
        problems += _readable(place, kept / "backups", living | erased)
        problems += _judged("after a restore", set(_act(place, "restore")["opens"]), living, erased)
        shutil.copytree(place.data / "keyring", kept / "keyring-of-later")
        stolen.append(_of_server(place.data))
        problems += _judged("by the attacker after a restore", _attack(place, kept, stolen), living, erased)
    for problem in problems:
        print(f"  {problem}", file=sys.stderr)
    print(f"  {len(erased)} erased, {len(living)} living; each sought in 3 ways", file=sys.stderr)
    return 3 * (len(living) + len(erased)), len(problems)


def _act(place: Place, what: str, **said: int) -> dict[str, list[str]]:
    answer: dict[str, list[str]] = json.loads(
        place.run(what, "bench.prove.erase_act", what, str(place.folder), said=json.dumps(said)) or "{}"
    )
    return answer


def _judged(how: str, opened: set[str], living: set[str], erased: set[str]) -> list[str]:
    return [
        *(f"{thing}: erased, and opened {how}" for thing in sorted(opened & erased)),
        *(f"{thing}: living, and not opened {how}" for thing in sorted(living - opened)),
    ]


def _attack(place: Place, kept: Path, servers: list[bytes]) -> set[str]:
    """Return what opens to somebody who has all that is kept, what these servers hold, and the master key."""
    files = files_below(kept)
    dumps = [
        subprocess.run([binaries.embedded() / "pg_restore", "--file=-", path], capture_output=True, check=True).stdout
        for path in files
        if path.name == "database.dump"
    ]
    return opened_by(files, [*servers, *dumps], place.data / "secrets" / "master.key")


def _of_server(data: Path) -> bytes:
    """Start the server whose files these are, let it replay its write-ahead log, and return all that is in it."""
    with Server(data).running():
        command: list[str | Path] = [binaries.embedded() / "pg_dump", "-d", owner_dsn({}, data)]
        return subprocess.run(command, capture_output=True, check=True).stdout


def _readable(place: Place, backups: Path, things: set[str]) -> list[str]:
    """Return what stands readably in a backup: nothing may."""
    words = sorted({thing.split(" of ")[0] for thing in things if thing.startswith("canary")})
    control = place.folder / "control.txt"
    control.write_text(words[0])
    found = scan([control, *files_below(backups)], [Needle(word, word.encode()) for word in words])
    if not any(hit.path == control for hit in found):
        raise RuntimeError("the scan does not see what is there")
    return [f"{hit.needle.name}: readable in {hit.path.name}" for hit in found if hit.path != control]
