"""Setting up an authenticator, and showing that it is still oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import check_rate_limit, post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth as passkeys
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alongside.accounts.keys import tries
from alongside.accounts.models import Account
from alongside.pacing.bucket import household

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 - for the type alone


class AuthenticatorForm(forms.Form):
    """The six digits that an authenticator shows for ``secret``."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("The six digits it shows now"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": _("Type the six digits that the authenticator shows")},
    )

    def __init__(self, *args: Any, account: Account, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account, self.secret = account, secret

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        clear = check_rate_limit(self.account, error_key="rate_limited")
        if not validate_totp_code(self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        clear()
        return code


class KeyForm(forms.Form):
    """The six digits of an authenticator, or a recovery code: at signing in, and to show that it is still them."""

    code = forms.CharField(max_length=40)

    def __init__(self, *args: Any, user: Account, request: HttpRequest, again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.request, self.again = user, request, again

    def clean_code(self) -> str:
        """Return the code, once it was found to be right; each try counts."""
        code: str = self.cleaned_data["code"]
        now, kind = timezone.now(), tries.kind_of(code)
        if not tries.may_try(self.request.session, self.user, household(self.request), now):
            raise forms.ValidationError(
                _("We’re going slowly with this. Sign in again with another mailed code; its first try always counts.")
            )
        if kind == Authenticator.Type.TOTP and not tries.may_try_six_digits(self.user, now):
            raise forms.ValidationError(
                _(
                    "We’re going slowly with six digits. A recovery code or a passkey opens this now; they do again later."
                )
            )
        for held in Authenticator.objects.filter(user=self.user, type=kind):
            if held.wrap().validate_code(code):
                self.held = held
                return code
        raise get_adapter().validation_error("incorrect_code")

    def save(self) -> None:
        """Note that it was used."""
        post_authentication(self.request, self.held, reauthenticated=self.again)


class PasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey of somebody we know. It cannot be guessed: there is no limit to lock its owner out with."""

    def __init__(self, *args: Any, again: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reauthenticated = again

    def clean_credential(self) -> Authenticator:
        """Return the passkey."""
        credential = self.cleaned_data["credential"]
        passkeys.parse_authentication_response(credential)
        return passkeys.complete_authentication(self.user, credential)
