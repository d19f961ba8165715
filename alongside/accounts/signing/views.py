"""Signing in and joining. Until the digits are right, nobody's address is looked up: all answers are alike (V6)."""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.contrib.auth import logout
from django.db import IntegrityError
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from alongside.accounts import fresh, joining, shared_device
from alongside.accounts.keys import tries
from alongside.accounts.keys.forms import KeyForm, PasskeyForm
from alongside.accounts.models import Account, Code, TooOften, Welcome, opened_by
from alongside.accounts.signing.forms import AboutYouForm, AddressForm, CodeForm
from alongside.mail.letters import MailFailed, MailNotSetUp
from alongside.pacing.bucket import Pace, household, paced
from alongside.request_reader import ReaderRequest

SIGNING_IN = Pace("signing-in", size=60, per_hour=240)
"""Posts of one household to all of these pages."""
BY_PASSKEY = Pace("signing-in-by-passkey", size=60, per_hour=240)
"""The same for passkeys, apart: who guesses at codes takes them from nobody. Asking for one begins a session, too."""
_ASKED, _SHOWN, _NEXT = "code_asked", "code_shown", "after_code"
_forms = require_http_methods(["GET", "HEAD", "POST"])


@paced(SIGNING_IN, "POST")
@_forms
def sign_in(request: ReaderRequest) -> HttpResponse:
    """Ask for a code, or use a passkey."""
    return _ask_for_code(request, "accounts/sign_in.html")


@paced(SIGNING_IN, "POST")
@_forms
def join(request: ReaderRequest) -> HttpResponse:
    """The same first step, in words for who is new here."""
    return _ask_for_code(request, "accounts/join.html")


def _ask_for_code(request: ReaderRequest, template: str) -> HttpResponse:
    if request.reader.account is not None:
        return redirect("accounts:you")
    there = request.POST.get("next") or request.GET.get("next", "")
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        code = _mail_code(request, form)
        if code is not None:
            request.session[_ASKED] = str(code.pk)
            request.session[_NEXT] = there if fresh.is_path_of_ours(there) else ""
            return redirect("accounts:code")
    context = {"form": form, "next": there, "may_join": joining.may_join(request.session), "joining": settings.JOINING}
    return render(request, template, context, status=422 if form.errors else 200)


def _mail_code(request: ReaderRequest, form: Form) -> Code | None:
    to, now = form.cleaned_data["email"], timezone.now()
    try:
        return Code.mail(Code.Purpose.ARRIVE, to, now, household=household(request))
    except TooOften:
        form.add_error(None, _("We’re going slowly with this address. Try again in an hour, or use a passkey."))
    except MailNotSetUp:
        form.add_error(
            None, _("Mail is not set up here yet, so no code can be sent. That is for the people who run this place.")
        )
    except MailFailed:
        form.add_error(None, _("The mail could not be sent, and that is our fault. Try again in a while."))
    return None


@paced(SIGNING_IN, "POST")
@sensitive_post_parameters()
@_forms
def code(request: ReaderRequest) -> HttpResponseBase:
    """Type the digits from the mail."""
    now, asked = timezone.now(), _code_of(request, _ASKED)
    if asked is None or request.reader.account is not None:
        return redirect("account_login")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if asked.guess(form.cleaned_data["code"], now):
                if "shared" in request.POST:
                    shared_device.mark(request.session)
                return _arrive(request, asked)
            is_over = asked.is_over(now)
            form.add_error(
                "code",
                _("That code has run out. Send another.")
                if is_over
                else _("That isn’t the code in the newest mail. Look again."),
            )
        except TooOften:
            form.add_error(
                "code", _("We’re going slowly with this address. Send another code; its first try always counts.")
            )
    context = {"form": form, "address": asked.address}
    return render(request, "accounts/code.html", context, status=422 if form.errors else 200)


def _code_of(request: ReaderRequest, key: str) -> Code | None:
    known = request.session.get(key)
    return Code.objects.filter(pk=uuid.UUID(known), purpose=Code.Purpose.ARRIVE).first() if known else None


def _arrive(request: ReaderRequest, shown: Code) -> HttpResponseBase:
    del request.session[_ASKED]
    account = opened_by(shown.address, timezone.now())
    if account is not None:
        return _let_in(request, account)
    request.session[_SHOWN] = str(shown.pk)
    return redirect("accounts:about_you")


