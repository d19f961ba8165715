"""MustNotSee: an address whose owner must never meet me, named before or after they join (V4)."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models, transaction

from alongside import ids
from alongside.accounts import addresses
from alongside.accounts.models.account import Account, Block
from alongside.vault.fields import SealedField, SealedText

MOST = 50
"""Addresses that one person can name."""


LATELY, MOST_LATELY = timedelta(days=30), 10
"""Addresses that one person can name in a month, counting those taken back: naming is no way to try who is here."""


class EnoughNamed(Exception):
    """Nobody can name more addresses than this."""


class EnoughNamedLately(EnoughNamed):
    """Nobody can name more addresses than this in a month."""


class MustNotSeeManager(models.Manager["MustNotSee"]):
    """How addresses are named."""

    @transaction.atomic
    def keep_away(self, by: Account, address: str, now: datetime) -> MustNotSee:
        """Name an address: whoever has it, now or one day, is blocked without being told. Raise EnoughNamed.

        From them, ``by`` is hidden at once; they are hidden from ``by`` some days from now.
        """
        addresses.hold_still(address)
        Account.objects.select_for_update(no_key=True).get(pk=by.pk)
        found = self.filter(account=by, digest__in=addresses.digests(address)).first()
        if found:
            return found
        if self.filter(account=by).count() >= MOST:
            raise EnoughNamed(ids.show(by.pk))
        Naming.count(by, now)
        said = MustNotSee(account=by, digest=addresses.digest(address), since=now)
        said.address = address.strip()
        said.save(force_insert=True)
        for other in Account.objects.of_address(address):
            if other.pk != by.pk:
                Block.objects.of_naming(by.pk, other, said.pk, now, later=True)
        return said


class MustNotSee(models.Model):
    """One address. Its owner alone can read it; anybody's joining is compared with its keyed digest."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="must_not_see")
    digest = models.BinaryField(max_length=32, db_index=True)
    address_sealed = SealedField()
    since = models.DateTimeField()

    address = SealedText("address_sealed")

    objects: ClassVar[MustNotSeeManager] = MustNotSeeManager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("account", "digest", name="one_naming_an_address"),
        ]

    def __str__(self) -> str:
        return f"MustNotSee {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.account.vault, None

    @transaction.atomic
    def take_back(self, now: datetime) -> None:
        """Name it no longer; the block it made goes with it, some days later where it shows already."""
        Block.objects.lift(self.pk, now)
        self.delete()


class Naming(models.Model):
    """That somebody named an address, and when; not which. Forgotten with the first naming a month later."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Naming]] = models.Manager()

    def __str__(self) -> str:
        return f"Naming {ids.show(self.pk)}"

    @classmethod
    def count(cls, by: Account, now: datetime) -> None:
        """Note one more. Raise EnoughNamedLately."""
        mine = cls.objects.filter(account=by)
        mine.filter(at__lte=now - LATELY).delete()
        if mine.count() >= MOST_LATELY:
            raise EnoughNamedLately(ids.show(by.pk))
        cls.objects.create(account=by, at=now)
