"""Who has a part in a keepsake: whoever's version adds something that can be seen to the words of who put it in (T2).

A space, or their own words once more, is no part: by it nobody keeps somebody from erasing what is theirs alone.
"""

from __future__ import annotations

import uuid

from alongside.families.models import ParentQuerySet
from alongside.keepsakes.models import Memory, MemoryVersion
from alongside.vault.errors import VaultError


def others_wrote_in(memory: Memory, whose: uuid.UUID, among: ParentQuerySet | None = None) -> bool:
    """Whether somebody but ``whose``, ``among`` these parents if given, has words in it, also in an earlier version.

    What cannot be opened counts as somebody's.
    """
    versions = MemoryVersion.objects.filter(text=memory)
    others = versions.exclude(by=whose).exclude(by=None)
    if among is not None:
        others = others.filter(by__in=among.values("account"))
    theirs = list(others)
    if not theirs:
        return False
    mine = list(versions.filter(by=whose))
    for version in (*theirs, *mine):
        version.text = memory
    try:
        own = {version.said.visible() for version in mine}
        return any(version.said.visible() not in own for version in theirs)
    except VaultError:
        return True
