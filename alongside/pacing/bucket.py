"""Taking one token, atomically: one statement, no matter how many processes ask at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from alongside.pacing.models import Bucket

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 - for the type alone

_TAKE = """
    INSERT INTO pacing_bucket AS b (key, tokens, at) VALUES (%(key)s, %(size)s::float - 1, %(now)s)
    ON CONFLICT (key) DO UPDATE SET
        tokens = LEAST(%(size)s::float, b.tokens + EXTRACT(EPOCH FROM %(now)s - b.at) * %(rate)s::float) - 1,
        at = %(now)s
    WHERE LEAST(%(size)s::float, b.tokens + EXTRACT(EPOCH FROM %(now)s - b.at) * %(rate)s::float) >= 1
    RETURNING tokens
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """At most ``size`` at once, and ``per_hour`` in the long run."""

    name: str
    size: int
    per_hour: int


FINDING = Pace("finding", size=40, per_hour=600)
"""Sentences, lists and searches from one address: far above what a person types, far below a scraper."""

DOING = Pace("doing", size=120, per_hour=1800)
"""Every other form that is sent from one address (M6)."""
OF_AN_ACCOUNT = Pace("of an account", size=600, per_hour=9000)
"""All that one account sends, from wherever: several pages of the editor and everything beside."""
WRITING = Pace("writing", size=300, per_hour=9000)
"""Keeping what is typed: several people of one household, each page every few seconds."""
UPLOADING = Pace("uploading", size=600, per_hour=7200)
"""Pieces of photos and recordings, a megabyte each: a hundred photos at once from one household."""

V = TypeVar("V", bound=Callable[..., Any])


def paced(pace: Pace, *methods: str) -> Callable[[V], V]:
    """Let a view be asked no faster than ``pace``, by these methods; the middleware holds it to that."""

    def mark(view: V) -> V:
        view.pace = (pace, methods)  # type: ignore[attr-defined]
        return view

    return mark


def may_go_on(view: Callable[..., Any], request: HttpRequest, now: datetime) -> bool:
    """Whether whoever asks ``view`` has a token left for it; takes one where the view is paced, and for every form."""
    pace, methods = getattr(view, "pace", (None, ()))
    if pace is None or request.method not in methods:
        pace = DOING if request.method == "POST" else None
    return pace is None or take(pace, address(request), now)


def take(pace: Pace, who: str, now: datetime) -> bool:
    """Take one token of ``who``; return False when there is none left."""
    key = salted_hmac(f"alongside.pacing.{pace.name}.{now:%Y-%m-%d}", who, algorithm="sha256").digest()
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"key": key, "size": pace.size, "rate": pace.per_hour / 3600, "now": now})
        return cursor.fetchone() is not None


def forget(before: datetime) -> int:
    """Delete buckets last touched before a time; return how many."""
    deleted, _ = Bucket.objects.filter(at__lt=before).delete()
    return deleted


def address(request: HttpRequest) -> str:
    """Return the asker's address: the peer's, or what the last trusted proxy saw (ALONGSIDE_PROXIES).

    Of IPv6 the first half, which is one household's: it may choose the other half anew for every request.
    """
    return _network(_seen(request), 64)


def household(request: HttpRequest) -> str:
    """Return the same where guessing is slowed: of IPv6 the first 48 bits, since who is given those has 65,536 halves."""
    return _network(_seen(request), 48)


def _seen(request: HttpRequest) -> str:
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXIES:
        return peer
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    return seen[-settings.TRUSTED_PROXIES] if len(seen) >= settings.TRUSTED_PROXIES else peer


def _network(address: str, bits: int) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    return str(found.ipv4_mapped or ip_network((found, bits), strict=False))
