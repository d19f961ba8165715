"""A parent of the images campaign: reads names of files, asks the product for renditions, says a line about each."""

from __future__ import annotations

import io
import json
import resource
import sys
from pathlib import Path

from PIL import Image

from alongside.media import photos
from alongside.media.refused import REASONS, Busy, Refused


def main(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for number, line in enumerate(sys.stdin):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        kind, outcome = _tried(Path(line.rstrip("\n")), folder / str(number))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        # The most that any child held so far, or this process when it started one.
        said = {"kind": kind, "outcome": outcome, "seconds": round(spent, 2), "peak": after.ru_maxrss * 1024}
        print(json.dumps(said), flush=True)


def _tried(path: Path, to: Path) -> tuple[str, str]:
    """Return which kind of good end a file came to ("" for a bad one), and what it was."""
    try:
        with path.open("rb") as file:
            photo = photos.render(file)
    except Refused as refusal:
        return ("refusal" if refusal.reason in REASONS else "", refusal.reason)
    except Busy:
        return "", "busy"
    except Exception as error:  # what the web process would answer with its 500 page
        return "", f"raised {type(error).__name__}"
    for rendition in photo.renditions:
        with Image.open(io.BytesIO(rendition.webp), formats=["WEBP"]) as opened:
            opened.load()
            if opened.size != (rendition.width, rendition.height):
                return "", "a rendition of another size than was said"
        to.with_name(f"{to.name}-{path.name[:40].rsplit('.')[0]}-{rendition.name}.webp").write_bytes(rendition.webp)
    return "rendition", photo.kind


if __name__ == "__main__":
    main(Path(sys.argv[1]))
