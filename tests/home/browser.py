"""A browser without a screen: asks over https, as anyone of the cast, and never follows by itself."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from alongside.accounts.models import Account


class Browser(Client):
    """Django's test client on https, checking forms' tokens as the real thing does."""

    def __init__(self, account: Account | None = None, *, checks_tokens: bool = True) -> None:
        super().__init__(enforce_csrf_checks=checks_tokens, raise_request_exception=False)
        if account is not None:
            self.force_login(account)

    def generic(self, method: str, path: Any, *args: Any, **more: Any) -> Any:
        return super().generic(method, path, *args, **more | {"secure": True})


@pytest.fixture(autouse=True)
def plain_static(settings: Settings) -> None:
    """Let pages name their static files without collecting them first."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
