"""Welcome: a host's invitation to join, a link and a code sent apart, for one person and some days."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from alongside import ids
from alongside.accounts.models.account import Account

LASTS = timedelta(days=14)
TRIES = 20
"""Wrong codes after which a welcome is over; only who has the link can try."""
_DIGITS = 8


class WelcomeQuerySet(models.QuerySet["Welcome"]):
    """Which welcomes."""

    def open(self, now: datetime) -> WelcomeQuerySet:
        """Those somebody can still join with."""
        return self.filter(used_at=None, until__gt=now, tries__lt=TRIES)


class Welcome(models.Model):
    """The link is the row's id; of the code only a keyed hash is kept."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    made_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    code_hash = models.BinaryField(max_length=32)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Welcome]] = WelcomeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Welcome {ids.show(self.pk)}"

    @classmethod
    def make(cls, by: Account, now: datetime) -> tuple[Welcome, str]:
        """Make one; return it with its code, which is shown this once."""
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        made = cls(made_by=by, made_at=now, until=now + LASTS)
        made.code_hash = made._hash_of(code, settings.SECRET_KEY)
        made.save(force_insert=True)
        return made, f"{code[:4]} {code[4:]}"

    def _hash_of(self, code: str, key: str | bytes) -> bytes:
        plain = "".join(sign for sign in code if sign.isdigit())
        return salted_hmac(f"alongside.welcome.{self.pk}", plain, secret=key, algorithm="sha256").digest()

    @transaction.atomic
    def opens_with(self, code: str, now: datetime) -> bool:
        """Say whether the code is this link's; a wrong one counts."""
        held = (
            Welcome.objects.select_for_update().filter(pk=self.pk, used_at=None, until__gt=now, tries__lt=TRIES).first()
        )
        if held is None:
            return False
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        if any(constant_time_compare(bytes(held.code_hash), held._hash_of(code, key)) for key in keys):
            return True
        held.tries += 1
        held.save(update_fields=["tries"])
        return False

    def use(self, now: datetime) -> bool:
        """Use it up; False when somebody was faster, or it has run out."""
        return bool(Welcome.objects.filter(pk=self.pk, used_at=None, until__gt=now).update(used_at=now))
