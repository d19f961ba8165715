"""The keepsake box: /box/."""

from __future__ import annotations

from django.urls import path

from alongside.keepsakes import views
from alongside.keepsakes.files import views as files
from alongside.keepsakes.items import views as items
from alongside.keepsakes.uploads import views as uploads
from alongside.keepsakes.versions import views as versions

app_name = "keepsakes"
urlpatterns = [
    path("", views.home, name="box"),
    path("new/", views.new, name="new"),
    path("add/", views.add, name="add"),
    path("time/", views.timeline, name="time"),
    path("settings/", views.settings, name="settings"),
    path("erase/", views.erase, name="erase"),
    path("photos/", uploads.photos, name="photos"),
    path("voices/", uploads.voices, name="voices"),
    path("upload/<id:upload_id>/", uploads.upload, name="upload"),
    path("upload/<id:upload_id>/piece/", uploads.piece, name="piece"),
    path("upload/<id:upload_id>/begun/", uploads.begun, name="begun"),
    path("<id:item_id>/", items.item, name="item"),
    path("<id:item_id>/write/", items.write, name="write"),
    path("<id:item_id>/beside/", versions.beside, name="beside"),
    path("<id:item_id>/history/", versions.history, name="history"),
    path("<id:item_id>/who/", items.who, name="who"),
    path("<id:item_id>/move/", items.move, name="move"),
    path("<id:item_id>/erase/", items.let_go, name="let_go"),
    path("<id:item_id>/bring-back/", items.bring_back, name="bring_back"),
    path("<id:item_id>/photo/<slug:part>/", files.photo, name="photo"),
    path("<id:item_id>/larger/", files.larger, name="larger"),
    path("<id:item_id>/copy/", files.copy, name="copy"),
    path("<id:item_id>/sound/", files.sound, name="sound"),
    path("<id:item_id>/original/", files.original, name="original"),
    path("<id:item_id>/shape/", files.shape, name="shape"),
    path("<id:item_id>/fold/", files.fold, name="fold"),
]
