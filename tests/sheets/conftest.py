"""Pages in these tests name their static files without collecting them."""

from tests.home.browser import plain_static

__all__ = ["plain_static"]
