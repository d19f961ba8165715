"""Objects that no row names, and names without an object: what a crash left between the two (S16).

An object is durable before its row, so a crash leaves an object without a row, never a row without an object. Erring costs
a keepsake, so an object is swept only when it is a day old, when no row names it, when rows do name others that are here
(the store of another installation is left alone), and when few are so. Otherwise all are left, and that is said.

This package knows no rows: whoever calls says which names they hold.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from alongside.media import objects

OLD_ENOUGH = timedelta(hours=24)
"""No request and no transaction is as long, so an object of this age has its row or never gets one."""
MOST = 0.1
"""The largest share of all objects that a sweep takes; beyond it, something else is wrong than a crash."""
ALWAYS = 20
"""So many are swept whatever their share: in a small store a few are soon a tenth."""
_log = logging.getLogger(__name__)


def sweep(
    named_among: Callable[[set[uuid.UUID]], set[uuid.UUID]], now: datetime, old_enough: timedelta = OLD_ENOUGH
) -> int:
    """Delete objects that are old enough and that no row names; return how many. Repeatable. Raise StoreUnavailable.

    ``named_among`` returns those of the given names that some row holds; it must see every row, and is asked after the
    store was looked through.
    """
    objects.store().clear_half_written(now - old_enough)
    count, old = 0, set()
    for name, modified in objects.names():
        count += 1
        if modified <= now - old_enough:
            old.add(name)
    named = named_among(old) if old else set()
    left = old - named
    if not left:
        return 0
    if not named:
        _log.error("no row names any of the %d objects in the store: is it another installation's?", len(old))
        return 0
    if len(left) > max(count * MOST, ALWAYS):
        _log.error("%d of %d objects are named by no row: too many to be swept", len(left), count)
        return 0
    for name in sorted(left):
        objects.delete(name)
    _log.info("%d objects that no row names were swept", len(left))
    return len(left)


def missing(named: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of the names for which there is no object. Ask for the names first, then this: objects come before rows."""
    return set(named) - {name for name, _ in objects.names()}
