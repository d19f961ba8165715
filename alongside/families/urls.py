"""Who holds a box together: /box/people/, /box/leave/, and /invited/ for those who come in."""

from __future__ import annotations

from django.urls import path

from alongside.families import views
from alongside.families.invited import views as invited

app_name = "families"
urlpatterns = [
    path("box/people/", views.people, name="people"),
    path("box/people/invite/", views.invite, name="invite"),
    path("box/people/take-back/<id:invitation_id>/", views.take_back, name="take_back"),
    path("box/people/say-yes/<id:invitation_id>/", views.say_yes, name="say_yes"),
    path("box/people/look-no-more/<id:relative_id>/", views.look_no_more, name="look_no_more"),
    path("box/leave/", views.leave, name="leave"),
    path("box/leave/done/", views.left, name="left"),
    path("invited/<id:invitation_id>/", invited.invited, name="invited"),
    path("invited/<id:invitation_id>/come-in/", invited.come_in, name="come_in"),
    path("invited/<id:invitation_id>/photo/<id:photo_id>/", invited.photo, name="photo"),
    path("invited/<id:invitation_id>/sound/<id:sound_id>/", invited.sound, name="sound"),
]
