"""Naming an address and joining with it, in the same moment (V4)."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction

from alongside.accounts.models import Account
from tests.accounts.test_must_not_see import is_apart, name
from tests.cast import NOW


@pytest.mark.usefixtures("committed_db")
def test_v4_naming_and_joining_at_the_same_moment_miss_each_other_never() -> None:
    mara = Account.objects.join("mara@example.org", name="Mara", now=NOW)
    for round_ in range(6):
        address, start = f"ex{round_}@example.org", threading.Barrier(2)

        def names(address: str = address, start: threading.Barrier = start) -> None:
            start.wait()
            with transaction.atomic():
                name(mara, address)
            connections.close_all()

        def joins(address: str = address, start: threading.Barrier = start) -> None:
            start.wait()
            with transaction.atomic():
                Account.objects.join(address, name="Somebody", now=NOW)
            connections.close_all()

        both = [threading.Thread(target=one) for one in (names, joins)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert is_apart(mara, Account.objects.get(email=address))
