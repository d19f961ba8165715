"""The attacker: has files and the master key, no ledger that stops him, and none of the product's own reading.

Every record of keys is carved out of every file, whatever the file calls itself; then every key is tried on every
sealed value of every dump, and on every object.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from tink import TinkError, proto_keyset_format, secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

from alongside import ids
from alongside.vault import masterkey, records
from alongside.vault.errors import VaultError
from alongside.vault.masterkey import MasterKeys
from bench.prove.erase_act import THING

streaming_aead.register()
_MAGIC = b"AVR1"
_SEGMENT = 1024 * 1024
_HEAD = 14  # version, algorithm, nonce


def opened_by(files: Sequence[Path], scripts: Sequence[bytes], master: Path) -> set[str]:
    """Return every kept thing whose words, or whose picture, these files give to whoever has the master key."""
    keys = _keys(files, masterkey.load(master, create=False))
    ciphers = {key: AESGCM(_derived(raw, b"field")) for key, raw in keys.items()}
    found: set[str] = set()
    told = Objects()
    for script in scripts:
        for table, row, values in _rows(script):
            for column, sealed in values.items():
                if column.endswith("_sealed") and sealed.startswith(b"\\\\x"):
                    found |= _words(_opened(ciphers, table, column, row, _bytes(sealed)))
            told.hear(table, row, {column: value.decode() for column, value in values.items() if b"\\\\x" not in value})
    opened: set[str] = set()
    for path in files:
        if path.suffix == ".sealed" and path.stem not in opened and (thing := told.thing(path, keys)):
            opened.add(path.stem)
            found.add(thing)
    return found


def _keys(files: Sequence[Path], masters: MasterKeys) -> dict[tuple[uuid.UUID, bytes], bytes]:
    """Return every key of a record that lies anywhere, by id: of old records, too, and of ones that were half removed."""
    found: dict[tuple[uuid.UUID, bytes], bytes] = {}
    for path in files:
        data = path.read_bytes()
        at = data.find(_MAGIC)
        while at >= 0:
            with contextlib.suppress(records.Broken, VaultError, ValueError):
                length = int.from_bytes(data[at + 4 : at + 8])
                record = records.decode(data[at : at + length])
                keys = records.unlock(record, masters)
                for name, key in {record.vault: keys.vault, **keys.items}.items():
                    found[name, key] = key
            at = data.find(_MAGIC, at + 1)
    return found


def _derived(key: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key)


def _rows(script: bytes) -> Iterator[tuple[str, str, dict[str, bytes]]]:
    """Yield table, id and values of each row in a dump, as they stand there."""
    lines = iter(io.BytesIO(script))
    for line in lines:
        if not line.startswith(b"COPY "):
            continue
        name, _, rest = line.decode().removeprefix("COPY ").partition(" (")
        table = name.rpartition(".")[2].replace('"', "")
        columns = rest[: rest.index(")")].replace('"', "").split(", ")
        for row in lines:
            if row == b"\\.\n":
                break
            values = dict(zip(columns, row.rstrip(b"\n").split(b"\t"), strict=True))
            key = values.get("id", values.get("account_id", values.get("story_id", b""))).decode()
            yield table, key, values


def _bytes(value: bytes) -> bytes:
    return bytes.fromhex(value.removeprefix(b"\\\\x").decode())


def _opened(ciphers: dict[tuple[uuid.UUID, bytes], AESGCM], table: str, column: str, row: str, sealed: bytes) -> bytes:
    for (name, _), cipher in ciphers.items():
        with contextlib.suppress(InvalidTag):
            return cipher.decrypt(
                sealed[2:_HEAD], sealed[_HEAD:], f"alongside/1|{table}|{column}|{row}|{name}".encode()
            )
    return b""


def _words(plain: bytes) -> set[str]:
    """Return the things that are told of in what was opened, such as "canaryxyz of keepsake 1"."""
    return {match.decode() for match in THING.findall(plain)}


_OF_STORIES = {"stories_storyphoto": "photo", "stories_storysound": "sound"}


class Objects:
    """What rows say of objects: for which place each was sealed, and whose key that was."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[str, str, str, str]] = {}  # name: table, column, row, whose
        self._items: dict[str, str] = {}

    def hear(self, table: str, row: str, values: Mapping[str, str]) -> None:
        """Take in one row of a dump."""
        if "item" in values:
            self._items[row] = values["item"]
        if table in _OF_STORIES:
            column, whose = "object", row
        elif table == "keepsakes_memoryobject":
            column, whose = values["part"], values["memory_id"]
        elif table == "keepsakes_uploadpiece":
            column, whose = f"from {values['start']}", values["upload_id"]
        else:
            return
        self._places[ids.show(uuid.UUID(row))] = table, column, row, whose

    def thing(self, path: Path, keys: dict[tuple[uuid.UUID, bytes], bytes]) -> str:
        """Return the thing that an object is when any key of its id opens it, or ""."""
        if path.stem not in self._places:
            return ""
        table, column, row, whose = self._places[path.stem]
        item = uuid.UUID(self._items[whose])
        place = f"alongside/1|{table}|{column}|{row}|{item}".encode()
        for key in [raw for (name, raw) in keys if name == item]:
            sealed = io.BytesIO(path.read_bytes()[2:])
            with contextlib.suppress(TinkError), _primitive(key).new_decrypting_stream(sealed, place) as stream:
                plain = b""
                while piece := stream.read(_SEGMENT):
                    plain += piece
                sort = _OF_STORIES.get(table)
                return f"{sort} {row}" if sort else f"object {row} {hashlib.sha256(plain).hexdigest()}"
        return ""


def _primitive(key: bytes) -> streaming_aead.StreamingAead:
    raw = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(key_value=_derived(key, b"object"))
    raw.params.ciphertext_segment_size = _SEGMENT
    raw.params.derived_key_size = 32
    raw.params.hkdf_hash_type = common_pb2.SHA256
    keyset = tink_pb2.Keyset(primary_key_id=1)
    entry = keyset.key.add(key_id=1, status=tink_pb2.ENABLED, output_prefix_type=tink_pb2.RAW)
    entry.key_data.type_url = "type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey"
    entry.key_data.value = raw.SerializeToString()
    entry.key_data.key_material_type = tink_pb2.KeyData.SYMMETRIC
    handle = proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)
