"""The lines round a chapter, and what begins a further one. Nearly all of it may stay empty."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from alongside.env import LANGUAGES
from alongside.families.circumstances import AGE_DAYS, MOST_KINDS, MOST_THEMES, NOT_SURE, RATHER_NOT, UNSAID, WEEKS
from alongside.families.vocabulary import vocabulary
from alongside.stories.composing.lines import NAMES
from alongside.stories.models import Story
from alongside.stories.otherwise import LONGEST as LONGEST_NAME

LONGEST = 400
"""Characters of a line."""
ROWS = 3
"""Empty rows for further names."""
_DAYS = (0, *range(1, 14), 14, 21, 28, 42, 56, 90, 120, 180, 270, 365)
_UNSAID = [(NOT_SURE, _("I’m not sure")), (RATHER_NOT, _("I’d rather not say"))]
_FOLDS = [
    ("", _("Neither")),
    ("new_pregnancy", _("It speaks of a new pregnancy")),
    ("living_child", _("It speaks of a living child")),
]
_HOPES = [
    ("just_be_heard", _("To be heard")),
    ("did_anyone_else", _("To know whether anyone else has lived this")),
    ("something_practical", _("Something practical: what helped, what to ask")),
    ("no_replies", _("No replies")),
]


def one_line(label: Any, help_text: Any = "") -> forms.CharField:
    """Return a field of one line."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        # No maxlength on the page: a browser would cut off what is pasted, and say nothing.
        validators=[MaxLengthValidator(LONGEST, _("This line is longer than it can be (400 characters)"))],
    )


def folded() -> forms.ChoiceField:
    """Return the field that folds a chapter until a reader opens it (P3)."""
    return forms.ChoiceField(
        label=_("Is there a new pregnancy or a living child in it?"),
        help_text=_("Then readers find this chapter folded, and open it if they like."),
        required=False,
        choices=_FOLDS,
    )


