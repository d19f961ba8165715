"""Sealing photographs and voices: Tink's streaming AEAD, AES256_GCM_HKDF_1MB, under a key of this item alone.

Sealed object: 1 byte format version (1), 1 byte algorithm (2), then Tink's own format. Key:
HKDF-SHA256(item or vault key, info="object"). Associated data as for fields. Objects are not padded.
Nothing of an object is given out before all of it was found whole.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO, cast

from tink import TinkError, proto_keyset_format, secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

from alongside.vault import vaults
from alongside.vault.sealing import VERSION, Place

AES256_GCM_HKDF_1MB = 2
IN_MEMORY = 32 * 1024 * 1024  # sealed bytes; larger objects are read twice instead
_HEADER = bytes((VERSION, AES256_GCM_HKDF_1MB))
_SEGMENT = 1024 * 1024
_TAG = 16
_TINK_HEADER = 40
_KEY_TYPE = "type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey"

streaming_aead.register()


class _Lent(io.RawIOBase):
    """A file that Tink may use but not close."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def write(self, data: object) -> int:
        return self._file.write(cast(bytes, data))


def _primitive(place: Place) -> streaming_aead.StreamingAead:
    raw = vaults.here().open(place.vault, place.item).key(place.item, b"object")
    key = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(key_value=raw)
    key.params.ciphertext_segment_size = _SEGMENT
    key.params.derived_key_size = len(raw)
    key.params.hkdf_hash_type = common_pb2.SHA256
    keyset = tink_pb2.Keyset(primary_key_id=1)
    entry = keyset.key.add(key_id=1, status=tink_pb2.ENABLED, output_prefix_type=tink_pb2.RAW)
    entry.key_data.type_url = _KEY_TYPE
    entry.key_data.value = key.SerializeToString()
    entry.key_data.key_material_type = tink_pb2.KeyData.SYMMETRIC
    handle = proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)


def seal(place: Place, plain: BinaryIO, sealed: BinaryIO) -> None:
    """Read ``plain`` to its end and write it sealed for ``place``; raise KeyErased, KeyMissing, OSError."""
    primitive = _primitive(place)
    sealed.write(_HEADER)
    try:
        with primitive.new_encrypting_stream(_Lent(sealed), place.aad) as stream:
            while chunk := plain.read(_SEGMENT):
                stream.write(chunk)
    except TinkError:
        raise OSError(f"{place}: the sealed object could not be written") from None


def open(place: Place, sealed: BinaryIO, plain: BinaryIO) -> None:
    """Write what was sealed for ``place`` to ``plain``, all or nothing; raise Tampered, KeyErased or
    KeyMissing.

    ``sealed`` must be seekable and is read from where it stands to its end.
    """
    start = sealed.tell()
    size = sealed.seek(0, io.SEEK_END) - start
    sealed.seek(start)
    if size <= IN_MEMORY:
        plain.write(open_bytes(place, sealed.read()))
        return
    for _ in _chunks(place, sealed, size):
        pass
    sealed.seek(start)
    for chunk in _chunks(place, sealed, size):
        plain.write(chunk)


def seal_bytes(place: Place, plain: bytes) -> bytes:
    """Return ``plain`` sealed for ``place``."""
    sealed = io.BytesIO()
    seal(place, io.BytesIO(plain), sealed)
    return sealed.getvalue()


def open_bytes(place: Place, sealed: bytes) -> bytes:
    """Return what was sealed for ``place``; raise Tampered, KeyErased or KeyMissing."""
    return b"".join(_chunks(place, io.BytesIO(sealed), len(sealed)))


def _chunks(place: Place, sealed: BinaryIO, size: int) -> Iterator[bytes]:
    primitive = _primitive(place)
    if sealed.read(len(_HEADER)) != _HEADER:
        raise place.tampered()
    given = 0
    try:
        with primitive.new_decrypting_stream(_Lent(sealed), place.aad) as stream:
            while chunk := stream.read(_SEGMENT):
                given += len(chunk)
                yield chunk
    except TinkError:
        raise place.tampered() from None
    # Tink stops at the end of a full last segment and does not look at what was added behind it.
    if size != _sealed_size(given):
        raise place.tampered()


def _sealed_size(plain: int) -> int:
    segments = max(1, -(-(plain + _TINK_HEADER) // (_SEGMENT - _TAG)))
    return len(_HEADER) + _TINK_HEADER + plain + segments * _TAG
