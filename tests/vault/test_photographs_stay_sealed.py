"""S11: a sealed photograph or voice opens whole, or gives out nothing."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator

import pytest
from django.conf import settings

from alongside import ids
from alongside.vault import objects, vaults
from alongside.vault.errors import KeyErased, Tampered
from alongside.vault.sealing import Place
from alongside.vault.vaults import Vaults
from tests.vault import second_opener
from tests.vault.conftest import place

SEGMENT = 1 << 20
FIRST = SEGMENT - 40 - 16
FULL = SEGMENT - 16
SIZES = [0, 1, 1000, FIRST - 1, FIRST, FIRST + 1, FIRST + FULL, FIRST + FULL + 1, 3 * SEGMENT + 77]


@pytest.fixture
def photo(home: Vaults) -> Place:
    item = ids.new_id()
    return place(vaults.create("box", [item]), item)


def damaged(sealed: bytes) -> Iterator[bytes]:
    """Cut at every segment boundary and one byte beside it, add, join, reorder, flip."""
    ends = [2 + SEGMENT * number for number in range(1, len(sealed) // SEGMENT + 1)]
    for cut in {0, 1, 2, 3, 41, 42, 43, len(sealed) - 17, len(sealed) - 16, len(sealed) - 1}:
        yield sealed[: max(cut, 0)]
    for end in ends:
        yield from (sealed[:cut] for cut in (end - 1, end, end + 1) if cut < len(sealed))
    yield from (sealed + tail for tail in (b"\0", b"\0" * 16, sealed[2:], sealed, secrets.token_bytes(SEGMENT)))
    if len(ends) >= 2:
        yield sealed[: ends[0]] + sealed[ends[1] :]
        yield sealed[: ends[0]] + sealed[ends[0] : ends[1]] * 2 + sealed[ends[1] :]
    for at in {0, 1, 2, 3, 40, len(sealed) // 2, len(sealed) - 1, *ends}:
        if at < len(sealed):
            yield sealed[:at] + bytes((sealed[at] ^ 1,)) + sealed[at + 1 :]


@pytest.mark.parametrize("size", SIZES)
def test_s11_a_photograph_opens_whole_or_not_at_all(photo: Place, size: int) -> None:
    plain = secrets.token_bytes(size)
    sealed = objects.seal_bytes(photo, plain)
    assert objects.open_bytes(photo, sealed) == plain
    for bad in damaged(sealed):
        with pytest.raises(Tampered):
            objects.open_bytes(photo, bad)


@pytest.mark.parametrize("in_memory", [0, objects.IN_MEMORY])
def test_s11_nothing_is_written_of_one_whose_last_byte_is_wrong(
    photo: Place, in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "IN_MEMORY", in_memory)
    plain = secrets.token_bytes(2 * SEGMENT + 5)
    sealed = io.BytesIO(b"before")
    sealed.seek(6)
    objects.seal(photo, io.BytesIO(plain), sealed)
    sealed.seek(6)
    target = io.BytesIO()
    objects.open(photo, sealed, target)
    assert target.getvalue() == plain
    assert not sealed.closed

    bad = bytearray(sealed.getvalue()[6:])
    bad[-1] ^= 1
    for cut in (bytes(bad), bytes(bad[:SEGMENT])):
        target = io.BytesIO()
        with pytest.raises(Tampered):
            objects.open(photo, io.BytesIO(cut), target)
        assert target.getvalue() == b""


def test_s11_a_photograph_of_another_row_or_item_is_refused(photo: Place) -> None:
    sealed = objects.seal_bytes(photo, b"x")
    vaults.add_item(photo.vault, other := ids.new_id())
    for elsewhere in (place(photo.vault, photo.item), place(photo.vault, other, photo.row)):
        with pytest.raises(Tampered):
            objects.open_bytes(elsewhere, sealed)


def test_s12_erasing_one_photograph_leaves_the_others(photo: Place) -> None:
    vaults.add_item(photo.vault, other := ids.new_id())
    kept = place(photo.vault, other)
    sealed, kept_sealed = objects.seal_bytes(photo, b"x"), objects.seal_bytes(kept, b"y")
    assert photo.item is not None
    vaults.erase_item(photo.vault, photo.item)
    with pytest.raises(KeyErased):
        objects.open_bytes(photo, sealed)
    assert objects.open_bytes(kept, kept_sealed) == b"y"


def test_a_full_disk_is_not_called_tampering(photo: Place) -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            if self.tell() > 2:
                raise OSError("no space left")
            return super().write(data)  # type: ignore[arg-type]

    sealed = Full()
    sealed.write(b"a")
    with pytest.raises(OSError):
        objects.seal(photo, io.BytesIO(b"x" * 3 * SEGMENT), sealed)


@pytest.mark.parametrize("size", SIZES)
def test_s11_a_second_implementation_opens_photographs(photo: Place, size: int) -> None:
    plain = secrets.token_bytes(size)
    sealed = objects.seal_bytes(photo, plain)
    masters = second_opener.master_keys(settings.MASTER_KEY_FILE)
    keys = second_opener.keys_of(settings.KEYRING_FOLDERS[0], masters, photo.vault.hex)
    assert photo.item is not None
    assert second_opener.open_object(keys, photo.item.hex, "letters", "words", photo.row.hex, sealed) == plain
