"""My words: how somebody speaks of their baby and their loss. The interface follows, and derives none of it (DESIGN 5).

Most sentences on screen need none of these. The few that do are here, each a whole sentence with its own places,
so that a translator sees all of them at once. Defaults: "your baby", no pronoun, "died".
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

LONGEST = 60
"""Characters of a word of one's own."""


@dataclass(frozen=True)
class OwnWords:
    """What was chosen: a known choice, or somebody's own word. Empty means not said."""

    name: str = ""
    baby: str = ""
    """``baby``, ``pregnancy``, or their own word."""
    pronoun: str = ""
    """``he``, ``she``, ``they``, their own, or none."""
    me: str = ""
    """``mum``, ``dad``, ``parent``, or their own."""
    happened: str = ""
    """``died``, ``still``, ``miscarried``, ``ended``, or their own."""

    @classmethod
    def read(cls, data: Any) -> OwnWords:
        """Return what ``plain`` gave; nothing said for None."""
        said = data or {}
        return cls(**{one.name: str(said.get(one.name, "")) for one in fields(cls)})

    def plain(self) -> dict[str, str]:
        """Return the value as JSON knows it."""
        return asdict(self)

    def your_baby(self) -> str:
        """Return whom we speak of within a sentence: "Ansel", "your baby", "your pregnancy", "your" and their word."""
        if self.name:
            return self.name
        if self.baby in {"", "baby"}:
            return pgettext("within a sentence", "your baby")
        if self.baby == "pregnancy":
            return pgettext("within a sentence", "your pregnancy")
        return _("your {word}").format(word=self.baby)

    def me_to(self) -> str:
        """Return who they are, within a sentence: "mum", "dad", "a parent" or their own word; empty when not said."""
        known = {
            "mum": pgettext("who I am", "mum"),
            "dad": pgettext("who I am", "dad"),
            "parent": pgettext("who I am", "parent"),
        }
        return known.get(self.me, self.me)

    def what_happened(self) -> str:
        """Return one sentence about it: "Ansel was born still." Nothing of it is worked out from weeks."""
        who = self.your_baby()
        who = who[:1].upper() + who[1:]
        known = {
            "": _("{who} died."),
            "died": _("{who} died."),
            "still": _("{who} was born still."),
            "miscarried": _("{who} was miscarried."),
            "ended": _("The pregnancy ended."),
        }
        return known.get(self.happened, "{who} " + self.happened.replace("{", "").replace("}", "")).format(who=who)

    def room_for(self) -> str:
        """Return how a box with nothing in it yet is spoken of."""
        return _("There’s room here for {who}.").format(who=self.your_baby())
