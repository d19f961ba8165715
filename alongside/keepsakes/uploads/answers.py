"""What is said when a photo or a recording cannot be taken: what is needed, and that the others are safe."""

from __future__ import annotations

from enum import Enum

from django.http import JsonResponse  # noqa: TID251 - answers of this package's doors
from django.utils.translation import gettext as _

from alongside.keepsakes.models import Memory
from alongside.keepsakes.uploads import pieces
from alongside.media.refused import TOO_LARGE, Busy, Refused


class Problem(Enum):
    """What stands in the way besides the file itself."""

    NOTHING = "nothing was chosen"
    NOT_AGREED = "no yes to keeping"


def refusal(problem: Exception | Problem, kind: str) -> str:
    """Return one or two kind sentences."""
    voice = kind == Memory.Kind.VOICE
    if problem is Problem.NOTHING:
        return _("There is no recording chosen yet") if voice else _("There is no photo chosen yet")
    if problem is Problem.NOT_AGREED:
        return _("To keep something with your place here we need your yes to it, which is not there now.")
    if isinstance(problem, pieces.TooLarge) or (isinstance(problem, Refused) and problem.reason == TOO_LARGE):
        if voice:
            return _("This recording is longer than we can take (an hour, or 100 MB). The others are safe.")
        return _(
            "This photo is larger than we can take (120 megapixels, or 100 MB). The others are safe. "
            "Most phones can make a smaller copy."
        )
    if isinstance(problem, pieces.NoRoom):
        return _("There is no room for this here at the moment, which is ours to mend. It is still on your device.")
    if isinstance(problem, pieces.TooMany):
        return _(
            "Many are on their way already. When those have arrived, the next ones can go; they are still on your device."
        )
    if isinstance(problem, Busy):
        return _("It is all here, and will be kept in a moment.")
    if isinstance(problem, Refused):
        if voice:
            return _(
                "We can’t play this as a recording, so it isn’t kept. It is still on your device; the others are safe."
            )
        return _("We can’t open this as a photo, so it isn’t kept. It is still on your device; the others are safe.")
    return _("This isn’t here for you to put something in. Nothing of it was kept; it is still on your device.")


def signed_out() -> JsonResponse:
    """Answer the script of somebody whose sign-in ran out: what has arrived stays, and goes on after signing in."""
    return JsonResponse({"signed_out": True}, status=401)
