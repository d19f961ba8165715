"""What a reader chooses for this browser."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from alongside.env import LANGUAGES


def _told_here() -> list[tuple[str, str]]:
    return [(code, LANGUAGES[code]) for code in settings.STORY_LANGUAGES]


class LookForm(forms.Form):
    """Light, dark, or as the device says."""

    look = forms.ChoiceField(
        label=_("How should it look?"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("", _("As this device is set")), ("light", _("Light")), ("dark", _("Dark"))],
    )


class LanguagesForm(forms.Form):
    """Languages the reader reads, of those that stories are told in here; none chosen means every language."""

    languages = forms.MultipleChoiceField(
        label=_("Which languages do you read?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=_told_here,
    )
