"""The canary campaign (S10, S26): unique words wherever somebody can write or ask for something; where do they turn up?

See README.md beside this file for what is looked through and what may be found where (SECURITY 3.5).
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg

from alongside.database import binaries
from alongside.database.server import Server
from alongside.database.url import owner_dsn
from bench.prove import canary_browser, canary_files, canary_keep
from bench.prove.canary_keep import Family, guests, while_away
from bench.prove.canary_seek import seek
from bench.prove.canary_watch import watching
from bench.prove.mailbox import Mailbox, mailbox
from bench.prove.place import Place, throw_away
from bench.prove.scan import Hit, Needle, files_below, scan

HIDDEN = ("kept", "family", "invited", "withdrawn")
STRANGERS = ("lived", "members", "open")
KINDS = ("query", *STRANGERS, *HIDDEN, *canary_keep.KINDS, *canary_files.KINDS, *canary_browser.KINDS)
WITH_INDEX = "dump-with-index.sql"
A_CODE = "a mailed code"
OF_ADDRESSES = ("accounts_account", "accounts_code")
"""Mail has to go somewhere: the tables in which addresses of accounts stand as they are."""


@dataclass(frozen=True)
class Seen:
    """The words that somebody could read back, and bytes of photographs and recordings."""

    words: set[str]
    files: Sequence[Needle]


@dataclass(frozen=True)
class Readable:
    """Files whose rows may be read by somebody who has the disk, by their names: of the index, and of addresses.

    And what of the index is as telling as words: the vectors.
    """

    index: frozenset[str]
    addresses: frozenset[str]
    vectors: Sequence[Needle]


def canary(count: int, seed: int) -> tuple[int, int]:
    """Set out ``count`` canaries, each kind in turn, and look for them everywhere.

    Returns how many were seen to be there (else nothing was proved), and how many were found where they may not be.
    """
    chance = random.Random(seed)
    mark = _word(chance, "canary", 8)
    kinds = {_word(chance, mark, 10): KINDS[place % len(KINDS)] for place in range(count)}
    with mailbox() as mail, throw_away() as place:
        place.environment["EMAIL_URL"] = mail.url
        _show_the_log(place)
        with place.served():
            with watching(place):
                seen = _live(place, mail, kinds, chance)
            readable = _readable(place)
            _copy_out(place)
            needles = [*readable.vectors, *seen.files, *_codes(mail)]
            look = Look(place, mark, kinds, needles)
            look.again()
        look.again()
        hits = look.hits
        there = seen.words & (_dumped(hits) | {word for word in kinds if kinds[word] not in STRANGERS})
        bad = sorted((hit for hit in hits if not may_stand(hit, kinds, readable, place)), key=str)
        for hit in bad:
            who = kinds.get(hit.needle.name, hit.needle.name)
            print(f"  {who}: {hit.shape} in {hit.path.relative_to(place.folder)}", file=sys.stderr)
    for word in sorted(kinds.keys() - there):
        print(f"  {kinds[word]}: was never seen to be there", file=sys.stderr)
    return len(there), len({hit.needle.name for hit in bad})


def _live(place: Place, mail: Mailbox, kinds: dict[str, str], chance: random.Random) -> Seen:
    """Let everything happen that leaves words somewhere; return those that somebody could read back."""
    words = {kind: [word for word in kinds if kinds[word] == kind] for kind in KINDS}
    family = Family(place, mail, [f"{word}@example.org" for word in words["address"]] or ["parent@example.org"])
    shown = {word for word in words["box"] if family.says(word, words["named"])}
    files = canary_files.has_files(family, chance, words["photo"], words["voice"])
    with ThreadPoolExecutor(1) as beside:
        browsing = beside.submit(_browse, place, family, words, files)
        told = json.loads(place.run("write", "bench.prove.canary_write", said=json.dumps(_told(words))))
        shown &= {word for word in words["box"] if family.keeps(word)}
        shown |= family.has_sheets(words["sheet"]) | family.lets_go(words["gone"]) | guests(place, words["device"])
        shown |= browsing.result()
    shown |= {word for word in words["named"] if word in family.parent.ask("/you/must-not-see/").page}
    shown |= {word for word in words["address"] if word in "".join(one.ask("/you/").page for one in family.parents)}
    place.run("finish", "bench.prove.canary_finish")
    while_away(place, dict.fromkeys(words["sheet"], family.parent))
    canary_files.while_away(place, family, chance, words["photo"])
    shown |= seek(place, words["query"])
    told_photo = Needle("photo of a story", bytes.fromhex(told["photo"]), text=False)
    return Seen({*shown, *files.shown, *told["read"]}, [told_photo, *files.needles])


def _browse(place: Place, family: Family, words: dict[str, list[str]], files: canary_files.Files) -> set[str]:
    said = {kind: " ".join(words[kind]) for kind in canary_browser.KINDS}
    if not all(said.values()):
        return set()
    sessions = [family.signs_in_elsewhere(f"10.7.2.{number}") for number in range(len(said))]
    looked_at = canary_browser.LookedAt(family.box, files.photos[:1], files.voices[:1], words["photo"][:1])
    return canary_browser.shared_computer(place, sessions, looked_at, said)


def _codes(mail: Mailbox) -> list[Needle]:
    """Return every code that was mailed, as it stands in the mail and as it is typed."""
    codes = {code for _, code in mail.codes}
    spaced = [Needle(A_CODE, f"{code[:4]} {code[4:]}".encode(), text=False) for code in codes]
    return [*spaced, *(Needle(A_CODE, code.encode(), text=False) for code in codes)]


def _word(chance: random.Random, start: str, more: int) -> str:
    # Without vowels, and without the s that stemming takes away: it stands in the index as it was written.
    return start + "".join(chance.choice("bcdfghjklmnpqrtvwxz") for _ in range(more))


def _show_the_log(place: Place) -> None:
    """Have whole pages written to the write-ahead log as they are: packed, a word in one could not be seen."""
    server = Server(place.data)
    with server.running(), psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute("ALTER DATABASE alongside SET wal_compression = off")


def _told(words: dict[str, list[str]]) -> dict[str, list[str]]:
    return {kind: words[kind] for kind in (*HIDDEN, *STRANGERS)}


def _readable(place: Place) -> Readable:
    """Gather statistics as the database does by itself, write everything out, and return what may be read there."""
    with psycopg.connect(owner_dsn(place.environment, place.data), autocommit=True) as connection:
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")

        def files(*names: str) -> frozenset[str]:
            found = connection.execute(
                "WITH main AS (SELECT oid, reltoastrelid FROM pg_class WHERE oid = ANY(%s::regclass[])),"
                " tables AS (SELECT oid FROM main UNION SELECT reltoastrelid FROM main WHERE reltoastrelid <> 0)"
                " SELECT pg_relation_filepath(oid) FROM tables UNION"
                " SELECT pg_relation_filepath(indexrelid) FROM pg_index WHERE indrelid IN (SELECT oid FROM tables)",
                [list(names)],
            ).fetchall()
            return frozenset(Path(path).name for (path,) in found)

        vectors = connection.execute("SELECT vector FROM matching_entry LIMIT 3").fetchall()
        return Readable(
            files("matching_entry"),
            files(*OF_ADDRESSES),
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


class Look:
    """Looks through all that lies there: for the mark that every word begins with, then for whose word it is.

    What has not changed since it was looked through is not looked through again.
    """

    def __init__(self, place: Place, mark: str, kinds: dict[str, str], others: Sequence[Needle]) -> None:
        self._place, self._others = place, others
        self._mark = Needle("mark", mark.encode())
        self._words = [Needle(word, word.encode()) for word in kinds]
        self._known: dict[Path, tuple[int, int]] = {}
        self.hits: set[Hit] = set()

    def again(self) -> None:
        control = self._place.folder / "control.txt"
        control.write_bytes(b"\0" + self._mark.value.decode().encode("utf-16-le"))
        files = [path for path in files_below(self._place.folder) if self._has_changed(path)]
        marked = scan(files, [self._mark, *self._others])
        if not any(hit.path == control for hit in marked):
            raise RuntimeError("the scan does not see what is there")
        found = scan({hit.path for hit in marked if hit.needle == self._mark}, self._words)
        print(f"  looked through {len(files)} files", file=sys.stderr)
        self.hits |= {*found, *(hit for hit in marked if hit.needle != self._mark)}

    def _has_changed(self, path: Path) -> bool:
        try:
            now = path.stat()
        except FileNotFoundError:
            return False
        before, self._known[path] = self._known.get(path), (now.st_mtime_ns, now.st_size)
        return before != self._known[path]


def _dumped(hits: set[Hit]) -> set[str]:
    """Return the words that the index really holds: a dump of it shows them."""
    return {hit.needle.name for hit in hits if hit.path.name == WITH_INDEX}


def may_stand(hit: Hit, kinds: dict[str, str], readable: Readable, place: Place) -> bool:
    """Whether a hit is one that SECURITY 3.5 allows: what strangers may find, in the index; whom mail goes to."""
    if hit.needle.name == A_CODE:
        # Eight digits: what is left of them in base64 is four signs, which stand anywhere by chance.
        return hit.shape.startswith("base64")
    kind = kinds.get(hit.needle.name)
    name = hit.path.name.split(".")[0].split("_")[0]
    in_server = Server(place.data).files in hit.path.parents
    if kind == "address":
        if hit.path.suffix == ".sql":
            return _stands_only_among_addresses(hit)
        in_base = place.folder / "copies" / "base" in hit.path.parents
        return (in_server or in_base) and (name in readable.addresses or hit.path.parent.name == "pg_wal")
    if kind not in STRANGERS and hit.needle not in readable.vectors:
        return False
    return hit.path == place.folder / "copies" / WITH_INDEX or (in_server and name in readable.index)


def _stands_only_among_addresses(hit: Hit) -> bool:
    """Whether a dump holds the needle in the rows of no other table."""
    table = ""
    for line in hit.path.read_text(errors="replace").splitlines():
        if line.startswith("COPY "):
            table = line.split()[1].removeprefix("public.")
        if hit.needle.value.decode() in line and table not in OF_ADDRESSES:
            return False
    return hit.shape == "plain"
