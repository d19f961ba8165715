"""Mounted at ``/help/``."""

from django.urls import path

from alongside.support import views

app_name = "support"

urlpatterns = [path("", views.people_to_talk_to, name="help")]
