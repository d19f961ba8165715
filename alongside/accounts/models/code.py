"""Code: eight digits mailed to an address, which show that whoever types them reads what comes there (S23).

The same mail goes out whether or not somebody here has the address, and nothing about the address is looked up before
the digits are right (V6). Table ``accounts_code`` is UNLOGGED: an address that never joined is in no log and no backup.

How guessing is slowed without locking anybody out: every code's first try is free, and every household's first code an
hour for an address is free. All that is beyond comes from two small pots of the address. Somebody at fifty places gets
some sixty guesses an hour at one in a hundred million; the owner, from a place of her own, still gets a code and a try.
A household is one network of a provider's customer, of IPv6 the first 48 bits. There is no ceiling for an address as a
whole, because by it anybody could lock the owner out.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from alongside import ids
from alongside.accounts import addresses
from alongside.accounts.models.account import Account
from alongside.mail import letters
from alongside.pacing.bucket import Pace, take

LASTS = timedelta(minutes=10)
TRIES = 5
_DIGITS = 8
ASKING = Pace("asking-codes", size=30, per_hour=30)
"""Codes that one household asks for, for whomever."""
FIRST = Pace("first-code", size=1, per_hour=1)
FURTHER = Pace("further-codes", size=4, per_hour=3)
TO_ONE = Pace("codes-to-a-new-address", size=4, per_hour=4)
"""Codes to one address, which whoever wants to be written to there asks for."""
AGAIN = Pace("further-tries", size=4, per_hour=3)


class TooOften(Exception):
    """We are going slowly with this address, or with this household."""


class Code(models.Model):
    """One code. ``purpose`` keeps a code that was asked for one thing from being used for another."""

    class Purpose(models.TextChoices):
        ARRIVE = "arrive", "Come in, or join"
        AGAIN = "again", "Show that it is still you"
        ADDRESS = "address", "Be written to here from now on"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    purpose = models.CharField(max_length=10, choices=Purpose)
    address = models.EmailField()
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    code_hash = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    right_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Code]] = models.Manager()

    def __str__(self) -> str:
        return f"Code {ids.show(self.pk)}"

    @classmethod
    @transaction.atomic
    def mail(cls, purpose: str, address: str, now: datetime, *, household: str, account: Account | None = None) -> Code:
        """Mail a fresh code. Raise TooOften, or what ``letters.send`` raises; then nothing was sent."""
        pot = f"{purpose}|{account.pk if account else addresses.normalised(address)}"
        if not take(ASKING, household, now):
            raise TooOften(purpose)
        if not (take(FIRST, f"{pot}|{household}", now) or take(FURTHER, pot, now)):
            raise TooOften(purpose)
        if purpose == cls.Purpose.ADDRESS and not take(TO_ONE, addresses.normalised(address), now):
            raise TooOften(purpose)
        digits = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        made = cls(purpose=cls.Purpose(purpose), address=address.strip(), account=account, made_at=now)
        made.code_hash = made._hash_of(digits, settings.SECRET_KEY)
        made.save(force_insert=True)
        letters.send(made.address, "code", code=f"{digits[:4]} {digits[4:]}")
        return made

    def _hash_of(self, said: str, key: str | bytes) -> bytes:
        plain = "".join(sign for sign in said if sign.isdecimal())
        return salted_hmac(f"alongside.accounts.code.{self.pk}", plain, secret=key, algorithm="sha256").digest()

    def is_over(self, now: datetime) -> bool:
        """Whether no digits are right any more: used, tried too often, or older than ten minutes."""
        return self.right_at is not None or self.tries >= TRIES or not self.made_at <= now < self.made_at + LASTS

    @transaction.atomic
    def guess(self, said: str, now: datetime) -> bool:
        """Say whether these are the digits; right ones are right once. Raise TooOften."""
        held = Code.objects.select_for_update().filter(pk=self.pk).first()
        if held is None or held.is_over(now):
            return False
        pot = f"{held.purpose}|{held.account_id or addresses.normalised(held.address)}"
        if held.tries and not take(AGAIN, pot, now):
            raise TooOften(held.purpose)
        held.tries += 1
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        is_right = any(constant_time_compare(bytes(held.code_hash), held._hash_of(said, key)) for key in keys)
        held.right_at = now if is_right else None
        held.save(update_fields=["tries", "right_at"])
        self.tries, self.right_at = held.tries, held.right_at
        return is_right

    def still_shows(self, now: datetime) -> bool:
        """Whether right digits were typed not long ago: for an hour they show that the address is theirs."""
        return self.right_at is not None and self.right_at <= now < self.right_at + timedelta(hours=1)


def forget_codes(before: datetime) -> int:
    """Delete codes mailed before a time; return how many."""
    return Code.objects.filter(made_at__lt=before).delete()[0]
