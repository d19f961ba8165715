"""S11: what was sealed for a place opens there, and nowhere else, and in no other state."""

from __future__ import annotations

import dataclasses
import logging
import secrets

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from alongside import ids
from alongside.vault import sealing, vaults
from alongside.vault.digest import keyed_digest
from alongside.vault.errors import KeyErased, KeyMissing, Tampered, VaultError
from alongside.vault.sealing import Place
from alongside.vault.vaults import Vaults
from tests.vault import second_opener
from tests.vault.conftest import place

many = trying(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def words(home: Vaults) -> Place:
    item = ids.new_id()
    return place(vaults.create("story", [item]), item)


@many
@given(plain=st.binary(max_size=70_000))
def test_what_was_sealed_opens_in_its_place(words: Place, plain: bytes) -> None:
    assert sealing.open(words, sealing.seal(words, plain)) == plain


@many
@given(plain=st.binary(max_size=300), data=st.data())
def test_s11_any_flipped_bit_is_refused(words: Place, plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(sealing.seal(words, plain))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Tampered):
        sealing.open(words, bytes(sealed))


def test_s11_every_byte_of_a_small_value_counts_and_so_does_its_length(words: Place) -> None:
    sealed = sealing.seal(words, b"He was here.")
    for at in range(len(sealed)):
        for changed in (sealed[:at], sealed[:at] + bytes((sealed[at] ^ 0x80,)) + sealed[at + 1 :], sealed[at:]):
            if changed != sealed:
                with pytest.raises(Tampered):
                    sealing.open(words, changed)
    for longer in (sealed + b"\0", sealed + sealed):
        with pytest.raises(Tampered):
            sealing.open(words, longer)


def test_s11_any_two_values_swapped_are_refused(home: Vaults) -> None:
    one, two = ids.new_id(), ids.new_id()
    vault, other = vaults.create("box", [one, two]), vaults.create("box")
    row = ids.new_id()
    places = [
        Place(vault, None, "letters", "words", row),
        Place(vault, None, "letters", "title", row),
        Place(vault, None, "notes", "words", row),
        Place(vault, None, "letters", "words", ids.new_id()),
        Place(vault, one, "letters", "words", row),
        Place(vault, two, "letters", "words", row),
        Place(other, None, "letters", "words", row),
    ]
    sealed = [sealing.seal(where, b"x") for where in places]
    for number, where in enumerate(places):
        for other_number, value in enumerate(sealed):
            if number == other_number:
                assert sealing.open(where, value) == b"x"
            else:
                with pytest.raises(Tampered):
                    sealing.open(where, value)


def test_names_cannot_be_cut_differently_to_look_like_another_place() -> None:
    with pytest.raises(ValueError):
        Place(ids.new_id(), None, "letters|words", "title", ids.new_id())


@pytest.mark.parametrize(
    ("length", "size"),
    [(0, 256), (252, 256), (253, 1024), (1020, 1024), (1021, 4096), (4093, 16384), (16381, 65536), (65533, 131072)],
)
def test_sizes_say_little(words: Place, length: int, size: int) -> None:
    assert len(sealing.seal(words, b"x" * length)) == 2 + 12 + size + 16


def test_the_same_words_never_look_the_same(words: Place) -> None:
    assert len({sealing.seal(words, b"x") for _ in range(50)}) == 50


def test_s15_a_refusal_carries_ids_alone(words: Place, caplog: pytest.LogCaptureFixture) -> None:
    canary = secrets.token_hex(20)
    sealed = sealing.seal(words, canary.encode())
    elsewhere = dataclasses.replace(words, row=ids.new_id())
    with caplog.at_level(logging.DEBUG), pytest.raises(Tampered) as refused:
        sealing.open(elsewhere, sealed)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
    assert str(elsewhere.row) in str(refused.value)
    assert str(elsewhere.row) in caplog.text
    assert canary not in str(refused.value) + caplog.text
    assert sealed.hex() not in str(refused.value) + caplog.text


def test_a_key_that_never_was_is_missing_and_one_that_was_erased_is_erased(words: Place) -> None:
    sealed = sealing.seal(words, b"x")
    with pytest.raises(KeyMissing):
        sealing.open(dataclasses.replace(words, vault=ids.new_id()), sealed)
    with pytest.raises(KeyMissing):
        sealing.open(dataclasses.replace(words, item=ids.new_id()), sealed)
    assert words.item is not None
    vaults.erase_item(words.vault, words.item)
    with pytest.raises(KeyErased):
        sealing.open(words, sealed)
    assert issubclass(KeyErased, VaultError)
    assert issubclass(KeyMissing, VaultError)
    assert issubclass(Tampered, VaultError)


def test_s11_a_second_implementation_opens_all_of_them(home: Vaults) -> None:
    from django.conf import settings

    masters = second_opener.master_keys(settings.MASTER_KEY_FILE)
    items = [[ids.new_id() for _ in range(number % 4)] for number in range(40)]
    made = [*vaults.create_many("story", 38, items[:38]), *(vaults.create("box", some) for some in items[38:])]
    vaults.add_item(made[0], moved := ids.new_id())
    items[0].append(moved)
    opened = 0
    for folder in settings.KEYRING_FOLDERS:
        for vault, some in zip(made, items, strict=True):
            keys = second_opener.keys_of(folder, masters, vault.hex)
            for key in (None, *some):
                for _ in range(5):
                    where, plain = place(vault, key), secrets.token_bytes(secrets.randbelow(5000))
                    sealed = sealing.seal(where, plain)
                    where_else = ((key or vault).hex, "letters", "words", where.row.hex)
                    assert second_opener.open_field(keys, *where_else, sealed) == plain
                    opened += 1
    assert opened >= 1000


def test_c6_a_digest_depends_on_the_vault_and_every_byte(home: Vaults) -> None:
    one, two = vaults.create("story"), vaults.create("story")
    assert keyed_digest(one, b"words") == keyed_digest(one, b"words")
    assert len({keyed_digest(one, b"words"), keyed_digest(two, b"words"), keyed_digest(one, b"word")}) == 3
    vaults.erase_vault(one)
    with pytest.raises(KeyErased):
        keyed_digest(one, b"words")
