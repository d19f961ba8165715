"""Whether this machine's processor runs the wheel's pgvector.

The wheel's ``vector.so`` is built for its builder's processor. On one without AVX2 (or, on ARM, SVE) an
operator ends the server process with SIGILL, and with it every connection. So each operator in use runs once
in single-user mode on a throw-away database; where that fails, vectors are compared in numpy instead.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from pathlib import Path

from alongside.database import binaries
from alongside.database.runner import Runner, choose
from alongside.database.server import Server, make_database_files, make_private

_OPERATORS = """\
create extension vector;
select '[1,2,3]'::halfvec(3) <=> '[1,2,4]'::halfvec(3), '[1,2,3]'::halfvec(3) <#> '[1,2,4]'::halfvec(3);
select array[1,2,3]::real[]::vector(3)::halfvec(3), '[1,2,3]'::vector(3) <=> '[1,2,4]'::vector(3);
select l2_normalize('[1,2,3]'::halfvec(3)), avg(v) from (values ('[1,2,3]'::halfvec(3))) as t(v);
"""


def pgvector_works(server: Server) -> bool:
    """Return whether pgvector runs here; asked once per build and processor, remembered beside the data.

    Takes about a second the first time, under 50 ms after that (it reads the programs to see whether they
    changed).
    """
    make_private(server.home)
    remembered = server.home / "pgvector.json"
    key = _key(server.programs)
    try:
        answer = json.loads(remembered.read_text())
        if answer["key"] == key:
            return bool(answer["works"])
    except (FileNotFoundError, ValueError, KeyError):
        pass  # not asked yet, or half written
    runner = choose(server.home)
    works = _try_operators(server.reachable_for(runner).programs, server.home, runner)
    remembered.write_text(json.dumps({"key": key, "works": works}))
    return works


def _try_operators(programs: Path, home: Path, runner: Runner) -> bool:
    folder = home / "probe.new"
    shutil.rmtree(folder, ignore_errors=True)
    make_database_files(programs, folder, runner, fast=True)
    try:
        command: list[str | Path] = [
            programs / "postgres",
            "--single",
            "-D",
            folder,
            "-F",
            "-c",
            "exit_on_error=on",
            "postgres",
        ]
        ended = runner.run(command, text=_OPERATORS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return ended.returncode == 0


def _key(programs: Path) -> str:
    parts = [platform.machine(), _processor()]
    for file in (programs / "postgres", *sorted(programs.parent.glob("lib/**/vector.so"))):
        parts.append(binaries.checksum(file))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _processor() -> str:
    """Return what the processor can do, as the kernel says: the data may move to another machine."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line for line in lines if line.startswith(("flags", "Features"))), "")
