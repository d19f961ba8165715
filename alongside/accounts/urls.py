"""Coming in, and what is one's own: /sign-in/, /join/, /you/; and the hosts' page about joining."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from alongside.accounts.hosting import views as hosting
from alongside.accounts.keys import views as keys
from alongside.accounts.signing import views as signing
from alongside.accounts.you import views as you

_own: list[URLPattern | URLResolver] = [
    path("sign-in/code/", signing.code, name="code"),
    path("sign-in/passkey/", signing.passkey, name="passkey"),
    path("sign-out/", signing.sign_out, name="sign_out"),
    path("join/", signing.join, name="join"),
    path("join/about-you/", signing.about_you, name="about_you"),
    path("join/with/<id:welcome>/", signing.welcome, name="welcome"),
    path("you/", you.you, name="you"),
    path("you/words/", you.words, name="words"),
    path("you/here/", you.here, name="here"),
    path("you/photos/", you.photos, name="photos"),
    path("you/must-not-see/", you.must_not_see, name="must_not_see"),
    path("you/must-not-see/<id:named>/take-back/", you.take_back, name="take_back"),
    path("you/sign-ins/", you.sign_ins, name="sign_ins"),
    path("you/agreed/", you.agreed, name="agreed"),
    path("you/address/", you.new_address, name="address"),
    path("you/again/", keys.again, name="again"),
    path("you/keys/", keys.keys, name="keys"),
    path("you/keys/passkey/", keys.add_passkey, name="add_passkey"),
    path("you/keys/passkey/remove/", keys.remove_passkey, name="remove_passkey"),
    path("you/keys/passkey/lost/", keys.lost_passkey, name="lost_passkey"),
    path("you/keys/authenticator/", keys.authenticator, name="authenticator"),
    path("you/keys/authenticator/picture/", keys.picture, name="picture"),
    path("you/keys/authenticator/remove/", keys.remove_authenticator, name="remove_authenticator"),
    path("you/keys/recovery/", keys.recovery_codes, name="recovery"),
    path("host/joining/", hosting.joining, name="joining"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    # Under the names by which allauth looks for them.
    path("sign-in/", signing.sign_in, name="account_login"),
    path("sign-in/second/", signing.second, name="mfa_authenticate"),
    path("", include((_own, "accounts"))),
]
