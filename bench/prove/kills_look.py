"""Run by the kills campaign beside the installation: opens what is kept, with the keys on the disk, as often as it is asked.

A line in: [{kind, id, viewer, device}], ids as shown, the viewer an account or "", the device its cookie or "". A line
out: for each the versions that are kept, [{number, stands, words}], none for a text that is not there; for a photo what is kept of it.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django

django.setup()

from django.db import Error, connection  # noqa: E402

from alongside import ids  # noqa: E402
from alongside.database.viewer import acting_for  # noqa: E402
from alongside.keepsakes.models import Memory  # noqa: E402
from alongside.keepsakes.writing import Text  # noqa: E402
from alongside.sheets.device import Device  # noqa: E402
from alongside.sheets.models import Sheet  # noqa: E402
from bench.prove.kills_look_photos import photo  # noqa: E402

PATIENCE = 60.0  # seconds for the database to come back


def versions(asked: dict[str, str]) -> list[dict[str, Any]]:
    """Return what is kept of one text."""
    device = Device.of_cookie(asked["device"])
    viewer = device.viewer if device else ids.read(asked["viewer"])
    rows: Any = (Memory if asked["kind"] == "box" else Sheet)._default_manager
    with acting_for(viewer):
        text: Text | None = rows.filter(pk=ids.read(asked["id"])).first()
        if text is None:
            return []
        if isinstance(text, Sheet):
            text.device = device
        return [
            {"number": one.number, "stands": one.followed_at is None, "words": one.said.text}
            for one in reversed(text.history())
        ]


def answer(line: str) -> str:
    """Return the answer to one line, the database being away for a while or not."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return json.dumps(
                [photo(asked) if asked["kind"] == "photo" else versions(asked) for asked in json.loads(line)]
            )
        except Error:
            if time.monotonic() > until:
                raise
            connection.close()
            time.sleep(0.1)


if __name__ == "__main__":
    for asked_for in sys.stdin:
        print(answer(asked_for), flush=True)