class ChapterForm(forms.Form):
    """What stands round the text of a chapter. Fields are filled from ``lines`` as they were typed."""

    use_required_attribute = False

    title = one_line(
        _("Its name"), _("The name of your baby, or whatever you would like it to be called. It may stay empty.")
    )
    told_by = one_line(_("Who tells it"), _("The name that readers see. It need not be your own."))
    others = one_line(
        _("Who else stands behind it"), _("Names with commas between, if you would like them to be there.")
    )
    line = one_line(_("A line under its name"), _("Such as: born still in March, two years ago."))
    found = one_line(
        _("A sentence for lists"), _("One of yours, by which people find it. Else its first words stand there.")
    )
    date = one_line(_("When this is from"), _("In your own words: that spring, two years on."))
    fold = folded()
    language = forms.ChoiceField(label=_("The language it is written in"))
    kinds = forms.MultipleChoiceField(label=_("What happened?"), required=False, widget=forms.CheckboxSelectMultiple)
    weeks = forms.ChoiceField(label=_("How far along?"), required=False)
    since = forms.ChoiceField(label=_("How long ago?"), required=False)
    age = forms.ChoiceField(label=_("How long was the time after birth, if there was some?"), required=False)
    relation = forms.ChoiceField(label=_("Who are you to the baby?"), required=False)
    themes = forms.MultipleChoiceField(
        label=_("What else is part of it?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    notes = forms.MultipleChoiceField(
        label=_("What is inside"),
        help_text=_("Stands above it as “Inside: …”. Some people choose not to meet some of this."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    hopes = forms.ChoiceField(label=_("What do you hope for?"), widget=forms.RadioSelect, choices=_HOPES)
    search_engines = forms.BooleanField(
        label=_("Search engines may list it. Only if every parent says yes"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said, language = vocabulary(), get_language() or "en"
        entries = {part: [(one.id, said.label(one.id, language)) for one in said.offered(part)] for part in _OFFERED}
        self._offer("kinds", [*_UNSAID, *entries["kinds"]])
        self._offer("relation", [*_UNSAID, *entries["relations"]])
        self._offer("themes", entries["themes"])
        self._offer("notes", [(note, said.label(note, language)) for note in said.notes])
        self._offer("since", [*_UNSAID, *((band.id, said.label(band.id, language)) for band in said.time_since)])
        self._offer("weeks", [*_UNSAID, *((str(week), _in_weeks(week)) for week in WEEKS)])
        self._offer("age", [*_UNSAID, *((str(days), _in_days(days)) for days in self._days())])
        self._offer("language", [(code, LANGUAGES[code]) for code in settings.STORY_LANGUAGES])
        for real, read in NAMES:
            self.fields[real], self.fields[read] = one_line(_("A name or a place")), one_line(_("Others read"))

    def _offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def _days(self) -> list[int]:
        """Return the lengths of a life that are offered, the one that was said among them."""
        said = str(self.data.get("age") if self.is_bound else self.initial.get("age") or "")
        more = {int(said)} if said.isascii() and said.isdigit() and len(said) < 5 else set()
        return sorted({*_DAYS, *(days for days in more if days in AGE_DAYS)})

    def names(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the rows of names that stand on the page: those with something in them, and a few more."""
        rows = [(self[real], self[read]) for real, read in NAMES]
        last = max((at for at, row in enumerate(rows, 1) if any(field.value() for field in row)), default=0)
        return rows[: last + ROWS]

    def has_names(self) -> bool:
        """Whether there is a name that others read otherwise."""
        return any(field.value() for row in self.names() for field in row)

    def leave_language(self, story: Story) -> None:
        """Refuse another language while readers have the story: nobody changes that alone (C2)."""
        if story.stands_open and self.data.get("language", story.language) != story.language:
            self.add_error("language", _("The story stands open in this language; take it back first to change it"))

    def clean_kinds(self) -> list[str]:
        """Take a few at most."""
        kinds = [kind for kind in self.cleaned_data["kinds"] if kind not in UNSAID]
        if len(kinds) > MOST_KINDS:
            raise forms.ValidationError(_("Up to eight of these can stand with a story"))
        return kinds

    def clean_themes(self) -> list[str]:
        """Take as many as can stand with a story."""
        themes: list[str] = self.cleaned_data["themes"]
        if len(themes) > MOST_THEMES:
            raise forms.ValidationError(_("Up to forty of these can stand with a story"))
        return themes

    def clean_others(self) -> list[str]:
        """Read names with commas between."""
        return [name.strip() for name in self.cleaned_data["others"].split(",") if name.strip()]

    def clean_told_by(self) -> str:
        """A story is somebody's."""
        name: str = self.cleaned_data["told_by"].strip()
        if not name:
            raise forms.ValidationError(_("We need a name to say who tells it; any name will do"))
        return name

    def clean(self) -> dict[str, Any]:
        """Read the names in their pairs: both sides, or neither."""
        said = super().clean() or self.cleaned_data
        said["names"] = {}
        for real, read in NAMES:
            name, other = said.get(real, "").strip(), said.get(read, "").strip()
            if not name and not other:
                continue
            if not name or not other:
                self.add_error(real if other else read, _("Both are needed: the name, and what others read for it"))
            elif max(len(name), len(other)) > LONGEST_NAME:
                self.add_error(real, _("A name can have up to 120 characters"))
            else:
                said["names"][name] = other
        return said


_OFFERED = ("kinds", "relations", "themes")


class FurtherForm(forms.Form):
    """A further chapter: its name, when it is from, whether it is folded. ``id`` makes a second sending find the first."""

    use_required_attribute = False

    id = forms.CharField(widget=forms.HiddenInput, required=False)
    title = one_line(_("Its name"), _("Such as: two years on. It may stay empty."))
    date = one_line(_("When this is from"), _("In your own words."))
    fold = folded()
    notes = forms.MultipleChoiceField(label=_("What is inside"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        notes = self.fields["notes"]
        assert isinstance(notes, forms.MultipleChoiceField)
        notes.choices = [(note, vocabulary().label(note, get_language() or "en")) for note in vocabulary().notes]


def _in_weeks(weeks: int) -> str:
    if weeks == 0:
        return str(_("Less than a week"))
    return ngettext("%(count)s week", "%(count)s weeks", weeks) % {"count": weeks}


def _in_days(days: int) -> str:
    if days == 0:
        return str(_("Less than a day"))
    if days >= 14 and days % 7 == 0:
        return _in_weeks(days // 7)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
