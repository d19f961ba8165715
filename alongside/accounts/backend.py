"""How a session finds its account again. Signing in itself is a screen's work, never a password's."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.backends import BaseBackend

from alongside.accounts.models import Account


class AccountBackend(BaseBackend):
    """Give back the account that a session names, if it is open."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        """No credentials open an account here."""

    def get_user(self, user_id: uuid.UUID) -> Account | None:
        account: Account | None = Account.objects.filter(pk=user_id, closed_at=None).first()
        return account
