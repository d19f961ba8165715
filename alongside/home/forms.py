"""What a reader chooses for this browser."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LANGUAGES = {"en": "English", "es": "Español", "fr": "Français", "de": "Deutsch", "it": "Italiano"}
"""Languages that stories are told in, by code, each in its own name."""


class LookForm(forms.Form):
    """Light, dark, or as the device says."""

    look = forms.ChoiceField(
        label=_("How should it look?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", _("As this device is set")), ("light", _("Light")), ("dark", _("Dark"))],
    )


class LanguagesForm(forms.Form):
    """Languages the reader reads; none chosen means every language."""

    languages = forms.MultipleChoiceField(
        label=_("Which languages do you read?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=list(LANGUAGES.items()),
    )
