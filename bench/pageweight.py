"""``bench pageweight``: what a first visit loads, compressed, without fonts and photographs (budget: 15 KB, 4 requests)."""

from __future__ import annotations

import gzip
import re
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import brotli

from bench.report import Figure
from bench.served import demonstration

KB = 1000
PATHS = ("/", "/read/", "/find/")
_LOADS = re.compile(r"""<(?:link|script|img|use|source|iframe|object|embed)\b[^>]*?\s(?:href|src|data)="([^"#]+)""")
_IN_STYLE = re.compile(r"""(?:url\(|@import\s)["']?([^"')]+)""")


def pageweight() -> list[Figure]:
    """Load the first page, a list and the finding page as a first visitor does, counting bytes on the wire."""
    with (
        tempfile.TemporaryDirectory(prefix="alongside-bench-") as folder,
        demonstration(Path(folder) / "demo") as (address, _),
    ):
        return [figure for path in PATHS for figure in _weigh(address, path)]


def loaded_by(page: str, path: str) -> set[str]:
    """Return the addresses that a browser loads by itself along with ``page``, which stands at ``path``."""
    return {urljoin(path, found) for found in _LOADS.findall(page)}


def _weigh(address: str, path: str) -> Iterator[Figure]:
    weight, page = _fetch(address + path)
    asked = loaded_by(page, path)
    elsewhere = {name for name in asked if urlsplit(name).netloc}
    parts = {name: _fetch(address + name) for name in sorted(asked - elsewhere)}
    styles = (part for name, (_, part) in parts.items() if name.endswith(".css"))
    elsewhere |= {found for style in styles for found in _IN_STYLE.findall(style) if urlsplit(found).netloc}
    fonts = [size for name, (size, _) in parts.items() if name.endswith(".woff2")]
    rest = [size for name, (size, _) in parts.items() if not name.endswith(".woff2")]
    yield Figure(f"{path} first visit", (weight + sum(rest)) / KB, "KB", budget=15)
    yield Figure(f"{path} requests", 1 + len(rest), "", budget=4)
    yield Figure(f"{path} fonts", sum(fonts) / KB, "KB", budget=80)
    yield Figure(f"{path} font files", len(fonts), "", budget=2)
    yield Figure(f"{path} asked of other hosts", len(elsewhere), "", budget=0)


def _fetch(url: str) -> tuple[int, str]:
    """Return the bytes on the wire, and the text (of a font, nothing to read), asking as a browser does."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip, br", "Accept-Language": "en"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        body, packed = answer.read(), answer.headers.get("Content-Encoding", "")
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(packed, bytes)
    return len(body), unpack(body).decode(errors="replace")
