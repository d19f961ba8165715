"""The tamper campaign (S11): what was changed, cut, moved or swapped at rest is refused, and nothing of it is given out.

See README.md beside this file. What lies in the database, the object store and the keyring is tampered with there, by
somebody who has the disk and no key; then the product is asked for it, as its own code does and through the web.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from alongside.database.url import owner_dsn
from bench.prove import tamper_files_web
from bench.prove.place import Place, throw_away
from bench.prove.tamper_files_web import FAULT, File, OnItsWay


@dataclass(frozen=True)
class Page:
    """A page that shows ``word`` out of a sealed column, to whoever sends ``cookie``."""

    path: str
    cookie: str
    word: str
    table: str
    column: str
    row: str


def tamper(count: int, seed: int) -> tuple[int, int]:
    """Tamper ``count`` times or more; return how often was tampered with, and how often that was not refused."""
    with throw_away() as place:
        with place.served():
            world = json.loads(place.run("world", "bench.prove.tamper_world", said=json.dumps({"seed": seed})))
            web = list(_all_through_the_web(place, world, random.Random(seed)))
        done = json.loads(
            place.run("tampering", "bench.prove.tamper_rest", said=json.dumps({"seed": seed, "count": count}))
        )
    bad = [*done["bad"], *(what for what in web if what)]
    for what in bad:
        print(f"  {what}", file=sys.stderr)
    for what in done["untried"]:
        print(f"  not tried, no row has it: {what}", file=sys.stderr)
    return int(done["checked"]) + len(web), len(bad)


def _all_through_the_web(place: Place, world: dict[str, list[dict[str, Any]]], chance: random.Random) -> Iterator[str]:
    yield from _through_the_web(place, [Page(**page) for page in world["pages"]], chance)
    yield from tamper_files_web.given_out(place, [File(**file) for file in world["files"]], chance)
    yield from tamper_files_web.finished(place, [OnItsWay(**upload) for upload in world["uploads"]], chance)


def _through_the_web(place: Place, pages: list[Page], chance: random.Random) -> Iterator[str]:
    """Tamper with what each page shows, ask for it, and put it back; yield what was wrong, or "" for each."""
    for page in pages:
        status, body = place.ask(page.path, headers={"Cookie": page.cookie})
        if status != 200 or page.word.encode() not in body:
            raise RuntimeError(f"{page.path} does not show what was kept: {status}")
        for how in ("flipped", "cut", "emptied"):
            with _tampered(place, page, how, chance):
                yield _asked(place, page, how)
        status, body = place.ask(page.path, headers={"Cookie": page.cookie})
        if status != 200 or page.word.encode() not in body:
            yield f"{page.path} does not show what was kept, though it was put back: {status}"


def _asked(place: Place, page: Page, how: str) -> str:
    log = place.logs / "serve.log"
    before = log.stat().st_size
    status, body = place.ask(page.path, headers={"Cookie": page.cookie})
    said = log.read_bytes()[before:]
    what = f"{page.table}.{page.column} {how}, {page.path}"
    if page.word.encode() in body:
        return f"{what}: words were given out"
    if status != 500 or FAULT not in body:
        return f"{what}: answered {status}, not with the page that says it is our fault"
    if page.word.encode() in said:
        return f"{what}: words stand in the log"
    if page.row.encode() not in said or f"{page.table}.{page.column}".encode() not in said:
        return f"{what}: the log does not say which row"
    return ""


class _tampered:  # noqa: N801 - reads as what it is: with _tampered(…)
    """The row's sealed value, changed for a block by whoever has the database."""

    def __init__(self, place: Place, page: Page, how: str, chance: random.Random) -> None:
        self._dsn = owner_dsn(place.environment, place.data)
        self._page, self._how, self._chance = page, how, chance
        self._was = b""

    def __enter__(self) -> None:
        (self._was,) = self._run("SELECT {column} FROM {table} WHERE {key} = %s", self._page.row)
        bad = bytearray(self._was)
        if self._how == "flipped":
            bad[self._chance.randrange(2, len(bad))] ^= 1 << self._chance.randrange(8)
        self._put(bytes(bad) if self._how == "flipped" else self._was[:-1] if self._how == "cut" else b"")

    def __exit__(self, *_: object) -> None:
        self._put(self._was)

    def _put(self, value: bytes) -> None:
        self._run("UPDATE {table} SET {column} = %s WHERE {key} = %s RETURNING {key}", value, self._page.row)

    def _run(self, query: str, *given: object) -> tuple[bytes]:
        names = {
            "table": sql.Identifier(self._page.table),
            "column": sql.Identifier(self._page.column),
            "key": sql.Identifier("id" if self._page.table != "accounts_profile" else "account_id"),
        }
        with psycopg.connect(self._dsn) as connection:
            found = connection.execute(sql.SQL(query).format(**names), given).fetchone()
        assert found is not None
        return found
