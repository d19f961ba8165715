"""What ``doctor`` looks at, from what an operator decides to what a machine does."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator

from django.conf import settings
from django.utils import timezone

from alongside.backup import stored
from alongside.community import first_run
from alongside.community.finding import Finding
from alongside.database import check as database
from alongside.env import ROOT
from alongside.families.vocabulary import VocabularyError, vocabulary
from alongside.matching import index
from alongside.media import check as media
from alongside.media import store_check
from alongside.support.check import problems as support_problems
from alongside.vault.check import problems as vault_problems

ENOUGH_DISK = 0.20
"""The share of the disk that should be free (S35 warns at 80 % full)."""


def findings() -> Iterator[Finding]:
    """Yield what was looked at, one after the other."""
    now = timezone.now()
    yield from first_run.findings(now)
    yield Finding.of("keys", vault_problems())
    yield Finding.of("database", database.problems())
    yield Finding.of("storage", _storage(), _storage_hints())
    yield Finding.of("objects", [*store_check.problems(), *stored.problems()], store_check.hints())
    yield Finding.of("photos", media.problems(), media.hints())
    yield Finding.of("clock", database.clock_problems())
    yield Finding.of("vocabulary", _vocabulary())
    yield Finding.of("helplines", support_problems(now))
    yield Finding.of("finding", hints=_finding())


def _storage() -> Iterator[str]:
    folders = [
        folder for folder in (settings.DATA, settings.MEDIA_FOLDER, *settings.KEYRING_FOLDERS) if folder.exists()
    ]
    for folder in {folder.stat().st_dev: folder for folder in reversed(folders)}.values():
        usage = shutil.disk_usage(folder)
        if usage.free < usage.total * ENOUGH_DISK:
            yield f"the disk of {folder} is {100 - 100 * usage.free // usage.total} % full: make room"
    if stat.S_IMODE(settings.DATA.stat().st_mode) & 0o077:
        yield f"others on this machine can look into the data folder: run  chmod 700 {settings.DATA}"


def _storage_hints() -> Iterator[str]:
    if not settings.DEMO and settings.DATA.is_relative_to(ROOT):
        yield "the data lie in the program's own folder; ALONGSIDE_DATA gives them a place of their own"


def _vocabulary() -> Iterator[str]:
    try:
        vocabulary()
    except VocabularyError as error:
        yield str(error)


def _finding() -> Iterator[str]:
    missing = index.missing().count()
    if missing:
        yield f"{missing} stories have no index row yet; the worker adds them within a minute or two"
