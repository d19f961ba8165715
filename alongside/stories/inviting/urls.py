"""Who is invited to a story, /box/story/…/people/, and what their link opens, /read/with/…/."""

from __future__ import annotations

from django.urls import path

from alongside.stories.inviting import views

app_name = "inviting"
urlpatterns = [
    path("box/story/<id:story_id>/people/", views.people, name="people"),
    path("box/story/<id:story_id>/people/add/", views.add, name="add"),
    path("box/story/<id:story_id>/people/<id:link_id>/yes/", views.say_yes, name="say_yes"),
    path("box/story/<id:story_id>/people/<id:link_id>/take-back/", views.take_back, name="take_back"),
    path("box/story/<id:story_id>/people/<id:link_id>/code/", views.code, name="code"),
    path("read/with/<id:link_id>/", views.link, name="link"),
    path("read/with/<id:link_id>/forget/", views.forget, name="forget"),
]
