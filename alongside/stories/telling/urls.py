"""Where a story's parents see to it: /box/story/ and /box/yes/."""

from __future__ import annotations

from django.urls import path

from alongside.stories.answering import views as answering
from alongside.stories.ending import views as ending
from alongside.stories.telling import views

app_name = "telling"
urlpatterns = [
    path("story/<id:story_id>/", views.story, name="story"),
    path("story/<id:story_id>/share/", views.share, name="share"),
    path("story/<id:story_id>/as/<slug:audience>/", views.preview, name="preview"),
    path("story/<id:story_id>/show/", views.show_family, name="show_family"),
    path("story/<id:story_id>/sound/<id:sound_id>/", views.sound, name="sound"),
    path("story/<id:story_id>/take-back/", ending.take_back, name="take_back"),
    path("story/<id:story_id>/erase/", ending.erase, name="erase"),
    path("story/<id:story_id>/bring-back/", ending.bring_back, name="bring_back"),
    path("yes/", answering.asked, name="asked"),
    path("yes/<id:asking_id>/", answering.answer, name="answer"),
]
