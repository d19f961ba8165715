"""How a photograph is turned and what is cut away from it: buttons and four short lists, without script too."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from alongside.media.renditions import WHOLE, Crop

_STEPS = [(step, _("nothing") if not step else f"{step} %") for step in range(0, 50, 5)]
_TURNS = {"right": 1, "left": 3, "over": 2}


def _edge(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=_STEPS, coerce=int, required=False, empty_value=None)


class ShapeForm(forms.Form):
    """What is cut away at each edge, in hundredths of the whole; and, by the button pressed, a quarter turn."""

    use_required_attribute = False

    left = _edge(_("Left"))
    top = _edge(_("Top"))
    right = _edge(_("Right"))
    bottom = _edge(_("Bottom"))

    @staticmethod
    def of(crop: Crop | None) -> dict[str, int]:
        """Return what the lists stand at."""
        left, top, right, bottom = crop or WHOLE
        return {
            "left": round(left * 100),
            "top": round(top * 100),
            "right": round((1 - right) * 100),
            "bottom": round((1 - bottom) * 100),
        }

    def turned(self) -> int:
        """Return the quarter turns clockwise that the pressed button asks for."""
        return _TURNS.get(str(self.data.get("turn", "")), 0)

    def crop(self) -> Crop | None:
        """Return what is left of the picture, after turning; None for all of it."""
        cut = {edge: (self.cleaned_data[edge] or 0) / 100 for edge in ("left", "top", "right", "bottom")}
        if self.turned():
            # The edges of the picture move with it.
            order = ["left", "top", "right", "bottom"]
            moved = {edge: cut[order[(place - self.turned()) % 4]] for place, edge in enumerate(order)}
            cut = moved
        if not any(cut.values()):
            return None
        return Crop(cut["left"], cut["top"], 1 - cut["right"], 1 - cut["bottom"])
