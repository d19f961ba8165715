"""What is asked of somebody who comes in."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from alongside.accounts.addresses import NotPlain, written

LONGEST_NAME = 60
_NEEDS_AT = _("We need an @ in the address to be able to write to you")


class AddressForm(forms.Form):
    """Where a code goes."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": _NEEDS_AT, "invalid": _NEEDS_AT},
    )

    def clean_email(self) -> str:
        """Return the address as it is written to; look-alikes of other letters are none."""
        try:
            return written(self.cleaned_data["email"])
        except NotPlain:
            raise forms.ValidationError(_("We can write to addresses in plain letters (a to z) before the @")) from None


class CodeForm(forms.Form):
    """The digits from the mail, or from wherever the code came."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("The code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        error_messages={"required": _("Type the code, and we can go on")},
    )


class AboutYouForm(forms.Form):
    """The chosen name, the age, and the yes to keeping."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("What shall we call you here?"),
        help_text=_("A first name, or any name you like. Others here see it. It need not be your legal one."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Choose a name, any name, that we can call you by")},
    )
    old_enough = forms.BooleanField(error_messages={"required": ""})
    keeping = forms.BooleanField(required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        age = {"age": settings.AGE}
        self.fields["old_enough"].label = _("I am %(age)s or older") % age
        self.fields["old_enough"].error_messages["required"] = (
            _("Joining is for people who are %(age)s or older. Help now has people to talk to at any age") % age
        )
        self.fields["keeping"].label = _("Yes, keep what I write here")
