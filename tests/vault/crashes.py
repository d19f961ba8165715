"""A power cut at the n-th step that touches a disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

STEPS: list[tuple[Any, str]] = [
    (os, "fsync"),
    (os, "pwrite"),
    (os, "write"),
    (os, "link"),
    (os, "ftruncate"),
    (Path, "rename"),
    (Path, "unlink"),
    (Path, "mkdir"),
]


class PowerCut(BaseException):
    """The machine is off; nothing after this runs."""


def run_until(step: int, act: Callable[[], object]) -> bool:
    """Run ``act`` and cut the power before its ``step``-th touch of a disk; return whether it was cut."""
    left = step

    def cut(real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                raise PowerCut
            return real(*args, **kwargs)

        return counted

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, cut(getattr(owner, name)))
        try:
            act()
        except PowerCut:
            return True
    return False
