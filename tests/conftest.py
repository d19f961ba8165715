"""Fixtures that many tests share; the database comes from tests/plugin.py."""

from __future__ import annotations

import pytest

from tests.cast import Cast, gather
from tests.plugin import committed_db, django_db_setup
from tests.s3 import empty_bucket, s3

__all__ = ["committed_db", "django_db_setup", "empty_bucket", "s3"]


@pytest.fixture
def cast(db: None) -> Cast:
    """The named cast, with nothing told yet."""
    return gather()
