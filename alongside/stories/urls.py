"""Where reading lives: /read/."""

from __future__ import annotations

from django.urls import path

from alongside.stories import views

app_name = "stories"
urlpatterns = [
    path("", views.read_list, name="list"),
    path("enough/", views.enough_for_today, name="enough"),
    path("<id:story_id>/", views.open_story, name="story"),
    path("<id:story_id>/photo/<id:photo_id>/", views.photo, name="photo"),
    path("<id:story_id>/sound/<id:sound_id>/", views.sound, name="sound"),
]
