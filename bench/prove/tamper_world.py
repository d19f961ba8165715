"""Run by the tamper campaign: families keep and tell things. Standard output: {"pages": [pages that show a word]}."""

from __future__ import annotations

import json
import random
import sys
from contextlib import suppress
from importlib import import_module

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import transaction  # noqa: E402
from django.urls import Resolver404, resolve  # noqa: E402
from django.utils import timezone  # noqa: E402

from alongside import ids  # noqa: E402
from alongside.accounts.models import Account, SignIn  # noqa: E402
from alongside.database.viewer import acting_for  # noqa: E402
from alongside.matching import index  # noqa: E402
from alongside.visibility.audience import Audience  # noqa: E402
from bench.prove.kept_world import Kept, keep, name_others  # noqa: E402


def cookie(account: Account) -> str:
    """Return the cookie of somebody who is signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    with acting_for(account.pk):
        SignIn.begin(account, session.session_key, "", timezone.now())
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def pages(family: Kept) -> list[dict[str, str]]:
    """Return pages that open one sealed column each: a stranger's, and her own."""
    mine = cookie(family.parent)
    with acting_for(family.parent.pk):
        revision = family.story.chapters.get().newest()
        sheet, keepsake = family.sheets[0], family.memories[0]
        of_sheet, of_keepsake = sheet.versions.get(), keepsake.versions.get()
    said = [
        (f"/read/{ids.show(family.story.pk)}/", "", f"{family.word} of story.", "stories_revision", "words_sealed", revision.pk),
        (f"/write/{ids.show(sheet.pk)}/", mine, f"{family.word} of sheet", "sheets_sheetversion", "said_sealed", of_sheet.pk),
        (f"/box/{ids.show(keepsake.pk)}/", mine, f"{family.word} of keepsake", "keepsakes_memoryversion", "said_sealed", of_keepsake.pk),
    ]  # fmt: skip
    return [
        {"path": path, "cookie": who, "word": word, "table": table, "column": column, "row": str(row)}
        for path, who, word, table, column, row in said
        if _is_there(path)
    ]


def _is_there(path: str) -> bool:
    with suppress(Resolver404):
        return bool(resolve(path))
    return False


def main() -> None:
    chance = random.Random(json.load(sys.stdin)["seed"])
    words = ["canary" + "".join(chance.choice("bcdfghjklmnpqrtvwxz") for _ in range(10)) for _ in range(3)]
    now = timezone.now()
    families = [keep(word, now) for word in words]
    for family in families[:2]:
        name_others(family, now)
        with transaction.atomic(), acting_for(family.parent.pk):
            family.parent.profile.say_lived(now)
            family.story.publish(family.parent, Audience.OPEN, now)
        if family.story.hold is not None:
            host = Account.objects.filter(host_since__isnull=False).first()
            if host is None:
                host = Account.objects.join("host@example.org", name="Host", now=now)
                host.host_since = now
                host.save()
            family.story.hold.release(host, now)
    while index.add_missing(limit=10):
        pass
    json.dump({"pages": pages(families[0])}, sys.stdout)


main()
