"""A job that does nothing: what ``doctor`` runs, to see the jail made and its locks closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO


def work(source: BinaryIO, asked: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[bytes, ...]]:  # noqa: ARG001
    """Give back what came in."""
    return {}, (source.read(),)
