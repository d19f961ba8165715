"""Invitation: a link and a code sent apart, for somebody who then says yes themselves (C5)."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction

from alongside import ids
from alongside.accounts.models import Account
from alongside.families import apart
from alongside.vault.fields import SealedField, SealedText

if TYPE_CHECKING:
    from alongside.families.models import Family

LASTS = timedelta(days=14)
TRIES = 8
"""Wrong codes after which an invitation is dead and another has to be made."""


class InvitationOver(Exception):
    """It was used, taken back, tried too often, or has run out."""


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Which invitations."""

    def open(self, now: datetime) -> InvitationQuerySet:
        """Those that can still be accepted."""
        return self.filter(accepted_at=None, taken_back_at=None, expires_at__gt=now, tries__lt=TRIES)


class Invitation(models.Model):
    """One person may come in, once. The link is the row's id; of the code only a keyed hash is kept."""

    class Role(models.TextChoices):
        PARENT = "parent", "The other parent"
        RELATIVE = "relative", "A relative"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    family = models.ForeignKey("families.Family", on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    code_hash = models.BinaryField(max_length=32)
    tries = models.PositiveSmallIntegerField(default=0)
    accepted_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    name_sealed = SealedField()

    name = SealedText("name_sealed")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["family", "-made_at"], name="invitations_made")]

    def __str__(self) -> str:
        return f"Invitation {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        # How she calls the one she invites is her own word.
        return self.made_by.vault, None

    @classmethod
    def make(cls, family: Family, by: Account, role: str, *, name: str, now: datetime) -> tuple[Invitation, str]:
        """Make one; return it with its code, which is shown this once."""
        code = apart.new_code()
        made = cls(family=family, role=cls.Role(role), made_by=by, made_at=now, expires_at=now + LASTS)
        made.code_hash = apart.digest(made._whose, code)
        made.name = name.strip()
        made.save(force_insert=True)
        return made, code

    @property
    def _whose(self) -> str:
        return f"invitation.{self.pk}"

    @transaction.atomic
    def opens_with(self, code: str, now: datetime, *, meets: bool = True) -> bool:
        """Whether this is the code that belongs to this link; a wrong one is counted. Raise InvitationOver.

        To somebody who ``meets`` nobody here (V4), every code is a wrong one.
        """
        held = Invitation.objects.select_for_update().open(now).filter(pk=self.pk).first()
        if held is None:
            raise InvitationOver(ids.show(self.pk))
        if apart.belongs(code, bytes(held.code_hash), held._whose) and meets:
            return True
        Invitation.objects.filter(pk=self.pk).update(tries=models.F("tries") + 1)
        return False

    @transaction.atomic
    def use(self, by: Account, now: datetime) -> None:
        """Mark it accepted by ``by``: once, by one person. Raise InvitationOver."""
        used = Invitation.objects.open(now).filter(pk=self.pk).update(accepted_by=by, accepted_at=now)
        if not used:
            raise InvitationOver(ids.show(self.pk))

    def take_back(self, by: Account, now: datetime) -> None:
        """Let nobody use it any more; any parent may. Raise NotAParent."""
        self.family.parent(by)
        Invitation.objects.filter(pk=self.pk, accepted_at=None).update(taken_back_at=now)

    @transaction.atomic
    def say_yes(self, by: Account, now: datetime) -> None:
        """Agree that another parent comes in by it (C1); twice is once. Raise NotAParent, InvitationOver."""
        parent = self.family.parent(by)
        # Whoever takes it back at this moment comes before, or after.
        if not Invitation.objects.select_for_update().open(now).filter(pk=self.pk).exists():
            raise InvitationOver(ids.show(self.pk))
        self.yeses.get_or_create(parent=parent, defaults={"at": now})


class InvitationYes(models.Model):
    """One parent's yes to an invitation for another parent. Whoever made it has said yes by that."""

    id = models.BigAutoField(primary_key=True)
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="yeses")
    parent = models.ForeignKey("families.Parent", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "invitation yeses"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("invitation", "parent", name="one_yes_a_parent_to_inviting"),
        ]

    def __str__(self) -> str:
        return f"InvitationYes {self.pk}"
