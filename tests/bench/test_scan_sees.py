"""The campaigns' scan finds a word in every shape that software leaves it in (S10)."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from pathlib import Path

import pytest
from django.core import signing

from bench.prove import scan as scanning
from bench.prove.scan import Needle, files_below, scan

WORD = "canarybcdfghjkl"
NEEDLE = Needle("word", WORD.encode())
SAID = f"Our son died. {WORD} was the placenta."


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(SAID.encode(), id="text"),
        pytest.param(SAID.encode("utf-16-le"), id="utf-16-le"),
        pytest.param(b"x" + SAID.encode("utf-16-be"), id="utf-16-be"),
        pytest.param(SAID.encode().hex().encode(), id="hex"),
        pytest.param(SAID.encode().hex().upper().encode(), id="HEX"),
        pytest.param(base64.b64encode(SAID.encode()), id="base64"),
        pytest.param(base64.b64encode(b"1" + SAID.encode()), id="base64, one on"),
        pytest.param(base64.b64encode(b"12" + SAID.encode()), id="base64, two on"),
        pytest.param(base64.b64encode(WORD.encode()), id="base64 of the word alone"),
        pytest.param(gzip.compress(SAID.encode()), id="gzip"),
        pytest.param(zlib.compress(SAID.encode()), id="zlib"),
        pytest.param(b"\0\1" + signing.dumps({"said": SAID * 9}, key="k", compress=True).encode(), id="session"),
        pytest.param(json.dumps({"said": SAID}).encode(), id="json"),
    ],
)
def test_it_finds_the_word(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(written)
    assert {hit.needle for hit in scan(files_below(tmp_path), [NEEDLE])} == {NEEDLE}


def test_it_finds_a_word_that_lies_across_two_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "PIECE", 64)
    for before in range(40, 70):
        (tmp_path / f"{before}").write_bytes(b"." * before + WORD.encode() + b"." * 100)
    assert len(scan(files_below(tmp_path), [NEEDLE])) == 30


def test_bytes_that_are_no_text_are_found_too(tmp_path: Path) -> None:
    needle = Needle("photo", bytes(range(200, 232)), text=False)
    (tmp_path / "file").write_bytes(b"\0" + base64.urlsafe_b64encode(b"1" + needle.value + b"1"))
    assert scan(files_below(tmp_path), [needle])


def test_it_finds_nothing_where_nothing_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\x1f\x8bnot gzip " + WORD[:-1].encode() + zlib.compress(b"x")[:3])
    (tmp_path / "link").symlink_to("/nowhere")
    assert scan(files_below(tmp_path), [NEEDLE]) == []
