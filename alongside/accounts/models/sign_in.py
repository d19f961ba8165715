"""SignIn: one device that somebody is signed in on, so that they can see it and end it (S24).

No network address is kept, and not when it was last used: since when, and what kind of device it said to be.
"""

from __future__ import annotations

import re
import uuid
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import models, transaction

from alongside import ids
from alongside.accounts.models.account import Account
from alongside.accounts.sessions import kept_as
from alongside.vault.fields import SealedField, SealedText

_BROWSERS = (
    ("Firefox", "Firefox|FxiOS"),
    ("Edge", "Edg"),
    ("Opera", "OPR"),
    ("Chrome", "Chrome|CriOS"),
    ("Safari", "Safari"),
)
_DEVICES = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac", "Macintosh"),
    ("Linux", "Linux|X11"),
)


def device_of(user_agent: str) -> str:
    """Return "Firefox, Android" of what a browser says of itself: coarse, and nothing else of it is kept."""
    found = [
        next((name for name, sign in names if re.search(sign, user_agent[:400])), "") for names in (_BROWSERS, _DEVICES)
    ]
    return ", ".join(name for name in found if name)


class SignInQuerySet(models.QuerySet["SignIn"]):
    """Which sign-ins."""

    def alive(self, now: datetime) -> SignInQuerySet:
        """Those whose session can still be used."""
        return self.filter(session__in=Session.objects.filter(expire_date__gt=now).values("session_key"))

    def but(self, session: SessionBase) -> SignInQuerySet:
        """All but the one of this session."""
        return self.exclude(session=kept_as(session.session_key))

    @transaction.atomic
    def end(self) -> None:
        """Sign these out: their next request is a guest's."""
        Session.objects.filter(session_key__in=list(self.values_list("session", flat=True))).delete()
        self.delete()


class SignIn(models.Model):
    """A session of an account, by the digest of its key: the key itself is the browser's alone."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="sign_ins")
    session = models.CharField(max_length=40, unique=True)
    since = models.DateTimeField()
    device_sealed = SealedField()

    device = SealedText("device_sealed")

    objects = SignInQuerySet.as_manager()

    def __str__(self) -> str:
        return f"SignIn {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.account.vault, None

    @classmethod
    def begin(cls, account: Account, session: str, user_agent: str, now: datetime) -> SignIn:
        """Note that somebody signed in on a device."""
        kept = kept_as(session)
        cls.objects.filter(session=kept).delete()
        begun = cls(account=account, session=kept, since=now)
        begun.device = device_of(user_agent)
        begun.save(force_insert=True)
        return begun

    @classmethod
    def renew(cls, session: SessionBase) -> None:
        """Give a session another key, so that whoever has copied the one before has nothing."""
        before = session.session_key
        session.cycle_key()
        cls.objects.filter(session=kept_as(before)).update(session=kept_as(session.session_key))


def forget_sign_ins(now: datetime) -> int:
    """Delete sign-ins whose session is over, and sessions that have run out; return how many of the first."""
    Session.objects.filter(expire_date__lt=now).delete()
    return SignIn.objects.exclude(session__in=Session.objects.values("session_key")).delete()[0]
