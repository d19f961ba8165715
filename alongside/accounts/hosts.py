"""Who is a host, and who a steward: said on the command line, by who runs the machine, and nowhere else."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from alongside.accounts.models import Account


class NobodyThere(Exception):
    """No account has this address; its owner joins first."""


def add(email: str, *, steward: bool, now: datetime) -> bool:
    """Make somebody a host, or a steward too; return whether they have a key already. Raise NobodyThere.

    Their own pages open at once; hosts' pages open when they have used a key (S22).
    """
    account = _of(email)
    account.host_since = account.host_since or now
    if steward:
        account.steward_since = account.steward_since or now
    account.admitted_at = account.admitted_at or now
    account.save(update_fields=["host_since", "steward_since", "admitted_at"])
    return bool(Authenticator.objects.filter(user=account).exists())


def remove(email: str) -> None:
    """Let somebody be a host and a steward no more, from their next request on. Raise NobodyThere."""
    account = _of(email)
    account.host_since = account.steward_since = None
    account.save(update_fields=["host_since", "steward_since"])


@transaction.atomic
def forget_keys(email: str) -> int:
    """Take all keys of somebody away who has lost every one, and sign them out; return how many. Raise NobodyThere.

    For who runs the machine, once they know whom they are talking to: after this a mailed code alone opens the account.
    """
    account = _of(email)
    gone, _each = Authenticator.objects.filter(user=account).delete()
    account.end_sessions()
    return int(gone)


def _of(email: str) -> Account:
    account = Account.objects.written_to(email)
    if account is None or account.closed_at:
        raise NobodyThere
    return account
