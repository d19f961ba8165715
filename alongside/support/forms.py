"""The form in which a reader says which country to show people for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.support.countries import names
from alongside.support.entry import EVERYWHERE
from alongside.support.listing import listing


class CountryForm(forms.Form):
    """One choice of all countries, those with people of their own first."""

    country = forms.ChoiceField(label=_("Country"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        listed = {entry.country for entry in listing().entries if entry.scope != "emergency"} - {EVERYWHERE}
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (_("Countries with numbers here"), [row for row in names().items() if row[0] in listed]),
            (_("Every other country"), [row for row in names().items() if row[0] not in listed]),
        ]
