"""The canary campaign (S10): unique words in stories of every audience and in queries; where do they turn up?

See README.md beside this file for what is looked through and what may be found where (SECURITY 3.5).
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from alongside.database import binaries
from alongside.database.server import Server
from alongside.database.url import owner_dsn
from bench.prove.canary_seek import seek
from bench.prove.place import Place, throw_away
from bench.prove.scan import Hit, Needle, files_below, scan

HIDDEN = ("kept", "family", "invited", "withdrawn")
STRANGERS = ("lived", "members", "open")
KINDS = ("query", *STRANGERS, *HIDDEN)
WITH_INDEX = "dump-with-index.sql"


@dataclass(frozen=True)
class Written:
    """What families wrote: the words that each could read back, and bytes of a photograph, in hex."""

    read: Sequence[str]
    photo: str


@dataclass(frozen=True)
class Index:
    """Where index rows stand: the names of their files. And what of them is as telling as words: the vectors."""

    files: frozenset[str]
    vectors: Sequence[Needle]


def canary(count: int, seed: int) -> tuple[int, int]:
    """Set out ``count`` canaries, each kind in turn, and look for them everywhere.

    Returns how many were seen to be there (else nothing was proved), and how many were found where they may not be.
    """
    chance = random.Random(seed)
    mark = _word(chance, "canary", 8)
    kinds = {_word(chance, mark, 10): KINDS[place % len(KINDS)] for place in range(count)}
    queries = [word for word, kind in kinds.items() if kind == "query"]
    with throw_away() as place:
        _show_the_log(place)
        with place.served():
            written = _write(place, kinds)
            asked = seek(place, queries)
            index = _index(place)
            _copy_out(place)
            needles = [*index.vectors, Needle("photo", bytes.fromhex(written.photo), text=False)]
            live = _look(place, mark, kinds, needles)
        hits = {*live, *_look(place, mark, kinds, needles)}
    there = {*written.read, *asked} & (_dumped(hits) | {word for word in kinds if kinds[word] not in STRANGERS})
    bad = sorted((hit for hit in hits if not _may_stand(hit, kinds, index, place)), key=str)
    for hit in bad:
        who = kinds.get(hit.needle.name, hit.needle.name)
        print(f"  {who}: {hit.shape} in {hit.path.relative_to(place.folder)}", file=sys.stderr)
    return len(there), len({hit.needle.name for hit in bad})


def _word(chance: random.Random, start: str, more: int) -> str:
    # Without vowels, and without the s that stemming takes away: it stands in the index as it was written.
    return start + "".join(chance.choice("bcdfghjklmnpqrtvwxz") for _ in range(more))


def _show_the_log(place: Place) -> None:
    """Have whole pages written to the write-ahead log as they are: packed, a word in one could not be seen."""
    server = Server(place.data)
    with server.running(), psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute("ALTER DATABASE alongside SET wal_compression = off")


def _write(place: Place, kinds: dict[str, str]) -> Written:
    said = {kind: [word for word in kinds if kinds[word] == kind] for kind in (*HIDDEN, *STRANGERS)}
    return Written(**json.loads(place.run("write", "bench.prove.canary_write", said=json.dumps(said))))


def _index(place: Place) -> Index:
    """Gather statistics as the database does by itself, write everything out, and return what the index is."""
    with psycopg.connect(owner_dsn(place.environment, place.data), autocommit=True) as connection:
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")
        files = connection.execute(
            "WITH main AS (SELECT oid, reltoastrelid FROM pg_class WHERE oid = 'matching_entry'::regclass),"
            " tables AS (SELECT oid FROM main UNION SELECT reltoastrelid FROM main WHERE reltoastrelid <> 0)"
            " SELECT pg_relation_filepath(oid) FROM tables UNION"
            " SELECT pg_relation_filepath(indexrelid) FROM pg_index WHERE indrelid IN (SELECT oid FROM tables)"
        ).fetchall()
        vectors = connection.execute("SELECT vector FROM matching_entry LIMIT 3").fetchall()
    return Index(
        frozenset(Path(path).name for (path,) in files),
        [Needle(f"meaning {place}", bytes(vector)[64:96], text=False) for place, (vector,) in enumerate(vectors)],
    )


def _copy_out(place: Place) -> None:
    """Take every kind of copy that an operator takes."""
    dsn = owner_dsn(place.environment, place.data)
    copies = place.folder / "copies"
    copies.mkdir()
    for program, *options in (
        ["pg_dump", "--no-unlogged-table-data", "--file", str(copies / "dump.sql"), dsn],
        ["pg_dump", "--file", str(copies / WITH_INDEX), dsn],
        ["pg_dumpall", "--globals-only", "--file", str(copies / "globals.sql"), "--dbname", dsn],
        ["pg_basebackup", "--checkpoint=fast", "--wal-method=stream", "-D", str(copies / "base"), "-d", dsn],
    ):
        subprocess.run([binaries.embedded() / program, *options], check=True, capture_output=True)


def _look(place: Place, mark: str, kinds: dict[str, str], others: Sequence[Needle]) -> list[Hit]:
    """Look through all that lies there now: for the mark that every word begins with, then for whose word it is."""
    control = place.folder / "control.txt"
    control.write_bytes(b"\0" + mark.encode("utf-16-le"))
    files = files_below(place.folder)
    marked = scan(files, [Needle("mark", mark.encode()), *others])
    if not any(hit.path == control for hit in marked):
        raise RuntimeError("the scan does not see what is there")
    words = [Needle(word, word.encode()) for word in kinds]
    found = scan({hit.path for hit in marked if hit.needle.name == "mark"}, words)
    print(f"  looked through {len(files)} files", file=sys.stderr)
    return [*found, *(hit for hit in marked if hit.needle.name != "mark")]


def _dumped(hits: set[Hit]) -> set[str]:
    """Return the words that the index really holds: a dump of it shows them."""
    return {hit.needle.name for hit in hits if hit.path.name == WITH_INDEX}


def _may_stand(hit: Hit, kinds: dict[str, str], index: Index, place: Place) -> bool:
    """Whether a hit is one that SECURITY 3.5 allows: what strangers may find, in the index and in a dump of it."""
    if kinds.get(hit.needle.name) not in STRANGERS and hit.needle not in index.vectors:
        return False
    if hit.path == place.folder / "copies" / WITH_INDEX:
        return True
    in_server = Server(place.data).files in hit.path.parents
    return in_server and hit.path.name.split(".")[0].split("_")[0] in index.files
