"""Setting up an authenticator, and showing that it is still oneself."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.totp.internal.auth import validate_totp_code
from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.accounts.models import Account


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
