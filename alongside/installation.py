"""One installation as a whole: made ready, asked from the command line, and examined. A door, like the command line."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import django
from django.conf import settings
from django.core.management import call_command

from alongside.database.url import is_embedded


@contextmanager
def database_running() -> Iterator[None]:
    """Have the embedded server up for a block (an outside one is somebody else's to run)."""
    from alongside.database.server import Server

    if not is_embedded(os.environ):
        yield
        return
    with Server(Path(os.environ["ALONGSIDE_DATA"])).running():
        yield


def prepare() -> None:
    """Migrate, grant, gather static files; in a demonstration settle the sample community. Quick when all is done."""
    django.setup()
    from django.db import connections

    from alongside.backup.unfinished import refuse_unfinished
    from alongside.database.roles import ensure_roles, grant
    from alongside.database.url import owner_dsn

    refuse_unfinished(settings.DATA)
    owner = connections["owner"]
    if not is_embedded(os.environ):
        ensure_roles(owner_dsn(os.environ, settings.DATA))
    if _needs_migrating():
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        grant(owner)
    owner.close()
    _have_the_keys()
    call_command("collectstatic", verbosity=0, interactive=False)
    if settings.DEMO:
        _settle_sample()


def _have_the_keys() -> None:
    """Finish what a crash left in the keyring; refuse to go on with words whose keys are not there (S14)."""
    from alongside.accounts.models import Account
    from alongside.vault import keyring, vaults
    from alongside.vault.errors import VaultUnavailable

    if Account.objects.exists() and keyring.is_empty(settings.KEYRING_FOLDERS):
        raise VaultUnavailable(
            "the database holds words, and the keyring folders are empty: are they mounted? (ALONGSIDE_KEYRING_URL)"
        )
    vaults.recover()


def _needs_migrating() -> bool:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["owner"])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _settle_sample() -> None:
    from django.db import transaction

    from alongside.demo.sample import settle
    from alongside.matching import index

    with transaction.atomic():
        settle()
    while index.add_missing(limit=100):
        pass


def nearest_to(text: str, *, limit: int, email: str = "") -> list[dict[str, Any]]:
    """Return the nearest stories to a sentence as plain values; ``email`` reads as that account, else as a guest."""
    from django.db import transaction
    from django.utils import timezone

    from alongside import ids
    from alongside.accounts.models import Account
    from alongside.database.viewer import set_viewer
    from alongside.matching.nearest import nearest, rows
    from alongside.matching.seeking import Seeking
    from alongside.visibility.reader import Reader

    with transaction.atomic():
        account = Account.objects.get_by_natural_key(email) if email else None
        set_viewer(account.pk if account else None)
        reader = Reader.of(account) if account else Reader.guest()
        seeking = Seeking.of_sentence(text, timezone.now())
        found = nearest(seeking, reader, limit=limit, now=timezone.now())
        opened = rows(found, reader, timezone.now())
    return [
        {
            "id": ids.show(one.id),
            "title": opened[one.id].title,
            "score": round(one.score, 4),
            "reasons": list(one.reasons),
            "excerpt": opened[one.id].sentence,
        }
        for one in found
    ]


def session_cookie(email: str) -> str:
    """Return ``name=value`` of a fresh session for an invented account; refuse where people are real."""
    from importlib import import_module

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils import timezone

    from alongside.accounts import fresh
    from alongside.accounts.models import Account, SignIn
    from alongside.database.viewer import acting_for
    from alongside.env import BadSetting

    if not settings.DEMO:
        raise BadSetting("session is for invented accounts; this installation holds real ones")
    account = Account.objects.written_to(email)
    if account is None:
        raise BadSetting("nobody invented has this address")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    fresh.mark(session, keyed=account.is_host)
    session.save()
    with acting_for(account.pk):
        SignIn.begin(account, session.session_key, "", timezone.now())
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def run_worker() -> None:
    """Run jobs until SIGTERM; ends when the database stays away, for its supervisor to start it again."""
    django.setup()
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)
    worker_app = app.with_connector(app.connector.get_worker_connector())

    async def work() -> None:
        async with worker_app.open_async():
            await worker_app.run_worker_async(concurrency=2, install_signal_handlers=True, delete_jobs="successful")

    asyncio.run(work())


def still_open() -> list[str]:
    """Return at most five lines on what to see to in a new installation that is prepared."""
    from django.utils import timezone

    from alongside.community import first_run

    return first_run.still_open(timezone.now())


def tend_hosts(do: str, email: str, *, steward: bool) -> list[str]:
    """Add or remove a host, or list them all; return what to print. Raise BadSetting for what cannot be done."""
    from django.utils import timezone

    from alongside.community import hosting

    if do == "list":
        return hosting.listed()
    if do == "remove":
        return hosting.remove(email)
    return hosting.add(email, steward=steward, now=timezone.now())


def examine(out: TextIO) -> int:
    """Write a line per check; return 1 when something needs a person."""
    with database_running():
        prepare()
        from alongside.checkup import findings

        out.write(f"Looking at {settings.DATA}{', a demonstration' if settings.DEMO else ''}\n")
        look = False
        for finding in findings():
            look = look or bool(finding.looks)
            out.writelines(f"{line}\n" for line in finding.lines())
    return 1 if look else 0