def _let_in(request: ReaderRequest, account: Account) -> HttpResponseBase:
    if not account.is_active:
        return render(request, "accounts/closed.html")
    there = request.session.pop(_NEXT, "")
    request.session.pop(_SHOWN, None)
    tries.begin(request.session)
    record_authentication(request, account, method="code")
    answer: HttpResponseBase = perform_login(request, Login(user=account, redirect_url=there or None))
    return answer


@paced(SIGNING_IN, "POST")
@_forms
def about_you(request: ReaderRequest) -> HttpResponseBase:
    """Who has shown that an address is theirs, and has no place here yet, may make one."""
    now, shown = timezone.now(), _code_of(request, _SHOWN)
    if shown is None or not shown.still_shows(now):
        return redirect("accounts:join")
    if not joining.may_join(request.session):
        return render(request, "accounts/by_invitation.html")
    form = AboutYouForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _let_in(request, _place_of(request, shown.address, form.cleaned_data))
        except joining.ByInvitation:
            return render(request, "accounts/by_invitation.html")
    context = {"form": form, "joining": settings.JOINING}
    return render(request, "accounts/about_you.html", context, status=422 if form.errors else 200)


def _place_of(request: ReaderRequest, email: str, said: dict[str, Any]) -> Account:
    """Return the account of an address, made now unless it is there: the same form may have come twice."""
    with contextlib.suppress(IntegrityError):
        return Account.objects.written_to(email) or joining.join(
            request.session, email, name=said["name"], keeping=said["keeping"], now=timezone.now()
        )
    return Account.objects.get_by_natural_key(email)


@paced(SIGNING_IN, "POST")
@_forms
def welcome(request: ReaderRequest, welcome: uuid.UUID) -> HttpResponse:
    """A host's link: with the code that came apart from it, joining is open."""
    now = timezone.now()
    found = get_object_or_404(Welcome, pk=welcome)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if found.opens_with(form.cleaned_data["code"], now):
            joining.welcomed(request.session, found)
            return redirect("accounts:join")
        form.add_error(
            "code", _("That isn’t the code for this link, or the link has run out. Whoever sent it can make another.")
        )
    return render(request, "accounts/welcome.html", {"form": form}, status=422 if form.errors else 200)


@paced(BY_PASSKEY, "GET", "HEAD", "POST")
@_forms
def passkey(request: ReaderRequest) -> HttpResponseBase:
    """GET: what the browser needs to ask for a passkey. POST: sign in with what it gave."""
    if request.method != "POST":
        return JsonResponse(passkeys.begin_authentication())
    form = LoginWebAuthnForm(data=request.POST)
    if not form.is_valid():
        context = {"form": AddressForm(), "passkey_failed": True}
        return render(request, "accounts/sign_in.html", context, status=422)
    key = form.cleaned_data["credential"]
    there = request.POST.get("next", "")
    login = Login(user=key.user, redirect_url=there if fresh.is_path_of_ours(there) else None)
    answer: HttpResponseBase = perform_passwordless_login(request, key, login)
    return answer


@paced(SIGNING_IN, "POST")
@login_stage_required(stage="mfa_authenticate", redirect_urlname="account_login")  # type: ignore[untyped-decorator, unused-ignore]
@sensitive_post_parameters()
@_forms
def second(request: ReaderRequest) -> HttpResponseBase:
    """The second step: an authenticator code, a recovery code, or a passkey (GET ?options: what it needs)."""
    stage = request._login_stage  # type: ignore[attr-defined]
    user, posted = stage.login.user, request.POST if request.method == "POST" else None
    if "options" in request.GET:
        return JsonResponse(passkeys.begin_authentication(user))
    form: KeyForm | PasskeyForm = (
        PasskeyForm(user=user, data=posted)
        if posted is not None and "credential" in posted
        else KeyForm(user=user, request=request, data=posted)
    )
    if form.is_valid():
        form.save()
        answer: HttpResponseBase = stage.exit()
        return answer
    has_passkey = bool(passkeys.get_credentials(user))
    context = {"form": form, "has_passkey": has_passkey}
    return render(request, "accounts/second.html", context, status=422 if form.errors else 200)


@require_POST
def sign_out(request: ReaderRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect("home:first")
