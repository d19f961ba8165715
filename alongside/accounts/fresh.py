"""Has this person shown a moment ago that it is still them? Asked before what cannot be undone (SECURITY T1).

    if not fresh.is_fresh(request.session):
        return redirect(fresh.ask(request.path))     # from a view: leads to /you/again/ and back

A session also knows whether a key (passkey, authenticator, recovery code) was used: hosts' pages need one (S22).
"""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

SECONDS = 10 * 60
"""How long somebody counts as having shown it."""
_AT, _KEYED, _KEYED_AT = "fresh_at", "keyed", "keyed_at"

Session = MutableMapping[str, Any]


def mark(session: Session, *, keyed: bool, now: float | None = None) -> None:
    """Note that they have shown it now, with a key or with a mailed code."""
    session[_AT] = time.time() if now is None else now
    if keyed:
        session[_KEYED] = True
        session[_KEYED_AT] = session[_AT]


def forget_key(session: Session) -> None:
    """Note that no key is left, so that none counts as used."""
    for name in (_KEYED, _KEYED_AT):
        session.pop(name, None)


def is_fresh(session: Session, now: float | None = None) -> bool:
    """Whether they have shown it in the last ten minutes, in whichever way."""
    return _is_near(session.get(_AT), now)


def is_fresh_by_key(session: Session, now: float | None = None) -> bool:
    """Whether they have shown it in the last ten minutes with a key."""
    return _is_near(session.get(_KEYED_AT), now)


def is_keyed(session: Session) -> bool:
    """Whether a key was used since they signed in."""
    return bool(session.get(_KEYED))


def ask(path: str) -> str:
    """Return where they show it, and come back to ``path`` from."""
    return f"{reverse('accounts:again')}?{urlencode({'next': path})}"


def is_path_of_ours(url: str) -> bool:
    """Whether this is a path of this place, and no other address."""
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)


def _is_near(at: Any, now: float | None) -> bool:
    passed = (time.time() if now is None else now) - at if isinstance(at, int | float) else SECONDS
    return 0 <= passed < SECONDS
