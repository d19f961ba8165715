"""S15: the key of a session is the browser's alone; what lies in the database opens nothing."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from alongside.accounts.models import SignIn
from tests.accounts.conftest import Newest
from tests.accounts.test_coming_in import comes_in
from tests.cast import Cast
from tests.home.browser import Browser


@pytest.mark.django_db
def test_s15_what_the_database_holds_of_a_session_signs_nobody_in(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    key = mara.cookies[settings.SESSION_COOKIE_NAME].value
    held = [Session.objects.get().session_key, SignIn.objects.get().session]
    assert held[0] == held[1] != key
    thief = Browser()
    thief.cookies[settings.SESSION_COOKIE_NAME] = held[0]
    assert thief.get("/you/").status_code == 302
    assert mara.get("/you/").status_code == 200
    migration = import_module("alongside.accounts.migrations.0007_session_digests")
    with connection.cursor() as cursor:
        cursor.execute(f"select {migration.KEPT_AS.format('%s::text')}", [key])
        assert cursor.fetchone() == (held[0],), "who was signed in before the migration still is"
