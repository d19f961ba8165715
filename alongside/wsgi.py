"""The web process: what the HTTP server calls."""

from __future__ import annotations

import os
import threading

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.settings")
django.setup(set_prefix=False)

from alongside.language.encoder import encoder  # noqa: E402 - after the settings are there
from alongside.request_safety import PlainHandler  # noqa: E402

application = PlainHandler()

# The model is read beside the first pages, so that neither they nor the first sentence wait for it.
threading.Thread(target=encoder.warm, daemon=True).start()
