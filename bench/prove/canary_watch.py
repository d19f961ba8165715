"""What lies there for a moment only: temporary files, and what the processes were told, seen while they run."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.prove.kills_hit import decoders, descendants
from bench.prove.place import Place

_EVERY = 0.05  # seconds


@contextmanager
def watching(place: Place) -> Iterator[None]:
    """Copy temporary files and the decoders' environments while a block runs; at its end those of every process."""
    over = threading.Event()
    (place.folder / "seen").mkdir()

    def watch() -> None:
        while not over.wait(_EVERY):
            for path in [path for path in (place.folder / "tmp").rglob("*") if path.is_file()]:
                with suppress(OSError):
                    shutil.copyfile(path, place.folder / "seen" / f"tmp-{path.name}")
            _note(place, decoders(place))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        _note(place, descendants(place.supervisor))


def _note(place: Place, pids: list[int]) -> None:
    """Write down what processes were told when they began: their environment and their command."""
    for pid in pids:
        for what in ("environ", "cmdline"):
            with suppress(OSError):
                (place.folder / "seen" / f"{what}-{pid}").write_bytes(Path(f"/proc/{pid}/{what}").read_bytes())
