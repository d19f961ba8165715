"""The database tests once more, on the PostgreSQL (15 or later) that came with this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PAGES_AS_EVERYONE = ("house/test_permission_matrix", "visibility/test_a_hole_is_found", "home/test_two_worlds")
ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_database_tests_pass_on_this_machines_own_postgresql() -> None:
    inherited = {"DATABASE_URL", "DATABASE_WEB_URL", "ALONGSIDE_DATA", "ALONGSIDE_SYSTEM_POSTGRES"}
    environment = {name: value for name, value in os.environ.items() if name not in inherited}
    environment["ALONGSIDE_TEST_PROGRAMS"] = os.environ["ALONGSIDE_SYSTEM_POSTGRES"]
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-m",
            "django_db",
            "--ignore=tests/journeys",
            # Thousands of pages each, over rows that the other tests ask for too: what differs between servers is SQL.
            *(f"--ignore=tests/{name}.py" for name in PAGES_AS_EVERYONE),
            "-p",
            "no:cacheprovider",
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout[-5000:] + ended.stderr[-2000:]
