"""A newcomer's first words to strangers are read by a host before others see them (M1)."""

from __future__ import annotations

from datetime import datetime

from alongside.moderation.models import Hold

STORIES_READ_FIRST = 1


def hold_for_newcomer(told_before: int, now: datetime) -> Hold | None:
    """Return a new Hold for a writer with ``told_before`` stories already let through, or None for a settled one."""
    if told_before >= STORIES_READ_FIRST:
        return None
    return Hold.objects.create(reason=Hold.Reason.FIRST_WORDS, held_at=now)
