"""Log lines without anybody's words: where a failure happened and of what kind, never what it was about."""

from __future__ import annotations

import logging
import sys
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def without_words(kind: type[BaseException], error: BaseException, frames: TracebackType | None) -> None:
    """Say on standard error what failed and where, as ``sys.excepthook``: a database's message repeats whole rows."""
    print(WithoutWords().formatException((kind, error, frames)), file=sys.stderr)


class WithoutWords(logging.Formatter):
    """Format time, level, logger and message; of an exception its type and frames, not its message.

    The message of an exception may hold what somebody wrote ("invalid literal …: 'our son'"), so it is left out,
    and so are the source lines of a traceback's frames outside this project: they are read from files, and safe,
    but long.
    """

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's own name
        kind, _, frames = ei
        if kind is None:
            return ""
        places = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(frames)]
        return "\n".join([*places, f"{kind.__module__}.{kind.__qualname__}"])

    def format(self, record: logging.LogRecord) -> str:
        # exc_text is a cache that another formatter may have filled with the message in it.
        record.exc_text = None
        return super().format(record)
