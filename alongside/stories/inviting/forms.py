"""What is asked of a parent who names somebody; the code that somebody types."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alongside.families.forms import LONGEST_NAME
from alongside.families.forms import CodeForm as CodeForm

_UNTIL = {"month": timedelta(days=30), "year": timedelta(days=365), "open": None}


class NameForm(forms.Form):
    """Who may read it, and until when."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("What do you call them?"),
        help_text=_("Only those who hold the box see this name. One person for each link."),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "auto"}),
        error_messages={
            "required": _("A name, so that everyone who holds the box knows who it is"),
            "max_length": _("A shorter name is enough here; up to 60 characters"),
        },
    )
    until = forms.ChoiceField(
        label=_("Until when may they read it?"),
        choices=[("month", _("For a month")), ("year", _("For a year")), ("open", _("Until one of you takes it back"))],
        widget=forms.RadioSelect,
        initial="year",
        error_messages={"required": _("Choose until when")},
    )
    page_from = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def clean_page_from(self) -> Any:
        """Take a page whose time is missing or strange for one that was made now."""
        return self.cleaned_data["page_from"] or timezone.now()

    def expires_at(self, now: datetime) -> datetime | None:
        """Return when the link runs out; None for never."""
        lasts = _UNTIL[self.cleaned_data["until"]]
        return now + lasts if lasts else None
