"""What parents choose: who a story is for, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict  # noqa: TID251 - what a form is filled from
from django.utils.translation import gettext_lazy as _

from alongside import ids
from alongside.stories.models import Consent, Revision
from alongside.visibility.audience import Audience

LONGEST_NOTE = 2_000
NEEDS_THEIR_YES = _(
    "Something in it is from somebody who doesn’t hold the box any more. It needs their own yes, which can’t be asked for "
    "here yet; take it out, and ask again."
)


def offered() -> list[Audience]:
    """Return for whom a story can be meant here.

    Strangers come only with people who read first words before others do (M1): until hosts have their queue, nobody
    outside of a demonstration can be offered them.
    """
    return [one for one in Audience if settings.DEMO or not one.reaches_strangers]


class ShareForm(forms.Form):
    """Who it is for, with a word to the other parents; ``shown`` are the revisions that were on the page (C1)."""

    use_required_attribute = False
    audience = forms.ChoiceField(
        label=_("Who is this for?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who it is for; nothing happens until you do")},
    )
    note = forms.CharField(
        label=_("Something to say with it, if you like"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={"max_length": _("That is longer than fits here; two thousand characters do")},
    )
    shown = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, newest: Sequence[Revision], *args: Any, **kwargs: Any) -> None:
        """``newest`` is what the page shows: the newest revision of each chapter."""
        super().__init__(*args, **kwargs)
        self._newest = [one.pk for one in newest]
        self.fields["shown"].initial = self._shown_now()
        field = self.fields["audience"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.value, one.label) for one in offered()]

    def _shown_now(self) -> str:
        return " ".join(ids.show(one) for one in self._newest)

    def look_again(self) -> None:
        """Say that the story was changed while the page was open, and let the page stand for how it is now."""
        self.data = {**self.data.dict(), "shown": self._shown_now()} if isinstance(self.data, QueryDict) else self.data
        self.add_error(None, _("It was changed while this page was open. Look at it once more before you share it."))

    def clean_audience(self) -> Audience:
        return Audience(self.cleaned_data["audience"])

    def clean(self) -> dict[str, Any]:
        """Take a yes only to what the page shows now."""
        said = super().clean() or self.cleaned_data
        try:
            said["shown"] = [ids.read(one) for one in said.get("shown", "").split()]
        except ValueError:
            said["shown"] = []
        if set(said["shown"]) != set(self._newest):
            self.look_again()
        return said


class AnswerForm(forms.Form):
    """One of the four answers (C4); ``photo`` names the photographs that are left out."""

    answer = forms.ChoiceField(choices=Consent.Answer.choices)
    photo = forms.MultipleChoiceField(required=False)

    def __init__(self, photos: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["photo"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = photos

    def is_a_yes(self) -> bool:
        """Whether more people may read something by this answer."""
        return self.cleaned_data["answer"] in {Consent.Answer.YES, Consent.Answer.WITHOUT_PHOTO}

    def left_out(self) -> list[str]:
        """Return the keys of the photographs that are left out: those that were chosen, or else all of them."""
        field = self.fields["photo"]
        assert isinstance(field, forms.MultipleChoiceField)
        return self.cleaned_data["photo"] or [key for key, _label in field.choices]  # type: ignore[misc,union-attr]
