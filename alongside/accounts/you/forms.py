"""What somebody says of themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from alongside.accounts import choices, own_words
from alongside.accounts.own_words import OwnWords
from alongside.accounts.signing.forms import LONGEST_NAME, AddressForm
from alongside.env import LANGUAGES
from alongside.support.countries import names

OWN = "own"
"""The choice that stands for a word of one's own, written beside it."""
_PLAIN = {"autocomplete": "off", "dir": "auto"}


def _line(label: Any, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, required=False, widget=forms.TextInput(attrs=dict(_PLAIN)), **more
    )


def _choice(label: Any, *known: tuple[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=known, required=False, widget=forms.RadioSelect)


_OWN = (OWN, _("My own word, written below"))
_OWN_LABEL = _("My own word for it")


class WordsForm(forms.Form):
    """My words: known choices, and for each a line for a word of one's own."""

    name = _line(_("The name we speak of"), own_words.LONGEST, help_text=_("Or leave it empty."))
    baby = _choice(_("I say"), ("", _("my baby, or nothing in particular")), ("pregnancy", _("my pregnancy")), _OWN)
    baby_own = _line(_OWN_LABEL, own_words.LONGEST)
    pronoun = _choice(
        _("And then"),
        ("", _("none, only the name or the word")),
        ("he", _("he")),
        ("she", _("she")),
        ("they", _("they")),
        _OWN,
    )
    pronoun_own = _line(_OWN_LABEL, own_words.LONGEST)
    me = _choice(
        _("I am"), ("", _("I’d rather not say")), ("mum", _("mum")), ("dad", _("dad")), ("parent", _("a parent")), _OWN
    )
    me_own = _line(_OWN_LABEL, own_words.LONGEST)
    happened = _choice(
        _("What happened"),
        ("", _("died, or I’d rather not say")),
        ("still", _("was born still")),
        ("miscarried", _("was miscarried")),
        ("ended", _("the pregnancy ended")),
        _OWN,
    )
    happened_own = _line(
        _OWN_LABEL, own_words.LONGEST, help_text=_("As it would stand after the name, such as: left us too soon.")
    )

    @classmethod
    def of(cls, said: OwnWords) -> WordsForm:
        """Return the form as it stands for what was said before."""
        initial: dict[str, str] = {"name": said.name}
        for field in ("baby", "pronoun", "me", "happened"):
            value = getattr(said, field)
            known = {key for key, _label in cls.base_fields[field].choices}  # type: ignore[attr-defined]
            initial[field] = value if value in known else OWN
            initial[f"{field}_own"] = "" if value in known else value
        return cls(initial=initial)

    def said(self, before: OwnWords) -> OwnWords:
        """Return what was said; a word of one's own that was left empty is nothing said.

        A word that is written counts without its choice being ticked as well; one that stood there ``before`` does not.
        """
        got = self.cleaned_data

        def word(field: str) -> str:
            own = str(got[f"{field}_own"]).strip()
            return own if got[field] == OWN or own not in {"", getattr(before, field)} else str(got[field])

        return OwnWords(
            name=got["name"].strip(),
            baby=word("baby"),
            pronoun=word("pronoun"),
            me=word("me"),
            happened=word("happened"),
        )


class PhotosForm(forms.Form):
    """Three ways to meet a photograph that may show a baby."""

    use_required_attribute = False

    photos = forms.ChoiceField(
        label=_("Photos that may show a baby"),
        widget=forms.RadioSelect,
        choices=[
            (choices.ASK, _("Folded, and I unfold the ones I’d like to see")),
            (choices.FOLDED, _("Always folded")),
            (choices.OPEN, _("Never folded")),
        ],
        error_messages={"required": _("Choose one of the three")},
    )


class HereForm(forms.Form):
    """How others see me, and where and in which languages I read."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("What we call you here"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs=dict(_PLAIN)),
        error_messages={"required": _("Choose a name, any name, that we can call you by")},
    )
    pronouns = _line(_("A line about your pronouns"), choices.LONGEST, help_text=_("Or leave it empty."))
    country = forms.ChoiceField(label=_("The country whose numbers you see under Help now"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Which languages do you read?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country, languages = self.fields["country"], self.fields["languages"]
        assert isinstance(country, forms.ChoiceField)
        assert isinstance(languages, forms.MultipleChoiceField)
        country.choices = [("", _("As on this device")), *names().items()]
        languages.choices = [(code, LANGUAGES[code]) for code in settings.STORY_LANGUAGES]


class NameAnAddressForm(AddressForm):
    """An address whose owner must never meet me."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Their email address")
        self.fields["email"].widget.attrs["autocomplete"] = "off"


class NewAddressForm(AddressForm):
    """Where to be written to from now on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Your new email address")
