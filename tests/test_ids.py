"""S4: ids that nobody can guess, count or spell in two ways."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside import ids

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@given(st.binary(min_size=16, max_size=16))
def test_s4_what_is_shown_is_read_again(raw: bytes) -> None:
    shown = ids.show(uuid.UUID(bytes=raw))
    assert len(shown) == 22
    assert set(shown) <= set(ALPHABET)
    assert ids.read(shown) == uuid.UUID(bytes=raw)


@given(st.text(alphabet=ALPHABET, min_size=22, max_size=22))
def test_s4_one_id_has_one_address(text: str) -> None:
    """Only 4 of 64 last characters carry no spare bits; the others would be second names of the same page."""
    try:
        assert ids.show(ids.read(text)) == text
    except ValueError:
        assert text[-1] not in "AQgw"


@given(st.text(max_size=40))
def test_s4_anything_else_is_refused(text: str) -> None:
    if len(text) != 22 or not set(text) <= set(ALPHABET):
        with pytest.raises(ValueError):
            ids.read(text)


@pytest.mark.parametrize(
    "text", ["", "A" * 21, "A" * 23, "A" * 22 + "\n", "A" * 21 + "=", "A" * 21 + "B", "Ａ" * 22, str(uuid.UUID(int=1))]
)
def test_s4_near_misses_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        ids.read(text)


def test_s4_all_128_bits_are_drawn() -> None:
    """A uuid4 fixes six of them."""
    drawn = [ids.new_id().int for _ in range(300)]
    assert len(set(drawn)) == 300
    for bit in range(128):
        assert 60 < sum(one >> bit & 1 for one in drawn) < 240, f"bit {bit}"


def test_s4_a_route_takes_ids_and_nothing_else() -> None:
    converter, value = ids.IdConverter(), uuid.UUID(int=7)
    assert converter.to_python(converter.to_url(value)) == value
    with pytest.raises(ValueError):
        converter.to_python("A" * 21 + "B")
