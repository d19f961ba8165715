"""The first page and the plain pages."""

from __future__ import annotations

from django.urls import path

from alongside.home import views

app_name = "home"
urlpatterns = [
    path("", views.first, name="first"),
    path("leave/", views.leave, name="leave"),
    path("about/", views.about, name="about"),
    path("care/", views.care, name="care"),
    path("promises/", views.promises, name="promises"),
    path("look/", views.look, name="look"),
    path("languages/", views.languages, name="languages"),
    path("robots.txt", views.robots, name="robots"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
