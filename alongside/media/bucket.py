"""Objects in a bucket of an S3 store that the operator names: durable when ``put`` returns, which is S3's own promise.

One request for each object, never in parts: an upload that breaks off leaves nothing. Each request is signed together with
the SHA-256 of its bytes, so that a store takes in what was sent or nothing. Only the address and the keys of the settings
are used: no proxy and no AWS_ variable of the environment.
"""

from __future__ import annotations

import errno
import io
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from alongside.env import BadSetting, BucketAddress
from alongside.media.places import Stored, name_at, place_of
from alongside.media.unavailable import StoreUnavailable

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Credential

CONNECT = timedelta(seconds=3)
ONE_REQUEST = timedelta(seconds=60)
"""For 100 MB to come or go over a line of 14 Mbit/s; a store that is silent for so long is away."""
RETRIES = 2
KEEP_TRYING = timedelta(seconds=10)
"""After this no request is begun again."""
_NOWHERE = "http://127.0.0.1:9"
_AWAY = "the object store does not answer as it should (ALONGSIDE_MEDIA_URL)"
_NO_BUCKET = "the object store has no such bucket (ALONGSIDE_MEDIA_URL)"
_REFUSES = "the object store refuses the keys in ALONGSIDE_MEDIA_KEY_FILE, or they may not do this"


@contextmanager
def _said_kindly() -> Iterator[None]:
    """Turn what the client raises into our own errors. Its messages quote the server, and with it an access key: none is kept."""
    try:
        yield
    except FileNotFoundError as error:
        if "NoSuchBucket" in str(error):
            raise StoreUnavailable(_NO_BUCKET) from None
        raise FileNotFoundError(errno.ENOENT, "there is no such object") from None
    except (PermissionDeniedError, UnauthenticatedError):
        raise StoreUnavailable(_REFUSES) from None
    except StoreUnavailable:
        raise
    except (BaseError, OSError):
        raise StoreUnavailable(_AWAY) from None


@dataclass(frozen=True)
class Bucket:
    """A store in a bucket, perhaps below a prefix, where other things may lie too."""

    store: S3Store = field(repr=False)
    process: int

    def _here(self) -> S3Store:
        if self.process != os.getpid():
            # The client's threads are not in a forked process, and it would wait for them for ever.
            raise StoreUnavailable("the object store was used before this process was forked")
        return self.store

    def write(self, name: uuid.UUID, sealed: bytes | BinaryIO) -> None:
        try:
            with _said_kindly():
                obstore.put(self._here(), place_of(name), sealed, use_multipart=False)
        except FileNotFoundError:
            raise StoreUnavailable(_NO_BUCKET) from None

    def read(self, name: uuid.UUID) -> bytes:
        with _said_kindly():
            return bytes(obstore.get(self._here(), place_of(name)).bytes())

    def open(self, name: uuid.UUID) -> BinaryIO:
        return io.BytesIO(self.read(name))

    def delete(self, name: uuid.UUID) -> None:
        try:
            with _said_kindly():
                obstore.delete(self._here(), place_of(name))
        except FileNotFoundError:
            return  # some stores say so, and others do not

    def all(self) -> Iterator[Stored]:
        try:
            with _said_kindly():
                for page in obstore.list(self._here()):
                    for one in page:
                        name = name_at(one["path"])
                        if name is not None:
                            yield Stored(name, one["last_modified"], one["size"])
        except FileNotFoundError:
            raise StoreUnavailable(_NO_BUCKET) from None

    def clear_half_written(self, _: datetime) -> None:
        """A bucket shows no object before all of it is there."""

    def put_aside(self, _: str) -> None:
        """Leave every object where it is: a name is never given twice, so none stands in another's way."""

    def where_aside(self, _: str) -> str:
        """Return in words where what was there before is."""
        return "in the bucket as before, until the sweep removes what no row names, in 35 days at the earliest"


def keys_in(path: Path) -> tuple[str, str]:
    """Return the access key and the secret key in a file; raise BadSetting when others can read it, or there are none."""
    file = f"{path.name} (ALONGSIDE_MEDIA_KEY_FILE)"
    try:
        is_open, said = path.stat().st_mode & 0o077, path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        raise BadSetting(f"{file} cannot be read; the bucket of ALONGSIDE_MEDIA_URL needs its keys there") from None
    if is_open:
        raise BadSetting(f"{file} can be read by others; run: chmod 600 on it")
    access, _, secret = said.partition(":")
    if not access or not secret or len(said.split()) != 1:
        raise BadSetting(f"{file} takes one line: the access key, a colon, the secret key")
    return access, secret


@lru_cache(maxsize=4)
def bucket(address: BucketAddress) -> Bucket:
    """Return the store at ``address``; raise BadSetting when its keys cannot be used."""
    access, secret = keys_in(address.key_file)
    here = urlsplit(address.endpoint)

    def credentials() -> S3Credential:
        return {"access_key_id": access, "secret_access_key": secret, "token": None, "expires_at": None}

    client: ClientConfig = {
        "allow_http": here.scheme == "http",
        "connect_timeout": CONNECT,
        "timeout": ONE_REQUEST,
        "user_agent": "alongside",
        # A proxy of the environment would be taken otherwise; this one is asked for no host.
        "proxy_url": _NOWHERE,
        "proxy_excludes": str(here.hostname),
    }
    again: RetryConfig = {
        "max_retries": RETRIES,
        "retry_timeout": KEEP_TRYING,
        "backoff": {"init_backoff": timedelta(milliseconds=100), "max_backoff": timedelta(seconds=1), "base": 2},
    }
    store = S3Store(
        address.name,
        prefix=address.prefix or None,
        client_options=client,
        retry_config=again,
        credential_provider=credentials,
        endpoint=address.endpoint,
        aws_endpoint_url_s3=address.endpoint,  # what the environment says for this one would go before the other
        region=address.region,
        skip_signature=False,
        unsigned_payload=False,
        disable_bulk_delete=True,  # which not every store knows
        virtual_hosted_style_request=False,
    )
    return Bucket(store, os.getpid())
