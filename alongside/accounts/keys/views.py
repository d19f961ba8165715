"""Passkeys, the authenticator and recovery codes; and the page where somebody shows that it is still them."""

from __future__ import annotations

import uuid
from typing import cast

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows as recovery
from allauth.mfa.totp.internal import flows as totp
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.internal import flows
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alongside.accounts import fresh
from alongside.accounts.doors import changes_keys, freshly, may_say_lost, needs_key, signed_in
from alongside.accounts.keys import lost, tries
from alongside.accounts.keys.forms import AuthenticatorForm, KeyForm, PasskeyForm
from alongside.accounts.keys.ways import authenticator_of, forget_secret, fresh_secret, keys_of, passkey_of, tell
from alongside.accounts.models import Account, Code, SignIn, TooOften
from alongside.accounts.signing.forms import CodeForm
from alongside.mail.letters import MailFailed
from alongside.pacing.bucket import Pace, household, paced
from alongside.request_reader import ReaderRequest

SHOWING = Pace("showing-it-is-you", size=40, per_hour=120)
_AGAIN = "code_again"
_forms = require_http_methods(["GET", "HEAD", "POST"])


def _me(request: ReaderRequest) -> Account:
    return cast(Account, request.user)


@signed_in
@require_safe
def keys(request: ReaderRequest) -> HttpResponse:
    """What somebody can sign in with."""
    account = _me(request)
    if lost.take_away(account, timezone.now()):
        _removed(request)
    context = {
        "keys": keys_of(account),
        "is_host": account.is_host,
        "is_keyed": fresh.is_keyed(request.session),
        "may_say_lost": may_say_lost(account),
        "said": request.GET.get("said", ""),
    }
    return render(request, "accounts/keys.html", context)


