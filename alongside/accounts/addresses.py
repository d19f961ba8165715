"""Mail addresses as they are compared: without case, without what stands after a plus; and their keyed digests.

A digest tells whoever reads the database, without the signing key, nothing: not even whether a known address is there.
"""

from __future__ import annotations

import unicodedata
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils.crypto import salted_hmac


class NotPlain(ValueError):
    """No account can have this address: it holds more than plain letters, or it is no address."""


def written(address: str) -> str:
    """Return an address as it is kept and written to: ASCII, the domain as the network knows it. Raise NotPlain.

    Letters that only look alike, or that a database takes for the same (ı and I, ſ and S), never open another's account.
    """
    local, _at, domain = address.strip().rpartition("@")
    try:
        plain = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
        if not plain.isascii():
            raise NotPlain
        validate_email(plain)
    except (UnicodeError, ValidationError):
        raise NotPlain from None
    return plain


def normalised(address: str) -> str:
    """Return the address in the form in which it is compared with others."""
    local, _, domain = unicodedata.normalize("NFKC", address).strip().casefold().rpartition("@")
    try:
        domain = domain.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        domain = domain.rstrip(".")
    return f"{local.partition('+')[0]}@{domain}"


def digest(address: str, key: str | bytes | None = None) -> bytes:
    """Return the HMAC by which an address is found again."""
    said = salted_hmac("alongside.accounts.address", normalised(address), secret=key, algorithm="sha256")
    return said.digest()


def digests(address: str) -> list[bytes]:
    """Return the address's digests under this signing key and the ones before it, newest first."""
    return [digest(address, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def hold_still(address: str) -> None:
    """Let nobody join with, or name, this address until the transaction ends: else the two would miss each other."""
    number = int.from_bytes(digest(address)[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def named_by(address: str) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return who must not be seen by this address, each as (account, the row that says so).

    A function of the owner's looks, since row-level security shows such rows to nobody but who wrote them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT account, said FROM accounts_named_by(%s)", [digests(address)])
        return [(account, said) for account, said in cursor.fetchall()]
