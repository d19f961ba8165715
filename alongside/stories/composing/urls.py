"""From a keepsake box to a story, and its editor: beneath /box/."""

from __future__ import annotations

from django.urls import path

from alongside.stories.composing import views

app_name = "composing"
urlpatterns = [
    path("tell/<id:box_id>/", views.tell, name="tell"),
    path("story/<id:story_id>/add/", views.add, name="add"),
    path("story/<id:story_id>/write/<id:chapter_id>/", views.write, name="write"),
    path("story/<id:story_id>/write/<id:chapter_id>/beside/", views.beside, name="beside"),
    path("story/<id:story_id>/photograph/<id:photo_id>/", views.photograph, name="photograph"),
]
