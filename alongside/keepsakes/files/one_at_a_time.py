"""One file of one person is decoded at a time, so that nobody takes every thread from everybody else (S18, S39)."""

from __future__ import annotations

from django.db import connection

from alongside.accounts.models import Account
from alongside.media.refused import Busy


def refuse_a_second(by: Account) -> None:
    """Raise Busy while another file of this account is being decoded; until this transaction ends nobody else's is refused."""
    number = int.from_bytes(by.pk.bytes[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if cursor.fetchone() != (True,):
            raise Busy