@changes_keys
@_forms
def add_passkey(request: ReaderRequest) -> HttpResponseBase:
    """GET: what the browser needs to make one (?options), or the page. POST: keep the one it made."""
    if "options" in request.GET:
        return JsonResponse(flows.begin_registration(request, request.user, passwordless=True))
    form = AddWebAuthnForm(user=request.user, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _key, codes = flows.add_authenticator(request, name="", credential=form.cleaned_data["credential"])
        return _changed(request, codes)
    return render(request, "accounts/passkey.html", {"failed": bool(form.errors)}, status=422 if form.errors else 200)


def _changed(request: ReaderRequest, codes: Authenticator | None) -> HttpResponse:
    # Who has set up a key a moment ago has used it. Others signed in elsewhere have not: they are signed out.
    fresh.mark(request.session, keyed=True)
    SignIn.objects.filter(account=_me(request)).but(request.session).end()
    tell(_me(request))
    return redirect("accounts:recovery" if codes is not None else "accounts:keys")


@changes_keys
@require_POST
def remove_passkey(request: ReaderRequest) -> HttpResponse:
    """Take a passkey away."""
    key = passkey_of(_me(request), request.POST.get("key", ""))
    if key is not None:
        flows.remove_authenticator(request, key)
        _removed(request)
    return redirect("accounts:keys")


@signed_in
@require_POST
@freshly
def lost_passkey(request: ReaderRequest) -> HttpResponse:
    """Say that a passkey is lost, with a mailed code alone: it goes three days later, unless it is used."""
    account = _me(request)
    key = passkey_of(account, request.POST.get("key", "")) if may_say_lost(account) else None
    if key is not None and lost.ask(key, timezone.now()):
        tell(account)
    return redirect("accounts:keys")


def _removed(request: ReaderRequest) -> None:
    # Whoever holds what was taken away may be signed in with it.
    SignIn.objects.filter(account=_me(request)).but(request.session).end()
    if not needs_key(_me(request)):
        fresh.forget_key(request.session)
    tell(_me(request))


@changes_keys
@sensitive_post_parameters()
@_forms
def authenticator(request: ReaderRequest) -> HttpResponse:
    """Set up an app that shows six digits."""
    if authenticator_of(_me(request)) is not None:
        return redirect("accounts:keys")
    posted = request.POST if request.method == "POST" else None
    secret = fresh_secret(_me(request), request.session, anew=posted is None)
    form = AuthenticatorForm(posted, account=_me(request), secret=secret)
    if form.is_valid():
        _key, codes = totp.activate_totp(request, form)
        forget_secret(request.session)
        return _changed(request, codes)
    shown = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = {"form": form, "secret": shown, "link": get_adapter().build_totp_url(request.user, secret)}
    return render(request, "accounts/authenticator.html", context, status=422 if form.errors else 200)


@changes_keys
@require_safe
def picture(request: ReaderRequest) -> HttpResponse:
    """The same secret as a picture for a camera; none of one that is in use."""
    if authenticator_of(_me(request)) is not None:
        raise Http404
    secret = fresh_secret(_me(request), request.session, anew=False)
    drawn = get_adapter().build_totp_svg(get_adapter().build_totp_url(request.user, secret))
    return HttpResponse(drawn, content_type="image/svg+xml")


@changes_keys
@require_POST
def remove_authenticator(request: ReaderRequest) -> HttpResponse:
    """Do without the app."""
    key = authenticator_of(_me(request))
    if key is not None:
        totp.deactivate_totp(request, key)
        _removed(request)
    return redirect("accounts:keys")


@changes_keys
@_forms
def recovery_codes(request: ReaderRequest) -> HttpResponse:
    """Show the codes for a day when every key is lost; POST makes new ones."""
    if not keys_of(_me(request)).any:
        return redirect("accounts:keys")
    if request.method == "POST":
        recovery.generate_recovery_codes(request)
        tell(_me(request))
        return redirect("accounts:recovery")
    codes, _may = recovery.view_recovery_codes(request)
    return render(request, "accounts/recovery.html", {"codes": codes.get_unused_codes() if codes else []})


@paced(SHOWING, "POST")
@signed_in
@sensitive_post_parameters()
@_forms
def again(request: ReaderRequest) -> HttpResponseBase:
    """Show that it is still you: by a mailed code, a passkey, or a code of the authenticator (GET ?options: for a passkey)."""
    account, there = _me(request), request.POST.get("next") or request.GET.get("next", "")
    there = there if fresh.is_path_of_ours(there) else ""
    if "options" in request.GET:
        return JsonResponse(passkeys.begin_authentication(account))
    held = keys_of(account)
    form: Form = CodeForm()
    if request.method == "POST":
        done, form = _showing(request, account)
        if done:
            tries.begin(request.session)
            SignIn.renew(request.session)
            return redirect(there or "accounts:you")
    context = {
        "form": form,
        "next": there,
        "keys": held,
        "by_key_alone": _by_key_alone(request, there),
        "code_sent": _code_sent(request) is not None,
    }
    return render(request, "accounts/again.html", context, status=422 if form.errors else 200)


def _by_key_alone(request: ReaderRequest, there: str) -> bool:
    account = _me(request)
    # On the page of keys itself a lost passkey is told of with a mailed code.
    by_mail = there == reverse("accounts:keys") and may_say_lost(account) and not fresh.is_keyed(request.session)
    return needs_key(account) and there.startswith(("/you/keys/", "/you/address/")) and not by_mail


def _code_sent(request: ReaderRequest) -> Code | None:
    known = request.session.get(_AGAIN)
    sent = (
        Code.objects.filter(pk=uuid.UUID(known), account=_me(request), purpose=Code.Purpose.AGAIN).first()
        if known
        else None
    )
    return sent if sent is not None and not sent.is_over(timezone.now()) else None


def _showing(request: ReaderRequest, account: Account) -> tuple[bool, Form]:
    if "mail" in request.POST:
        return False, _mail_again(request, account)
    if "mailed" in request.POST:
        return _typed(request)
    form: KeyForm | PasskeyForm = (
        PasskeyForm(user=account, data=request.POST, again=True)
        if "credential" in request.POST
        else KeyForm(user=account, request=request, data=request.POST, again=True)
    )
    if form.is_valid():
        form.save()
        fresh.mark(request.session, keyed=True)
        return True, form
    return False, form


def _mail_again(request: ReaderRequest, account: Account) -> Form:
    form = CodeForm({"code": "-"})
    form.is_valid()
    try:
        sent = Code.mail(
            Code.Purpose.AGAIN, account.email, timezone.now(), household=household(request), account=account
        )
    except TooOften:
        form.add_error(None, _("We’re going slowly with this. Try again in an hour."))
    except MailFailed:
        form.add_error(None, _("The mail could not be sent, and that is our fault. Try again in a while."))
    else:
        request.session[_AGAIN] = str(sent.pk)
        return CodeForm()
    return form


def _typed(request: ReaderRequest) -> tuple[bool, Form]:
    form, sent = CodeForm(request.POST), _code_sent(request)
    try:
        if form.is_valid() and sent is not None and sent.guess(form.cleaned_data["code"], timezone.now()):
            fresh.mark(request.session, keyed=False)
            return True, form
        if form.is_valid():
            form.add_error("code", _("That isn’t the code in the newest mail. Look again, or send another."))
    except TooOften:
        form.add_error("code", _("We’re going slowly with this. Send another code; its first try always counts."))
    return False, form
