"""What ``doctor`` asks of the object store: does it answer, and does it keep and forget?"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from alongside import ids
from alongside.media import objects
from alongside.media.unavailable import StoreUnavailable

_PROBE = b"doctor"
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}


def problems() -> list[str]:
    """Return what a person has to look at; writes one small object and deletes it again."""
    folder = objects.local()
    if folder is not None and not folder.exists():
        return []  # made with the first object, on whatever is mounted there by then
    name = ids.new_id()
    try:
        objects.write(name, _PROBE)
        try:
            kept = objects.read(name)
        finally:
            objects.delete(name)
    except FileNotFoundError:
        return ["the object store does not give back what it has just taken in"]
    except StoreUnavailable as error:
        return [f"nothing can be kept: {error.strerror or error}"]
    return [] if kept == _PROBE else ["the object store gives back something else than it took in"]


def hints() -> Iterator[str]:
    """Yield what could be better."""
    address = settings.MEDIA_BUCKET
    if address is None:
        return
    endpoint = urlsplit(address.endpoint)
    if endpoint.scheme == "http" and endpoint.hostname not in _THIS_MACHINE:
        yield "the bucket is reached without TLS: what is in it is sealed, but whoever is on the way can lose it"
