"""Hold: something that waits for a host."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from alongside import ids
from alongside.accounts.models import Account


class NotAHost(Exception):
    """The account may not decide about what is held."""


class Hold(models.Model):
    """A pause until a host has read: released, kept back, or still waiting."""

    class Reason(models.TextChoices):
        FIRST_WORDS = "first_words", "A newcomer's first words (M1)"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    reason = models.CharField(max_length=20, choices=Reason)
    held_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(released_at=None) | models.Q(kept_at=None), name="released_or_kept_not_both"
            ),
            models.CheckConstraint(
                condition=models.Q(released_at=None, kept_at=None) | models.Q(decided_by__isnull=False),
                name="a_decision_has_a_decider",
            ),
        ]

    def __str__(self) -> str:
        return f"Hold {ids.show(self.pk)}"

    def release(self, by: Account, now: datetime) -> None:
        """Let it through; raise NotAHost unless ``by`` is a host now."""
        # Asked of the database: a host who stopped a moment ago is none, whatever this copy of her row says.
        if not Account.objects.filter(pk=by.pk, closed_at=None, host_since__lte=now).exists():
            raise NotAHost(ids.show(by.pk))
        # A decision is made once (M4): whoever comes second finds it made.
        waiting = Hold.objects.filter(pk=self.pk, released_at=None, kept_at=None)
        waiting.update(released_at=now, decided_by=by)
        self.refresh_from_db()
