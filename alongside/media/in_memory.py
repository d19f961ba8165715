"""Files that have no name and no place on a disk: where a photograph lies while it is not sealed (S10)."""

from __future__ import annotations

import os
from typing import BinaryIO, cast


def blank() -> BinaryIO:
    """Return an empty file in memory, to write and to read; it is gone when it is closed.

    Its bytes are the kernel's, not this process's: a web process does not grow by what passes through it.
    """
    return cast(BinaryIO, os.fdopen(os.memfd_create("alongside", os.MFD_CLOEXEC), "w+b"))
