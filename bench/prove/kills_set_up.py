"""Run by the kills campaign in a process of its own: two invented parents who hold a box, and two with a phone each, signed in.

Standard input: how many texts their box shall hold. Standard output: {parents: [{id, cookie}], texts: [id],
phones: [{id, cookie, box}]}, ids as shown.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from alongside import ids  # noqa: E402
from alongside.accounts.joining import join  # noqa: E402
from alongside.accounts.models import Account  # noqa: E402
from alongside.database.viewer import acting_for  # noqa: E402
from alongside.families.models import Family  # noqa: E402
from alongside.keepsakes.models import KeepsakeBox, Memory  # noqa: E402


def session_of(account: Account) -> str:
    """Return the cookie of a fresh session, as signing in would give it: ``name=value``."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def main() -> None:
    now = timezone.now()
    with transaction.atomic():
        parents = [join({}, f"{name}@example.org", name=name, keeping=True, now=now) for name in ("mara", "tobias")]
        with acting_for(parents[0].pk):
            family = Family.begin(parents[0], now)
            family.accept(parents[1], now)
            box = KeepsakeBox.begin(family, name="", cloth="sage", now=now)
            texts = [Memory.put(parents[0], box, Memory.Kind.TEXT, now=now).pk for _ in range(int(sys.stdin.read()))]
    signed_in = [{"id": ids.show(parent.pk), "cookie": session_of(parent)} for parent in parents]
    said = {"parents": signed_in, "texts": [ids.show(text) for text in texts], "phones": [phone("lea"), phone("noor")]}
    json.dump(said, sys.stdout)


@transaction.atomic
def phone(name: str) -> dict[str, str]:
    """Return somebody who holds a box of her own."""
    now = timezone.now()
    parent = join({}, f"{name}@example.org", name=name, keeping=True, now=now)
    with acting_for(parent.pk):
        box = KeepsakeBox.begin(Family.begin(parent, now), name="", cloth="sage", now=now)
    return {"id": ids.show(parent.pk), "cookie": session_of(parent), "box": ids.show(box.pk)}


if __name__ == "__main__":
    main()
