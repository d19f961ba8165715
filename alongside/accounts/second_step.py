"""The second step of signing in with a mailed code: for who has set up an authenticator.

Passkeys alone ask for none: to an ordinary account they are a quicker way in, and a lost one must not shut its owner
out. What a host may do needs a key all the same (``fresh.is_keyed``), and who lacks one comes in as anyone else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 - for the type alone


class SecondStep(AuthenticateStage):  # type: ignore[misc]
    """Ask for an authenticator code, a recovery code or a passkey."""

    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        return (
            user is not None
            and is_mfa_enabled(user, [Authenticator.Type.TOTP])
            and not did_use_passwordless_login(request, user)
        )
