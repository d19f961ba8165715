"""Public ids: 16 random bytes, stored as ``uuid``, shown as 22 base64url characters (goal S4).

A uuid4 gives away six fixed bits and a uuid7 the time; these give away nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import uuid

_SHOWN = re.compile(r"[A-Za-z0-9_-]{22}")


def new_id() -> uuid.UUID:
    """Return 128 random bits as a UUID value (of no RFC version)."""
    return uuid.UUID(bytes=secrets.token_bytes(16))


def show(value: uuid.UUID) -> str:
    """Return the 22 characters that stand for ``value`` in an address."""
    return base64.urlsafe_b64encode(value.bytes).rstrip(b"=").decode("ascii")


def read(text: str) -> uuid.UUID:
    """Return the id that ``show`` made ``text`` from; raise ValueError for anything else."""
    if not _SHOWN.fullmatch(text):
        raise ValueError("not an id")
    try:
        value = uuid.UUID(bytes=base64.urlsafe_b64decode(text + "=="))
    except (binascii.Error, ValueError) as error:  # pragma: no cover - the pattern leaves no such text
        raise ValueError("not an id") from error
    if show(value) != text:
        # The last character carries four spare bits: one id, one address.
        raise ValueError("not an id")
    return value


class IdConverter:
    """The ``<id:…>`` part of a route."""

    regex = "[A-Za-z0-9_-]{22}"

    def to_python(self, value: str) -> uuid.UUID:
        return read(value)

    def to_url(self, value: uuid.UUID) -> str:
        return show(value)
