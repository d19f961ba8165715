"""What an outside tool still finds in a picture: exiftool, which nobody here wrote."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLAIN = {
    "RIFF:VP8Version", "RIFF:ImageWidth", "RIFF:ImageHeight", "RIFF:HorizontalScale", "RIFF:VerticalScale",
    "File:FileType", "File:FileTypeExtension", "File:MIMEType", "Composite:ImageSize", "Composite:Megapixels",
}  # fmt: skip
"""What every WebP says: what it is and how large."""
_OF_THE_FILE = ("ExifTool:", "System:")


@cache
def program() -> str:
    """Return the path of exiftool, fetched where there is none."""
    found = os.environ.get("ALONGSIDE_EXIFTOOL") or shutil.which("exiftool")
    return (
        found or subprocess.run([ROOT / ".ci" / "exiftool"], check=True, capture_output=True, text=True).stdout.strip()
    )


def read(paths: Iterable[Path]) -> dict[Path, dict[str, object]]:
    """Return all that exiftool says of each file, unknown tags, duplicates and its own complaints too."""
    asked = "\n".join(str(path) for path in paths)
    if not asked:
        return {}
    done = subprocess.run(
        [program(), "-j", "-G1", "-a", "-u", "-U", "-ee", "-@", "-"], input=asked, capture_output=True, text=True
    )
    return {Path(said.pop("SourceFile")): said for said in json.loads(done.stdout)}


def left_in(paths: Iterable[Path]) -> dict[Path, list[str]]:
    """Return, for every file, which tags there are beyond what it is and how large; complaints count as tags."""
    return {
        path: [
            tag
            for tag in said
            if tag not in PLAIN and (not tag.startswith(_OF_THE_FILE) or "Warn" in tag or "Error" in tag)
        ]
        for path, said in read(paths).items()
    }
