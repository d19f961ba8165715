"""Family, Parent and Relative: who holds a keepsake box together, and who may look at what was shown to them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models, transaction

from alongside import ids
from alongside.accounts.models import Account
from alongside.families.invitation import Invitation, InvitationYes


class NotAParent(Exception):
    """The account is not, or no longer, a parent in this family."""


class HoldsItAlone(Exception):
    """The only parent cannot leave: nobody would hold the box."""


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

    @transaction.atomic
    def accept_relative(self, account: Account, now: datetime) -> Relative:
        """Let somebody who accepted an invitation in as a relative; whoever is one already stays the same."""
        Family.objects.select_for_update().get(pk=self.pk)
        found = self.relatives.current().filter(account=account).first()
        return found or self.relatives.create(account=account, joined_at=now)

    def parent(self, account: Account) -> Parent:
        """Return the account's place among the current parents; raise NotAParent."""
        parent = self.parents.current().filter(account=account).first()
        if parent is None:
            raise NotAParent(ids.show(self.pk))
        return parent

    def invite(self, by: Account, role: str, *, name: str, now: datetime) -> tuple[Invitation, str]:
        """Invite a parent or a relative; return the row and the code that is sent apart from its link. Raise NotAParent."""
        self.parent(by)
        return Invitation.make(self, by, role, name=name, now=now)


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

    @transaction.atomic
    def leave(self, now: datetime) -> None:
        """Stop counting as a parent from now on (C7). Raise HoldsItAlone."""
        # Two who leave at once wait for each other here.
        Family.objects.select_for_update().get(pk=self.family_id)
        if not Parent.objects.current().filter(family=self.family_id).exclude(pk=self.pk).exists():
            raise HoldsItAlone(ids.show(self.family_id))
        self.left_at = now
        self.save(update_fields=["left_at"])


class RelativeQuerySet(models.QuerySet["Relative"]):
    """Which relatives."""

    def current(self) -> RelativeQuerySet:
        """Those who may still look."""
        return self.filter(left_at=None)


class Relative(models.Model):
    """Somebody invited to look at what they are shown, and to add a tribute; without a say in anything else."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="relatives")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="relative_places")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    objects = RelativeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("family", "account", condition=models.Q(left_at=None), name="one_place_a_relative"),
        ]

    def __str__(self) -> str:
        return f"Relative {ids.show(self.pk)}"

    def part(self, by: Account, now: datetime) -> None:
        """Look no more, from the next request on: by their own wish, or a parent's. Raise NotAParent."""
        if by.pk != self.account_id:
            self.family.parent(by)
        self.left_at = now
        self.save(update_fields=["left_at"])


def families_of(account_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return the families in which this account is a parent now."""
    return frozenset(Parent.objects.current().filter(account=account_id).values_list("family_id", flat=True))


def relative_in(account_id: uuid.UUID) -> dict[uuid.UUID, uuid.UUID]:
    """Return this account's current places as a relative, each with its family."""
    return dict(Relative.objects.current().filter(account=account_id).values_list("pk", "family_id"))


__all__ = [
    "Family",
    "HoldsItAlone",
    "Invitation",
    "InvitationYes",
    "NotAParent",
    "Parent",
    "Relative",
    "families_of",
    "relative_in",
]
