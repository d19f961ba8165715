"""The sitemap (DESIGN 3)."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path, register_converter

from alongside.ids import IdConverter

# Once, and before any package names its routes.
register_converter(IdConverter, "id")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("alongside.home.urls")),
    path("", include("alongside.accounts.urls")),
    path("read/", include("alongside.stories.urls")),
    # Its /read/with/ and /box/story/…/people/.
    path("", include("alongside.stories.inviting.urls")),
    path("find/", include("alongside.matching.urls")),
    # Its /box/people/ and /box/leave/ come before all else in /box/.
    path("", include("alongside.families.urls")),
    path("write/", include("alongside.sheets.urls")),
    path("box/", include("alongside.stories.telling.urls")),
    path("box/", include("alongside.keepsakes.urls")),
    path("box/", include("alongside.stories.composing.urls")),
    path("help/", include("alongside.support.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("alongside.demo.urls")))

handler500 = "alongside.home.views.failed"
