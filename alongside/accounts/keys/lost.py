"""A lost passkey, where nothing but a mailed code is left: it goes three days after that was asked for.

Until then any use of it keeps it. So neither does a lost phone shut anybody out, nor does whoever reads somebody's mail
get past a passkey that is in use.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from django.db import transaction

from alongside.accounts.models import Account

WAITS = timedelta(hours=72)
_ASKED = "asked_to_be_removed"


def ask(held: Authenticator, now: datetime) -> bool:
    """Note that this passkey is lost; return False where that was said already, and changes nothing."""
    if asked_at(held) is not None:
        return False
    held.data[_ASKED] = now.isoformat()
    held.save(update_fields=["data"])
    return True


def asked_at(held: Authenticator) -> datetime | None:
    """Return when it was said to be lost; None where it was not, or has been used since."""
    said = held.data.get(_ASKED)
    at = datetime.fromisoformat(said) if said else None
    return None if at is None or (held.last_used_at is not None and held.last_used_at >= at) else at


def goes_at(held: Authenticator) -> datetime | None:
    """Return when it goes, where it was said to be lost."""
    at = asked_at(held)
    return at + WAITS if at is not None else None


@transaction.atomic
def take_away(account: Account, now: datetime) -> bool:
    """Take lost passkeys away whose three days are over; say whether there were any."""
    held = Authenticator.objects.select_for_update().filter(user=account, type=Authenticator.Type.WEBAUTHN)
    gone = [one for one in held if (at := goes_at(one)) is not None and at <= now]
    for one in gone:
        one.delete()
    if gone:
        delete_dangling_recovery_codes(account)
    return bool(gone)
