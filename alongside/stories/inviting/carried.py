"""What a device carries: one cookie, with a token for each link whose code was typed on it (V2)."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta

from alongside.stories.models import Link, LinkDevice

LASTS = timedelta(days=400)
"""As long as browsers keep a cookie; afterwards the code is typed once more."""
MOST = 12
"""Links that one device carries; with one more, the one that came first has to be opened with its code again."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def links(cookie: str, now: datetime) -> dict[uuid.UUID, uuid.UUID]:
    """Return the links of this device that stand now, each with its story; asks the database."""
    found = Link.objects.standing(now).filter(devices__digest__in=_by_digest(cookie))
    return dict(found.values_list("pk", "story_id"))


def one_more(cookie: str, token: str) -> str:
    """Return the cookie with one token more; those that nothing knows any more are left out."""
    return ".".join([*_known(cookie), token][-MOST:])


def without(cookie: str, link: uuid.UUID) -> str:
    """Forget one link on this device; return the cookie that is left."""
    LinkDevice.objects.filter(link=link, digest__in=_by_digest(cookie)).delete()
    return ".".join(_known(cookie))


def _known(cookie: str) -> list[str]:
    held = _by_digest(cookie)
    known = {bytes(digest) for digest in LinkDevice.objects.filter(digest__in=held).values_list("digest", flat=True)}
    return [token for digest, token in held.items() if digest in known]


def _by_digest(cookie: str) -> dict[bytes, str]:
    tokens = [token for token in cookie.split(".")[-MOST:] if _TOKEN.fullmatch(token)]
    return {LinkDevice.digest_of(token): token for token in tokens}
