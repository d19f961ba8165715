"""All entries: those that are shipped, with this installation's own files laid over them.

A host's file lies in the data folder, ``support/*.toml``. It adds entries, changes shipped ones or confirms
them; what cannot be read in it is left out and named in ``problems``, and everything else still works.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from django.conf import settings

from alongside.support.entry import Entry, EntryError, read_entry

Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Listing:
    """Entries in the order they are shown, and what is wrong with the installation's own files, in words."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]

    def of(self, country: str) -> tuple[Entry, ...]:
        """Return the entries of one country code, or of "*"."""
        return tuple(entry for entry in self.entries if entry.country == country)


def listing() -> Listing:
    """Return the entries as they stand now; a host's file counts from the next request after it is saved."""
    folder = Path(settings.DATA) / "support"
    return _laid_over(folder, _signature(folder))


@cache
def shipped() -> tuple[Entry, ...]:
    """Return the entries that come with the software, in their order."""
    folder = resources.files(__package__).joinpath("services")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    tables = [tomllib.loads(file.read_text(encoding="utf-8")) for file in files]
    return tuple(
        entry
        for table in tables
        for entry in (
            *(read_entry(service) for service in table.get("service", ())),
            *(_emergency(code, said) for said in table.get("emergency", ()) for code in said["countries"]),
        )
    )


def _emergency(country: str, said: Mapping[str, str]) -> Entry:
    return read_entry(
        {
            "id": f"{country.lower()}-emergency",
            "country": country,
            "scope": "emergency",
            "name": "Emergency services",
            "what": said["what"],
            "phones": [said["number"]],
            "hours": "always",
            "languages": ["+"],
            "source": said["source"],
            "confidence": "M",
        }
    )


def _signature(folder: Path) -> Signature:
    if not folder.is_dir():
        return ()
    stats = ((path.name, path.stat()) for path in sorted(folder.glob("*.toml")))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@lru_cache(maxsize=2)
def _laid_over(folder: Path, signature: Signature) -> Listing:
    entries = {entry.id: entry for entry in shipped()}
    problems: list[str] = []
    for name, _changed, _size in signature:
        try:
            services = _services(folder / name)
        except (OSError, ValueError) as error:
            problems.append(f"support/{name} cannot be read and is left out: {error}")
            continue
        for place, table in services:
            try:
                entry = _own(table, entries)
                entries[entry.id] = entry
            except EntryError as error:
                problems.append(f"support/{name}, service {place}, is left out: {error}")
    return Listing(tuple(entries.values()), tuple(problems))


def _services(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return (id or position, table) of each [[service]]; raise ValueError if the file is anything else."""
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    services = said.pop("service", [])
    if said or not isinstance(services, list) or not all(isinstance(table, dict) for table in services):
        raise ValueError("it takes [[service]] tables and nothing else")
    return ((str(table.get("id", f"number {at}")), table) for at, table in enumerate(services, start=1))


def _own(table: dict[str, Any], entries: Mapping[str, Entry]) -> Entry:
    """Return the entry of a host's table: a host answers for it by day and name, or hides it."""
    base = entries.get(str(table.get("id")))
    if not table.get("hidden") and not {"confirmed_on", "confirmed_by"} <= table.keys():
        raise EntryError("confirmed_on and confirmed_by: say who checked it and on which day")
    return read_entry({"source": "this installation", **table} if base is None else table, base)
