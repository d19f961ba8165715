"""Where finding lives: /find/."""

from __future__ import annotations

from django.urls import path

from alongside.matching import views

app_name = "matching"
urlpatterns = [
    path("", views.find, name="find"),
    path("list/", views.choose, name="choose"),
    path("words/", views.words, name="words"),
    path("near/<id:story_id>/", views.near_story, name="near_story"),
]
