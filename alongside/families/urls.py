"""Who holds a box together: /box/people/, /box/leave/, and /invited/ for those who come in."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import get_converters

from alongside import ids
from alongside.families import views

if "id" not in get_converters():
    register_converter(ids.IdConverter, "id")

app_name = "families"
urlpatterns = [
    path("box/people/", views.people, name="people"),
    path("box/people/invite/", views.invite, name="invite"),
    path("box/people/take-back/<id:invitation_id>/", views.take_back, name="take_back"),
    path("box/people/look-no-more/<id:relative_id>/", views.look_no_more, name="look_no_more"),
    path("box/leave/", views.leave, name="leave"),
    path("invited/<id:invitation_id>/", views.invited, name="invited"),
    path("invited/<id:invitation_id>/come-in/", views.come_in, name="come_in"),
    path("invited/<id:invitation_id>/photo/<id:photo_id>/", views.photo, name="photo"),
]
