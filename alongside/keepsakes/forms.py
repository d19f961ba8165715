"""What a parent says of a box: of whom it is, its colour, its name. All of it may stay empty."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside import ids
from alongside.keepsakes.models import BabyTold, Cloth

LONGEST_NAME = 120
ROWS = 4
_COLOURS = [
    (Cloth.SLATE, _("Slate")),
    (Cloth.SAGE, _("Sage")),
    (Cloth.FLAX, _("Flax")),
    (Cloth.HEATHER, _("Heather")),
    (Cloth.CLAY, _("Clay")),
]


class PlaceForm(forms.Form):
    """A new box: up to four babies, named or not, and a colour. ``id`` makes a second sending find the first."""

    use_required_attribute = False

    id = forms.CharField(widget=forms.HiddenInput, required=False)
    cloth = forms.ChoiceField(
        label=_("A colour for the box"),
        widget=forms.RadioSelect,
        choices=_COLOURS,
        error_messages={"required": _("Choose one of the colours")},
    )

    def __init__(self, *args: Any, babies: Sequence[BabyTold] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        # The first line never asks whether that baby lives.
        died, living = [one for one in babies if not one.lives], [one for one in babies if one.lives]
        told = [*(died or [BabyTold()]), *living]
        for row in range(ROWS):
            one = told[row] if row < len(told) else BabyTold()
            label = _("Another name") if row else _("A name, if there is one")
            self.fields[f"name_{row}"] = _line(label, one.name)
            if row:
                unnamed = row < len(told) and not one.name
                self.fields[f"unnamed_{row}"] = forms.BooleanField(
                    label=_("Without a name"), required=False, initial=unnamed
                )
                self.fields[f"lives_{row}"] = forms.BooleanField(label=_("Lives"), required=False, initial=one.lives)

    @property
    def has_more(self) -> bool:
        """Whether there is more than one already, so that their lines stand open."""
        return any(field.value() for row in self.rows() for field in row)

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """Return the further names, each with whether there is none, and whether that baby lives."""
        return [(self[f"name_{row}"], self[f"unnamed_{row}"], self[f"lives_{row}"]) for row in range(1, ROWS)]

    def clean(self) -> dict[str, Any]:
        """Read the id that the page chose."""
        said = super().clean() or self.cleaned_data
        try:
            said["id"] = ids.read(said.get("id", ""))
        except ValueError:
            raise forms.ValidationError(_("This page was changed on its way. Open it again")) from None
        return said

    def babies(self) -> list[BabyTold]:
        """Return of whom the box is, in the order of the lines; nobody when all of them were left empty.

        Where there is another, the first line is somebody too, named or not: whom the box was made for.
        """
        said = self.cleaned_data
        others = [
            BabyTold(said[f"name_{row}"].strip(), said[f"lives_{row}"])
            for row in range(1, ROWS)
            if said[f"name_{row}"].strip() or said[f"lives_{row}"] or said[f"unnamed_{row}"]
        ]
        first = BabyTold(said["name_0"].strip())
        return [first, *others] if first.name or others else []


class BoxForm(PlaceForm):
    """The same of a box that is there, and how it is called. ``mark``: of what stood there when the page was made."""

    mark = forms.CharField(widget=forms.HiddenInput, required=False)

    called = forms.CharField(
        label=_("Whose box it is called"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("One name, or several, or none: then it is called “Your box”."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    def names(self) -> set[str]:
        """Return every name that it says."""
        return {self.cleaned_data["called"].strip(), *(one.name for one in self.babies())}

    def look_again(self, mark: str, names: Collection[str]) -> None:
        """Say that something else stands there by now; what was typed stays, and is kept when it is sent once more."""
        said = _(
            "This was changed in another place while the page was open. These names stand there now: %(names)s. What you typed is below."
        )
        none = _(
            "This was changed in another place while the page was open. No name stands there now. What you typed is below."
        )
        self.add_error(None, said % {"names": ", ".join(sorted(names))} if names else none)
        self.data = {name: self.data[name] for name in self.data} | {"mark": mark}


def _line(label: Any, initial: str) -> forms.CharField:
    attributes = {"autocomplete": "off", "dir": "auto"}
    widget = forms.TextInput(attrs=attributes)
    return forms.CharField(label=label, required=False, max_length=LONGEST_NAME, initial=initial, widget=widget)
