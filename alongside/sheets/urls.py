"""Writing: /write/."""

from __future__ import annotations

from django.urls import path

from alongside.sheets import views
from alongside.sheets.gone import views as gone

app_name = "sheets"
urlpatterns = [
    path("", views.blank, name="blank"),
    path("sheets/", views.mine, name="mine"),
    path("kept/", views.kept, name="kept"),
    path("<id:sheet_id>/", views.sheet, name="sheet"),
    path("<id:sheet_id>/where/", views.where, name="where"),
    path("<id:sheet_id>/beside/", views.beside, name="beside"),
    path("<id:sheet_id>/history/", views.history, name="history"),
    path("<id:sheet_id>/put/", views.put, name="put"),
    path("<id:sheet_id>/take/", views.take, name="take"),
    path("<id:sheet_id>/let-go/", gone.let_go, name="let_go"),
    path("<id:sheet_id>/bring-back/", gone.bring_back, name="bring_back"),
]
