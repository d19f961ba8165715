"""The web process: what the HTTP server calls."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.settings")
application = get_wsgi_application()

from alongside.language.encoder import encoder  # noqa: E402 - after the settings are there

# The model is read now, so that the first person who writes a sentence does not wait for it.
encoder.warm()
