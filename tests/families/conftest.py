"""Pages can be asked for here."""

from __future__ import annotations

from tests.home.browser import plain_static

__all__ = ["plain_static"]
