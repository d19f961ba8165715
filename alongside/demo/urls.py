"""Where the demonstration's own pages live: /demo/."""

from __future__ import annotations

from django.urls import path

from alongside.demo import views

app_name = "demo"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("mail/", views.mail, name="mail"),
    path("sign-out/", views.sign_out, name="sign_out"),
]
