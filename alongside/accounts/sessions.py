"""Sessions whose key only the browser has: the database holds a digest of it, and no copy of a disk signs anybody in (S15).

Django's own store otherwise, by ``SESSION_ENGINE``.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as InTheDatabase
from django.utils import timezone


def kept_as(key: str | None) -> str:
    """Return what the database holds of a session's key: 240 bits of its SHA-256, in the 40 characters of the column."""
    digest = hashlib.sha256((key or "").encode()).digest()
    return base64.urlsafe_b64encode(digest[:30]).decode("ascii")


class SessionStore(InTheDatabase):
    """Keeps and finds a session by the digest of its key."""

    def load(self) -> dict[str, Any]:
        """Return what is in the session; nothing, and no key, where there is none."""
        held = self.model.objects.filter(session_key=kept_as(self.session_key), expire_date__gt=timezone.now()).first()
        if held is None:
            self._session_key = None
            return {}
        said: dict[str, Any] = self.decode(held.session_data)
        return said

    def exists(self, session_key: str) -> bool:
        """Whether there is one with this key."""
        return bool(super().exists(kept_as(session_key)))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """Return the row that is saved."""
        row = super().create_model_instance(data)
        row.session_key = kept_as(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Remove the row of a key, or of this session."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(kept_as(key))
