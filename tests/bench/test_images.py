"""The images campaign, small: it holds here, and is seen to fail where a hole is cut."""

from __future__ import annotations

import json
from pathlib import Path

from bench.prove.images_sources import CACHE, SOURCES, corpus
from tests.bench.test_campaigns import ROOT, cut, prove

HOLES = {
    # Renditions that say something, and nobody who looks.
    "alongside/media/renditions.py": ('exif=b"", xmp=b""', 'exif=b"", xmp=b"<x>Anouk</x>"'),
    "alongside/media/photos.py": (
        '    riff, length, form, chunk, held = struct.unpack_from("<4sI4s4sI", webp)\n',
        '    return Rendition(webp, *__import__("PIL.Image").Image.open(__import__("io").BytesIO(webp)).size, name)\n'
        '    riff, length, form, chunk, held = struct.unpack_from("<4sI4s4sI", webp)\n',
    ),
    # A web process that falls over one kind, a jail that says what no form knows, and a kind that is not taken any more.
    "alongside/media/jail/parent.py": (
        '    if refused := head.get("refused"):\n',
        '    if head.get("facts", {}).get("kind") == "GIF":\n        os.abort()\n'
        '    if refused := "boo" if head.get("refused") == "damaged" else head.get("refused"):\n'
        "        raise Refused(refused)\n",
    ),
    "alongside/media/photo_job.py": (
        'FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")',
        'FORMATS = ("JPEG", "PNG", "WEBP", "GIF")',
    ),
}


def test_s17_hostile_pictures_end_as_clean_renditions_or_kind_refusals() -> None:
    done = prove(ROOT, "images", "--count", "25", "--json")
    assert done.returncode == 0, done.stderr[-3000:]
    (verdict,) = json.loads(done.stdout)
    assert (verdict["name"], verdict["checked"], verdict["bad"]) == ("images", 56, 0)


def test_s17_holes_are_found_and_named(tmp_path: Path) -> None:
    corpus()
    scratch = cut(tmp_path, HOLES)
    (scratch / ".cache").mkdir()
    (scratch / ".cache" / "sources").symlink_to(CACHE)
    done = prove(scratch, "images", "--count", "8")
    assert done.returncode == 1, done.stderr[-3000:]
    found = done.stderr
    assert "-sound-page.webp: " in found
    assert ", XMP:" in found
    assert "/sound.gif: the parent crashed or hung" in found
    assert "/sound.avif: " in found
    assert ": boo" in found


def test_s17_the_sources_are_of_the_versions_that_are_installed() -> None:
    pins = (ROOT / "requirements" / "run.txt").read_text()
    for name, (version, digest, _) in SOURCES.items():
        part = pins.split(f"\n{name}=={version} ")[1].split("\n    # via")[0]
        assert f"sha256:{digest}" in part
