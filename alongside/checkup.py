"""What ``doctor`` looks at: each check gives its name and what needs a person, in words."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.utils import timezone

from alongside.families.vocabulary import VocabularyError, vocabulary
from alongside.matching import index
from alongside.support.check import problems as support_problems
from alongside.vault.check import problems as vault_problems

ENOUGH_DISK = 0.20
"""The share of the disk that should be free (S35 warns at 80 % full)."""
_QUIET_SETTINGS = {
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "fsync": "on",
    "full_page_writes": "on",
}


def findings() -> Iterator[tuple[str, list[str]]]:
    """Yield each check's name with its problems; none means well."""
    now = timezone.now()
    yield "keys", vault_problems()
    yield "database", list(_database())
    yield "storage", list(_storage())
    yield "clock", list(_clock())
    yield "vocabulary", list(_vocabulary())
    yield "helplines", support_problems(now)
    yield "finding", list(_finding())


def _database() -> Iterator[str]:
    with connection.cursor() as cursor:
        for name, wanted in _QUIET_SETTINGS.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            found = cursor.fetchone()[0]
            if found != wanted:
                yield f"{name} is {found}; set it to {wanted} on the database server"
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            yield "the web's database role can pass row-level security; give it neither SUPERUSER nor BYPASSRLS"
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        if cursor.fetchone()[0]:
            yield "the web's database role owns tables; let another role own them"
        cursor.execute("SELECT current_setting('server_version_num')::int")
        if cursor.fetchone()[0] < 150000:
            yield "PostgreSQL is older than 15"


def _storage() -> Iterator[str]:
    usage = shutil.disk_usage(settings.DATA)
    if usage.free < usage.total * ENOUGH_DISK:
        yield f"the disk is {100 - 100 * usage.free // usage.total} % full"
    if stat.S_IMODE(settings.DATA.stat().st_mode) & 0o077:
        yield "others on this machine can look into the data folder; run: chmod 700 on it"


def _clock() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs((cursor.fetchone()[0] - timezone.now()).total_seconds())
    if apart > 5:
        yield f"this machine's clock and the database's are {apart:.0f} seconds apart"


def _vocabulary() -> Iterator[str]:
    try:
        vocabulary()
    except VocabularyError as error:
        yield str(error)


def _finding() -> Iterator[str]:
    missing = index.missing().count()
    if missing:
        yield f"{missing} stories have no index row yet; the worker adds them"
