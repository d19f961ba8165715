"""What is asked of somebody who invites, who comes in, and who leaves."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alongside import ids
from alongside.families.models import Invitation

LONGEST_NAME = 60
_TYPED = {"autocomplete": "off", "spellcheck": "false"}


class InviteForm(forms.Form):
    """Whom to invite, and how she calls them."""

    use_required_attribute = False

    role = forms.ChoiceField(
        label=_("Whom would you like to invite?"),
        choices=[
            (Invitation.Role.PARENT, _("Another parent, to hold the box with you")),
            (Invitation.Role.RELATIVE, _("A relative or friend, to look at what you show them")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whom you are inviting")},
    )
    name = forms.CharField(
        label=_("What do you call them?"),
        help_text=_("So that you know this invitation again. Only you see it, and you can leave it empty."),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs=_TYPED | {"dir": "auto"}),
        error_messages={"max_length": _("A shorter name is enough here; up to 60 characters")},
    )
    page_from = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    def clean_page_from(self) -> Any:
        """Take a page whose time is missing or strange for one that was made now."""
        return self.cleaned_data["page_from"] or timezone.now()


class CodeForm(forms.Form):
    """The code that came apart from the link."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("The code"),
        max_length=60,
        widget=forms.TextInput(attrs=_TYPED | {"autocapitalize": "none"}),
        error_messages={
            "required": _("Type the code, and we can go on"),
            "max_length": _("That is longer than a code; it looks like abcde-fghij"),
        },
    )


class AnswersForm(forms.Form):
    """An answer to each story that is shared: it may stay, or it is taken back (C7)."""

    use_required_attribute = False

    def __init__(self, marks: Mapping[uuid.UUID, str], *args: Any, **kwargs: Any) -> None:
        """``marks`` are the stories, each with the mark of what is shown of it."""
        super().__init__(*args, **kwargs)
        self.stories = list(marks)
        for story, mark in marks.items():
            self.fields[_answer(story)] = forms.ChoiceField(
                label=_("What would you like to happen with it?"),
                choices=[("stays", _("Yes, it may stay as it is")), ("back", _("Take it back from every reader"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Each story that is shared needs your answer; both are fine")},
            )
            self.fields[_mark(story)] = forms.CharField(widget=forms.HiddenInput, initial=mark)

    def answers(self) -> dict[uuid.UUID, tuple[bool, str]]:
        """Return for each story whether it may stay, and the mark of what was shown."""
        said = self.cleaned_data
        return {story: (said[_answer(story)] == "stays", said[_mark(story)]) for story in self.stories}

    def of(self, story: uuid.UUID) -> tuple[forms.BoundField, forms.BoundField]:
        """Return a story's two fields: the answer, and the mark."""
        return self[_answer(story)], self[_mark(story)]


def _answer(story: uuid.UUID) -> str:
    return f"answer-{ids.show(story)}"


def _mark(story: uuid.UUID) -> str:
    return f"mark-{ids.show(story)}"


class LeaveForm(forms.Form):
    """A copy or none; what I put in stays or goes. Both are chosen before anything happens."""

    copy = forms.ChoiceField(
        label=_("Would you like a copy of everything in it?"),
        choices=[("yes", _("Yes, in a box of my own")), ("no", _("No, I leave without it"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    mine = forms.ChoiceField(
        label=_("What should happen here to what you put in?"),
        choices=[("stays", _("It stays in this box")), ("goes", _("It goes from this box, for good"))],
        widget=forms.RadioSelect,
        initial="stays",
    )

    def wishes(self) -> dict[str, bool]:
        """Return what was chosen, as the verb takes it."""
        return {"keep_copy": self.cleaned_data["copy"] == "yes", "take_mine": self.cleaned_data["mine"] == "goes"}
