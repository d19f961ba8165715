"""The web process: what the HTTP server calls."""

from __future__ import annotations

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.settings")
application = get_wsgi_application()

from alongside.language.encoder import encoder  # noqa: E402 - after the settings are there

# The model is read beside the first pages, so that neither they nor the first sentence wait for it.
threading.Thread(target=encoder.warm, daemon=True).start()
