"""Run by the canary campaign in a process of its own: everything that was let go of is due, and erased."""

from __future__ import annotations

import django

django.setup()

from datetime import timedelta  # noqa: E402

from django.utils import timezone  # noqa: E402

from alongside.keepsakes import erasing  # noqa: E402
from alongside.keepsakes.models import Erasure  # noqa: E402
from alongside.sheets.models import remove_sheet  # noqa: E402


def main() -> None:
    # What a guest has not let go of lasts thirty days; all else is due within three.
    later = timezone.now() + timedelta(days=4)
    if not erasing.finish_due(later, {**erasing.REMOVE, Erasure.Kind.SHEET: remove_sheet}):
        raise SystemExit("nothing was due")


if __name__ == "__main__":
    main()
