"""Objects and rows held against each other: the sweep of objects that no row names, and rows whose object is missing (S16)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.db import models

from alongside.backup.erased import OWNER
from alongside.backup.keys import is_held, named_among
from alongside.media.named import Naming
from alongside.media.sweep import missing, sweep
from alongside.media.unavailable import StoreUnavailable
from alongside.vault import vaults


def sweep_unnamed_objects(now: datetime) -> int:
    """Delete objects that are a day old and that no row of any table names; return how many. Repeatable, for a job.

    Any uuid in any table counts as a name, so that no model has to be remembered here.
    """
    return 0 if is_held(now) else sweep(named_among, now)


def naming_models() -> Iterator[tuple[type[models.Model], Naming]]:
    """Yield every model whose rows name objects."""
    for model in apps.get_models():
        naming = model.__dict__.get("object_naming")
        if isinstance(naming, Naming):
            yield model, naming


def without_object() -> dict[type[models.Model], list[uuid.UUID]]:
    """Return by model the rows whose object is missing, as the owner sees them. Raise StoreUnavailable."""
    named = {model: _names(model, naming) for model, naming in naming_models()}
    gone = missing(name for names in named.values() for name in names)
    # Whatever was erased since is no loss: it is asked for once more.
    return {model: sorted(_names(model, naming) & gone) for model, naming in naming_models() if named[model] & gone}


def _names(model: type[models.Model], naming: Naming) -> set[uuid.UUID]:
    rows = model._base_manager.using(OWNER)
    if not naming.item:
        return set(rows.values_list("pk", flat=True))
    erased = vaults.here().keyring.erased
    return {name for name, item in rows.values_list("pk", naming.item) if item is None or not erased(item)}


def problems() -> Iterator[str]:
    """Yield what ``doctor`` has to say: each table with rows whose object is missing."""
    try:
        found = without_object()
    except StoreUnavailable:
        return  # said by the store's own line
    for model, names in found.items():
        if names:
            yield (
                f"{len(names)} rows of {model._meta.db_table} name an object that is not in the store, "
                f"such as {names[0]}: bring it back from a backup"
            )
