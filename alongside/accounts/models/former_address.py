"""FormerAddress: where somebody was written to until lately. For three days it opens the account still, and can be taken back.

So a change that somebody else made, at an unlocked phone, takes no account away from whoever reads the address before.
A change that was made with a key leaves none behind: with the key its owner comes in anyhow, and the mailbox before may be
one that somebody else reads too (T12).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models.functions import Lower

from alongside import ids
from alongside.accounts import addresses
from alongside.accounts.models.account import Account

LASTS = timedelta(hours=72)


class FormerAddressQuerySet(models.QuerySet["FormerAddress"]):
    """Which former addresses."""

    def standing(self, now: datetime) -> FormerAddressQuerySet:
        """Those that still open their account, the newest first."""
        return self.filter(until__gt=now).order_by("-until")


class FormerAddress(models.Model):
    """One address that an account had. Changing twice in a row leaves the first standing."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="former_addresses")
    address = models.EmailField()
    until = models.DateTimeField()

    objects = FormerAddressQuerySet.as_manager()

    def __str__(self) -> str:
        return f"FormerAddress {ids.show(self.pk)}"

    @transaction.atomic
    def take_back(self, now: datetime) -> None:
        """Be written to here again. Raise IntegrityError where another account has the address by now."""
        addresses.hold_still(self.address)
        account = Account.objects.select_for_update(no_key=True).get(pk=self.account_id)
        account.write_to(self.address, now)
        account.former_addresses.filter(until__gte=self.until).delete()


@transaction.atomic
def change_address(account: Account, email: str, now: datetime, *, by_key: bool = False) -> None:
    """Be written to at another address from now on. Raise IntegrityError where another account has it, or NotPlain.

    ``by_key``: it was made with a key, and no address before opens the account any more.
    """
    addresses.hold_still(email)
    before = Account.objects.select_for_update(no_key=True).get(pk=account.pk).email
    account.write_to(email, now)
    if by_key:
        account.former_addresses.all().delete()
        return
    FormerAddress.objects.create(account=account, address=before, until=now + LASTS)


def opened_by(address: str, now: datetime) -> Account | None:
    """Return the account that an address signs in to: the one that has it, else the one that had it three days ago."""
    found: Account | None = Account.objects.written_to(address)
    if found is not None:
        return found
    try:
        said = addresses.written(address).lower()
    except addresses.NotPlain:
        return None
    standing = FormerAddress.objects.standing(now).annotate(lowered=Lower("address")).filter(lowered=said)
    former = standing.select_related("account").first()
    return former.account if former is not None else None


def forget_former_addresses(now: datetime) -> int:
    """Delete those whose three days are over; return how many."""
    return FormerAddress.objects.filter(until__lte=now).delete()[0]
