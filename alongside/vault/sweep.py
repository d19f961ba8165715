"""Keys that no row names: what is left when a crash came between a key and its row (SECURITY 3.3).

Erring costs a keepsake, so a key is swept only when it is a day old, when its id stands in no uuid column of any
table, when rows do name other keys of its kind, and when few are so. Otherwise all are left, and that is said.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from alongside.vault import vaults
from alongside.vault.errors import VaultError
from alongside.vault.vaults import Vaults

OLD_ENOUGH = timedelta(hours=24)
MOST = 0.1
"""The largest share of all keys that a sweep takes; beyond it, something else is wrong than a crash."""
ALWAYS = 20
"""So many keys are swept whatever their share: in a small keyring a few are soon a tenth."""
_log = logging.getLogger(__name__)

Key = tuple[uuid.UUID, uuid.UUID | None]


def sweep(named_among: Callable[[set[uuid.UUID]], set[uuid.UUID]], now: datetime) -> int:
    """Destroy keys that are a day old and named by no row; return how many. Repeatable.

    ``named_among`` returns those of the given ids that some row names; it must see every row of every table.
    """
    home = vaults.here()
    old, kinds, count = _old_keys(home, now)
    named = named_among({item or vault for vault, item in old})
    named_kinds = {kinds[vault] for vault, item in old if item is None and vault in named}
    left = [(vault, item) for vault, item in old if (item or vault) not in named]
    # A vault that rows name, with a key of an item that none names; or a whole vault, items and all.
    whole = {vault for vault, item in left if item is None and kinds[vault] in named_kinds}
    whole -= {vault for vault, item in old if item is not None and item in named}
    items = [(vault, item) for vault, item in left if item is not None and vault in named]
    if len(whole) + len(items) > max(count * MOST, ALWAYS):
        _log.error("%d of %d keys are named by no row: too many to be swept", len(whole) + len(items), count)
        return 0
    for vault in sorted(whole):
        vaults.erase_vault(vault)
    for vault, item in items:
        vaults.erase_item(vault, item)
    if whole or items:
        _log.info("%d keys that no row names were swept", len(whole) + len(items))
    return len(whole) + len(items)


def _old_keys(home: Vaults, now: datetime) -> tuple[list[Key], dict[uuid.UUID, str], int]:
    """Return the keys of records that have not changed for a day, each vault's kind, and how many keys there are."""
    found: list[Key] = []
    kinds: dict[uuid.UUID, str] = {}
    count = 0
    latest = (now - OLD_ENOUGH).timestamp()
    for vault in home.keyring.list():
        try:
            opened = home.read(vault)
        except VaultError:
            continue  # doctor says so
        kinds[vault] = opened.record.kind
        count += 1 + len(opened.keys.items)
        if home.keyring.changed_at(vault) <= latest:
            found += [(vault, None), *((vault, item) for item in opened.keys.items)]
    return found, kinds, count
