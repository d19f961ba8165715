"""What a seeker gives: a sentence, a few choices, or words to search for. Each can be left empty, kindly."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alongside.families.circumstances import NOT_SURE, RATHER_NOT
from alongside.families.vocabulary import vocabulary

LONGEST_SENTENCE = 20_000


class SentenceForm(forms.Form):
    """What happened, in a few words, or in many."""

    sentence = forms.CharField(
        label=_("What happened, in a few words?"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "dir": "auto", "spellcheck": "true"}),
        error_messages={"required": _("There's nothing here yet. Even one word is enough")},
    )

    def clean_sentence(self) -> str:
        """Take what was typed, as it was typed; compare no more than the first 20,000 characters."""
        return str(self.cleaned_data["sentence"])[:LONGEST_SENTENCE]


class WordsForm(forms.Form):
    """Words that stand in a story. What is missing or too long is said by the page, which keeps what was typed."""

    use_required_attribute = False

    words = forms.CharField(
        label=_("Which words should a story hold?"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        validators=[MaxLengthValidator(300, _("A few words are enough here; up to 300 characters"))],
        error_messages={"required": _("There's nothing here yet. Even one word is enough")},
    )


class ChooseForm(forms.Form):
    """How far along, what happened, how long ago, who I am; "I'm not sure" is an answer."""

    far_along = forms.ChoiceField(label=_("How far along?"), required=False)
    kind = forms.ChoiceField(label=_("What happened?"), required=False)
    how_long_ago = forms.ChoiceField(label=_("How long ago?"), required=False)
    who = forms.ChoiceField(label=_("Who are you to the baby?"), required=False)
    themes = forms.MultipleChoiceField(
        label=_("What else is part of it?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = vocabulary()
        language = get_language() or "en"
        self._offer(
            "kind", [(entry.id, said.label(entry.id, language)) for entry in said.kinds.values() if entry.enabled]
        )
        self._offer(
            "who", [(entry.id, said.label(entry.id, language)) for entry in said.relations.values() if entry.enabled]
        )
        self._offer("far_along", [(band.id, said.label(band.id, language)) for band in said.how_far])
        self._offer("how_long_ago", [(band.id, said.label(band.id, language)) for band in said.time_since])
        themes = self.fields["themes"]
        assert isinstance(themes, forms.MultipleChoiceField)
        themes.choices = [
            (entry.id, said.label(entry.id, language))
            for entry in said.themes.values()
            if entry.enabled and not entry.opt_in
        ]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(NOT_SURE, _("I'm not sure")), (RATHER_NOT, _("I'd rather not say")), *choices]
        field.initial = NOT_SURE
