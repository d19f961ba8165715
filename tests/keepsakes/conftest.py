"""A household: Mara and Tobias hold Ansel's box, Ilse may look at what they show her."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.home.browser import plain_static
from tests.keepsakes.household import Household

__all__ = ["plain_static"]


@pytest.fixture
def house(cast: Cast) -> Household:
    """The household, with nothing in the box yet."""
    return Household(cast)
