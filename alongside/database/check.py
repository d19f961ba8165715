"""What ``doctor`` says about the database server: words kept out of its log, and rights that the web must not have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from alongside.database.roles import WEB

_SETTINGS = {
    # Statements, and with them words, would end in the server's log.
    "log_statement": ("none",),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "log_parameter_max_length_on_error": ("0",),
    "auto_explain.log_min_duration": ("-1", None),
    # An error's message quotes the value it is about, its DETAIL the whole row.
    "log_error_verbosity": ("terse",),
    "log_min_messages": ("log", "fatal", "panic"),
    "log_min_error_statement": ("panic",),
    # What is said to be kept is on the disk.
    "fsync": ("on",),
    "full_page_writes": ("on",),
}
"""What each setting has to be: the first value is the one that is advised; None where the server need not know it."""
OLDEST = 15
_CLOCK = 5.0  # seconds


def problems() -> list[str]:
    """Return, in words, what an administrator of the server has to change."""
    with connection.cursor() as cursor:
        return [*_of_settings(cursor), *_of_rights(cursor), *_of_the_login(cursor), *_of_the_version(cursor)]


def clock_problems() -> list[str]:
    """Return whether this machine's clock and the database's are apart."""
    with connection.cursor() as cursor:
        apart = abs((_one(cursor, "SELECT clock_timestamp()") - timezone.now()).total_seconds())
    if apart <= _CLOCK:
        return []
    return [
        f"this machine's clock and the database's are {apart:.0f} seconds apart; have both set by the network (NTP)"
    ]


def _one(cursor: CursorWrapper, question: str, *given: str) -> Any:
    cursor.execute(question, given)
    found = cursor.fetchone()
    return found[0] if found else None


def _of_settings(cursor: CursorWrapper) -> Iterator[str]:
    for name, wanted in _SETTINGS.items():
        found = _one(cursor, "SELECT current_setting(%s, true)", name)
        if (found or None) not in wanted:
            yield f"{name} is {found}; set it to {wanted[0]} on the database server"


def _of_rights(cursor: CursorWrapper) -> Iterator[str]:
    if _one(cursor, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"):
        yield "the web's database role can pass row-level security; give it neither SUPERUSER nor BYPASSRLS"
    if _one(cursor, "SELECT count(*) FROM pg_tables WHERE tableowner = current_user"):
        yield "the web's database role owns tables; let another role own them"


def _of_the_login(cursor: CursorWrapper) -> Iterator[str]:
    """Yield what the login behind the role could become again: it has stepped down, and may step up."""
    if _one(cursor, "SELECT session_user = current_user"):
        return
    remedy = (
        f"Let an administrator run: ALTER ROLE {WEB} LOGIN PASSWORD '…'; and set DATABASE_WEB_URL to the address "
        f"of DATABASE_URL with {WEB} and that password in it"
    )
    mighty = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = session_user"
    if _one(cursor, mighty):
        yield f"the web logs in as a role with an administrator's rights, and only steps down from it. {remedy}"
    elif _one(cursor, "SELECT count(*) FROM pg_tables WHERE pg_has_role(session_user, tableowner, 'MEMBER')"):
        yield f"the web logs in as the role that owns the tables, and only steps down from it. {remedy}"


def _of_the_version(cursor: CursorWrapper) -> Iterator[str]:
    number = _one(cursor, "SELECT current_setting('server_version_num')::int / 10000")
    if number < OLDEST:
        yield f"PostgreSQL is version {number}, older than {OLDEST}"
