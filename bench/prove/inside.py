"""The product inside the campaign's own process, for those that ask views without a network in between."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import django
import time_machine


@contextmanager
def inside() -> Iterator[None]:
    """Run a block over the installation's own database, as the web role, at the cast's hour; afterwards it is as new.

    Whatever imports models is imported in that block.
    """
    django.setup()
    from django.conf import settings
    from django.db import transaction
    from django.test.utils import setup_test_environment

    from alongside.database.server import Server
    from alongside.installation import prepare
    from tests.cast import NOW

    with Server(settings.DATA, fast=True).running():
        prepare()
        setup_test_environment()
        with time_machine.travel(NOW, tick=False), transaction.atomic():
            yield
            transaction.set_rollback(True)
