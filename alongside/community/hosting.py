"""Who looks after the place, as the command line says it: added, removed and listed in words."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from alongside.accounts import hosts
from alongside.accounts.addresses import NotPlain, written
from alongside.accounts.models import Account
from alongside.env import BadSetting

NAME_UNTIL_CHOSEN = "A host"


def add(email: str, *, steward: bool, now: datetime) -> list[str]:
    """Make ``email`` a host, with ``steward`` a steward too; return what to print. Raise BadSetting.

    Whoever has no account gets one, so that a place that takes invitations only has somebody to invite.
    """
    email = _address(email)
    with transaction.atomic():
        known = Account.objects.written_to(email)
        if known is not None and known.closed_at:
            raise BadSetting("this address has an account that was closed; take another address")
        if known is None:
            Account.objects.join(email, name=NAME_UNTIL_CHOSEN, now=now)
        is_keyed = hosts.add(email, steward=steward, now=now)
    said = [f"{email} is {'a host and a steward' if steward else 'a host'} now."]
    if known is None:
        said += [
            "They sign in at /sign-in/ with a code sent to that address and add a second factor.",
            f"Their name here is “{NAME_UNTIL_CHOSEN}” until they choose one at /you/here/.",
        ]
    elif not is_keyed:
        said.append("They sign in as before, and add a second factor at /you/keys/.")
    if not settings.MAIL_READY:
        said.append("No code can reach them yet: set EMAIL_URL first.")
    return said


def remove(email: str) -> list[str]:
    """Make ``email`` neither host nor steward; their account stays. Return what to print. Raise BadSetting."""
    email = _address(email)
    known = Account.objects.written_to(email)
    if known is None or not _tending().filter(pk=known.pk).exists():
        raise BadSetting(f"{email} is neither host nor steward; bin/alongside host list says who is")
    hosts.remove(email)
    said = [f"{email} is no host any more. Their account stays as it is."]
    if Account.objects.filter(steward_since__isnull=False, closed_at=None).exists():
        return said
    return [*said, "Nobody is a steward now: bin/alongside host add EMAIL --steward"]


def listed() -> list[str]:
    """Return a line for each host and steward, the first one first."""
    keyed = set(Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).values_list("user", flat=True))
    lines = []
    for account in _tending().order_by("created_at", "pk"):
        what = " and ".join(
            f"{word} since {since.date()}"
            for word, since in (("host", account.host_since), ("steward", account.steward_since))
            if since
        )
        lines.append(f"{account.email}: {what}{'' if account.pk in keyed else '; no second factor yet'}")
    return lines or ["Nobody yet: bin/alongside host add EMAIL --steward"]


def _tending() -> QuerySet[Account]:
    return Account.objects.filter(Q(host_since__isnull=False) | Q(steward_since__isnull=False), closed_at=None)


def _address(email: str) -> str:
    try:
        return written(email)
    except NotPlain:
        raise BadSetting("that is no e-mail address; it looks like ruth@example.org") from None
