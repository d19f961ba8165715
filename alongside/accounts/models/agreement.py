"""Agreement: what somebody agreed to, in which wording, since when and until when (H5). One row a yes; never changed after."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models, transaction

from alongside import ids
from alongside.accounts.models.account import Account

KEEPING = "keeping"
"""Keeping what somebody writes, which may say things about health, faith and family."""
AGE = "age"
"""That they are as old as the steward asks; its wording is the number of years."""


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Which agreements."""

    def in_force(self) -> AgreementQuerySet:
        """Those not taken back."""
        return self.filter(revoked_at=None)


class Agreement(models.Model):
    """One yes to one purpose."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="agreements")
    purpose = models.CharField(max_length=20)
    wording = models.CharField(max_length=20, help_text="The version of the words that were on the screen.")
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "account", "purpose", condition=models.Q(revoked_at=None), name="one_yes_a_purpose"
            ),
        ]

    def __str__(self) -> str:
        return f"Agreement {ids.show(self.pk)}"


@transaction.atomic
def agree(account: Account, purpose: str, wording: str, now: datetime) -> None:
    """Record a yes to these words; a yes to the same words that stands already stays as it is."""
    Account.objects.select_for_update().get(pk=account.pk)
    standing = account.agreements.in_force().filter(purpose=purpose)
    if standing.filter(wording=wording).exists():
        return
    standing.update(revoked_at=now)
    Agreement.objects.create(account=account, purpose=purpose, wording=wording, given_at=now)


def revoke(account: Account, purpose: str, now: datetime) -> None:
    """Take a yes back from now on: nothing that is kept is touched, and nothing new is kept."""
    account.agreements.in_force().filter(purpose=purpose).update(revoked_at=now)


def may_keep(account: Account) -> bool:
    """Whether what this account writes may be kept: asked before anything new of theirs is. Ask as that account."""
    return account.agreements.in_force().filter(purpose=KEEPING).exists()
