"""The canary campaign (S10): unique words in a private story, in an open one and in a query; where do they turn up?

A private word and a query may be found nowhere on the disk. A word of an open story may stand in the files of the
index alone (SECURITY 3.5). Looked through: database files before and after a clean stop, write-ahead log, base
backup, dump, objects, keyring, logs, temporary files.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg

from alongside.database import binaries
from alongside.database.url import owner_dsn
from bench.prove.place import ROOT, Place, throw_away
from bench.prove.scan import Hit, scan

KINDS = ("private", "query", "open")


def canary(count: int, seed: int) -> tuple[int, int]:
    """Set out ``count`` canaries of the three kinds; return (canaries × files looked through, bad ones)."""
    chance = random.Random(seed)
    words = {kind: [_word(chance) for _ in range(-(-count // 3))] for kind in KINDS}
    with throw_away() as place:
        with place.served():
            _write(place, words)
            _seek(place, words["query"])
            index = _index_files(place)
            _copy_out(place)
        return _judge(place, words, index)


def _word(chance: random.Random) -> str:
    return "canary" + "".join(chance.choice("bcdfghjklmnpqrstvwxz") for _ in range(14))


def _write(place: Place, words: dict[str, list[str]]) -> None:
    """Let invented families write, in a process of its own so that this one holds none of their keys."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "bench.prove.canary_write", json.dumps(words)],
        env={**place.environment, "DJANGO_SETTINGS_MODULE": "alongside.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    (place.logs / "write.log").write_text(done.stdout + done.stderr)
    if done.returncode:
        raise RuntimeError(f"could not write: {done.stderr[-2000:]}")


def _seek(place: Place, queries: list[str]) -> None:
    """Send each query by every form there is, whole, broken, too long, and while the database is away."""
    for word in queries:
        said = f"our son died at 20 weeks, {word}, the placenta"
        for path, form in (
            ("/find/", {"sentence": said}),
            ("/find/", {"sentence": said, "do": "more", "page": "1"}),
            ("/find/", {"sentence": said, "do": "change"}),
            ("/find/", {"sentence": (said + " ") * 400}),
            ("/find/", {"sentence": f"{said} ' \" \x00 ; DROP TABLE stories_story; -- <script>"}),
            ("/find/words/", {"words": word}),
            ("/find/words/", {"words": f'"{word}" -{word} or ('}),
            ("/find/list/", {"kind": word}),
            ("/find/list/", {"themes": word}),
            ("/help/", {"country": word}),
            ("/languages/", {"languages": word}),
            ("/nowhere/", {"sentence": said}),
            (f"/find/?sentence={word}", None),
        ):
            place.ask(path, form)


def _index_files(place: Place) -> set[str]:
    """Return the names of the files in which index rows stand: the tables of the index, their overflow, their indexes."""
    with psycopg.connect(owner_dsn(place.environment, place.data)) as connection:
        rows = connection.execute(
            "SELECT pg_relation_filepath(c.oid) FROM pg_class c WHERE c.oid IN ("
            " SELECT 'matching_entry'::regclass UNION SELECT reltoastrelid FROM pg_class"
            "  WHERE oid = 'matching_entry'::regclass UNION SELECT indexrelid FROM pg_index"
            "  WHERE indrelid = 'matching_entry'::regclass UNION SELECT indexrelid FROM pg_index"
            "  WHERE indrelid = (SELECT reltoastrelid FROM pg_class WHERE oid = 'matching_entry'::regclass))"
        ).fetchall()
        connection.commit()
        connection.autocommit = True
        connection.execute("CHECKPOINT")
    return {Path(path).name for (path,) in rows if path}


def _copy_out(place: Place) -> None:
    """Take every kind of copy that an operator takes, and the live files as a thief would."""
    programs = binaries.embedded()
    dsn = owner_dsn(place.environment, place.data)
    copies = place.folder / "copies"
    copies.mkdir()
    for words in (
        ["pg_dump", "--no-unlogged-table-data", "--file", str(copies / "dump.sql"), dsn],
        ["pg_basebackup", "--checkpoint=fast", "--wal-method=stream", "-D", str(copies / "base"), "-d", dsn],
    ):
        program = next(path for path in programs.rglob(words[0]) if path.is_file())
        subprocess.run([str(program), *words[1:]], check=True, capture_output=True)
    shutil.copytree(place.data, copies / "live", ignore=shutil.ignore_patterns("socket", ".s.*"), symlinks=True)


def _judge(place: Place, words: dict[str, list[str]], index: set[str]) -> tuple[int, int]:
    flat = [word for kind in KINDS for word in words[kind]]
    control = place.folder / "control.txt"
    control.write_bytes(flat[0].encode("utf-16-le"))
    hits, files = scan(place.folder, flat)
    if not any(hit.path == control for hit in hits):
        raise RuntimeError("the scan does not see what is there")
    in_index = [hit for hit in hits if hit.word in words["open"] and _of_index(hit, index, place.folder)]
    if {hit.word for hit in in_index} != set(words["open"]):
        raise RuntimeError("an open story was not indexed, so nothing was proved")
    bad = [hit for hit in hits if hit.path != control and hit not in in_index]
    for hit in bad:
        print(f"  {hit.shape} in {hit.path.relative_to(place.folder)}", file=sys.stderr)
    return files * len(flat), len(bad)


def _of_index(hit: Hit, index: set[str], folder: Path) -> bool:
    """Whether a hit lies in a file of the live index; a base backup holds no such file by right."""
    in_backup = hit.path.relative_to(folder).parts[:2] == ("copies", "base")
    return not in_backup and hit.path.name.split(".")[0].split("_")[0] in index
