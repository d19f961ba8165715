"""Family and Parent."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models, transaction

from alongside import ids
from alongside.accounts.models import Account


class NotAParent(Exception):
    """The account is not, or no longer, a parent in this family."""


class Family(models.Model):
    """One or more parents with equal say (C1)."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "families"

    def __str__(self) -> str:
        return f"Family {ids.show(self.pk)}"

    @classmethod
    def begin(cls, by: Account, now: datetime) -> Family:
        """Make a family of one parent."""
        with transaction.atomic():
            family = cls.objects.create(created_at=now)
            family.parents.create(account=by, joined_at=now)
        return family

    def accept(self, account: Account, now: datetime) -> Parent:
        """Let somebody who accepted an invitation in as a parent with equal say (C5)."""
        return self.parents.create(account=account, joined_at=now)

    def parent(self, account: Account) -> Parent:
        """Return the account's place among the current parents; raise NotAParent."""
        parent = self.parents.current().filter(account=account).first()
        if parent is None:
            raise NotAParent(ids.show(self.pk))
        return parent


class ParentQuerySet(models.QuerySet["Parent"]):
    """Which parents."""

    def current(self) -> ParentQuerySet:
        """Those who have not left: they alone count for consent (C7)."""
        return self.filter(left_at=None)


class Parent(models.Model):
    """One account's equal place in a family, from ``joined_at`` to ``left_at``."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="parents")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="parenthoods")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = ParentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("family", "account", condition=models.Q(left_at=None), name="one_place_a_parent"),
        ]

    def __str__(self) -> str:
        return f"Parent {ids.show(self.pk)}"

    def leave(self, now: datetime) -> None:
        """Stop counting as a parent from now on (C7)."""
        self.left_at = now
        self.save(update_fields=["left_at"])


def families_of(account_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return the families in which this account is a parent now."""
    return frozenset(Parent.objects.current().filter(account=account_id).values_list("family_id", flat=True))
