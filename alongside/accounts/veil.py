"""How somebody meets photographs that may show a baby: each one asked about, always folded, or open (P1)."""

from __future__ import annotations

from alongside.accounts.choices import ASK
from alongside.accounts.models import Account, Profile


def chosen_by(account: Account | None) -> str:
    """Return what this account chose; a guest is asked each time."""
    if account is None:
        return ASK
    profile = Profile.objects.select_related("account").filter(account=account).first()
    return profile.choices.photos if profile else ASK
