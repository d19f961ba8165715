"""The sitemap (DESIGN 3)."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("alongside.home.urls")),
    path("read/", include("alongside.stories.urls")),
    path("find/", include("alongside.matching.urls")),
    path("help/", include("alongside.support.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("alongside.demo.urls")))

handler500 = "alongside.home.views.failed"
