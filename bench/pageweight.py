"""``bench pageweight``: what a first visit loads, compressed, without fonts and photographs (budget: 15 KB, 4 requests)."""

from __future__ import annotations

import gzip
import re
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import brotli

from bench.report import Figure
from bench.served import demonstration

KB = 1000
_ASKS = re.compile(r"""<(?:link|script|img|use|source|iframe)\b[^>]*?\b(?:href|src)="([^"#]+)""")


def pageweight() -> list[Figure]:
    """Load the first page, a list and the finding page as a first visitor does, counting bytes on the wire."""
    with (
        tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder,
        demonstration(Path(folder) / "demo") as (address, _),
    ):
        figures: list[Figure] = []
        for path in ("/", "/read/", "/find/"):
            figures += _weigh(address, path)
        return figures


def _weigh(address: str, path: str) -> Iterator[Figure]:
    weight, page = _fetch(address + path)
    asked = {urllib.parse.urljoin(path, found) for found in _ASKS.findall(page.decode())}
    parts = {name: _fetch(address + name)[0] for name in sorted(asked) if not name.startswith(("http", "data:"))}
    fonts = {name: size for name, size in parts.items() if name.endswith(".woff2")}
    rest = {name: size for name, size in parts.items() if name not in fonts and _is_loaded(name)}
    yield Figure(f"{path} first visit", (weight + sum(rest.values())) / KB, "KB", budget=15)
    yield Figure(f"{path} requests", 1 + len(rest), "", budget=4)
    yield Figure(f"{path} fonts", sum(fonts.values()) / KB, "KB", budget=80)
    yield Figure(f"{path} font files", len(fonts), "", budget=2)
    yield Figure(f"{path} asked of other hosts", sum(name.startswith("http") for name in asked), "", budget=0)


def _is_loaded(name: str) -> bool:
    return name.startswith("/static/")


def _fetch(url: str) -> tuple[int, bytes]:
    """Return the bytes on the wire and the page as text, asking as a browser does."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip, br", "Accept-Language": "en"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        body, packed = answer.read(), answer.headers.get("Content-Encoding", "")
    if packed == "br":
        return len(body), brotli.decompress(body)
    if packed == "gzip":
        return len(body), gzip.decompress(body)
    return len(body), body
