"""What somebody says of themselves here, and what is theirs alone to decide."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alongside import ids
from alongside.accounts import fresh, joining
from alongside.accounts.doors import changes_keys, freshly, needs_key, shows_again, signed_in
from alongside.accounts.models import (
    KEEPING,
    Account,
    Code,
    EnoughNamed,
    EnoughNamedLately,
    FormerAddress,
    MustNotSee,
    Profile,
    SignIn,
    TooOften,
    agree,
    change_address,
    may_keep,
    revoke,
)
from alongside.accounts.remembered import give_back
from alongside.accounts.signing.forms import CodeForm
from alongside.accounts.you.forms import HereForm, NameAnAddressForm, NewAddressForm, PhotosForm, WordsForm
from alongside.mail.letters import MailFailed, send
from alongside.pacing.bucket import Pace, household, paced
from alongside.request_reader import ReaderRequest

NAMING = Pace("naming-addresses", size=30, per_hour=60)
_NEW = "code_new_address"
_forms = require_http_methods(["GET", "HEAD", "POST"])


def _me(request: ReaderRequest) -> Account:
    return cast(Account, request.user)


def _profile(request: ReaderRequest) -> Profile:
    return Profile.objects.select_related("account").get(account=_me(request))


def _as_typed(request: HttpRequest, page: str, form: type[Form], more: dict[str, Any]) -> HttpResponse:
    """Her form once more, with everything as she typed it."""
    return render(request, f"accounts/{page}.html", {"form": form(request.POST), **more}, status=422)


@signed_in
@require_safe
def you(request: ReaderRequest) -> HttpResponse:
    """What there is of mine here."""
    account = _me(request)
    context = {
        "name": _profile(request).name,
        "address": account.email,
        "waits": account.admitted_at is None,
        "keeps": may_keep(account),
        "is_host": account.is_host and fresh.is_keyed(request.session),
    }
    return render(request, "accounts/you.html", context)


@signed_in
@shows_again(lambda request, more: _as_typed(request, "words", WordsForm, more))
@_forms
def words(request: ReaderRequest) -> HttpResponse:
    """My words: how I speak of my baby and my loss."""
    profile = _profile(request)
    form = WordsForm(request.POST) if request.method == "POST" else WordsForm.of(profile.own_words)
    if form.is_bound and form.is_valid():
        profile.own_words = form.said(profile.own_words)
        profile.save(update_fields=["own_words_sealed"])
        return redirect("accounts:you")
    return render(request, "accounts/words.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@shows_again(lambda request, more: _as_typed(request, "here", HereForm, more))
@_forms
def here(request: ReaderRequest) -> HttpResponse:
    """How others see me, my country, my languages."""
    profile = _profile(request)
    had = profile.choices
    initial = {"name": profile.name, "pronouns": had.pronouns, "country": had.country, "languages": list(had.languages)}
    form = HereForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        got = form.cleaned_data
        profile.name = got["name"].strip()
        profile.choices = replace(
            had, pronouns=got["pronouns"].strip(), country=got["country"], languages=tuple(got["languages"])
        )
        profile.save(update_fields=["name_sealed", "choices_sealed"])
        answer = redirect("accounts:you")
        give_back(answer, profile.choices)
        return answer
    return render(request, "accounts/here.html", {"form": form}, status=422 if form.errors else 200)


@signed_in
@_forms
def photos(request: ReaderRequest) -> HttpResponse:
    """How I meet photographs that may show a baby (P1)."""
    profile = _profile(request)
    form = PhotosForm(request.POST if request.method == "POST" else None, initial={"photos": profile.choices.photos})
    if form.is_valid():
        profile.choices = replace(profile.choices, photos=form.cleaned_data["photos"])
        profile.save(update_fields=["choices_sealed"])
        return redirect(f"{request.path}?kept")
    context = {"form": form, "kept": "kept" in request.GET and not form.errors}
    return render(request, "accounts/photos.html", context, status=422 if form.errors else 200)


@paced(NAMING, "POST")
@freshly
@shows_again(lambda request, more: _as_typed(request, "must_not_see", NameAnAddressForm, more))
@_forms
def must_not_see(request: ReaderRequest) -> HttpResponse:
    """Name an address whose owner must never meet me; the answer is the same, whoever has it (V6)."""
    form = NameAnAddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            MustNotSee.objects.keep_away(_me(request), form.cleaned_data["email"], timezone.now())
            return redirect("accounts:must_not_see")
        except EnoughNamedLately:
            form.add_error("email", _("That is as many as can be named in a month. You can go on in some days."))
        except EnoughNamed:
            form.add_error("email", _("That is as many as can be named here. Ask a host for more."))
    named = MustNotSee.objects.select_related("account").filter(account=_me(request)).order_by("-since")
    context = {"form": form, "named": named}
    return render(request, "accounts/must_not_see.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
@freshly
def take_back(request: ReaderRequest, named: uuid.UUID) -> HttpResponse:
    """Name an address no longer; the block it made goes with it, in its own time."""
    get_object_or_404(MustNotSee, pk=named, account=_me(request)).take_back(timezone.now())
    return redirect("accounts:must_not_see")


@signed_in
@_forms
def sign_ins(request: ReaderRequest) -> HttpResponse:
    """Where I am signed in. POST ends one (``this``), or all but this device's (``others``)."""
    mine = SignIn.objects.filter(account=_me(request))
    others = mine.but(request.session)
    if request.method == "POST":
        if "others" in request.POST:
            others.end()
        else:
            chosen = [one.pk for one in others if ids.show(one.pk) == request.POST.get("this")]
            others.filter(pk__in=chosen).end()
        return redirect("accounts:sign_ins")
    context = {
        "sign_ins": [
            {"id": ids.show(one.pk), "device": one.device, "since": one.since, "is_here": one not in others}
            for one in mine.select_related("account").alive(timezone.now()).order_by("-since")
        ]
    }
    return render(request, "accounts/sign_ins.html", context)


@signed_in
@_forms
def agreed(request: ReaderRequest) -> HttpResponse:
    """What I agreed to; POST takes the yes to keeping back, or gives it."""
    account, now = _me(request), timezone.now()
    if request.method == "POST":
        if request.POST.get("keeping") == "yes":
            agree(account, KEEPING, joining.WORDING, now)
        elif request.POST.get("keeping") == "no":
            revoke(account, KEEPING, now)
        return redirect("accounts:agreed")
    standing = account.agreements.in_force().filter(purpose=KEEPING).first()
    return render(request, "accounts/agreed.html", {"keeping": standing, "age": settings.AGE})


@changes_keys
@_forms
def new_address(request: ReaderRequest) -> HttpResponse:
    """Be written to at another address: a code goes there first, and the old address is told. POST ``back``: undo it."""
    if request.method == "POST" and "back" in request.POST:
        return _back(request)
    sent = _sent(request)
    if request.method == "POST" and "code" in request.POST and sent is not None:
        return _typed(request, sent)
    form = NewAddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _mail(request, form):
        return redirect("accounts:address")
    context = {
        "form": form,
        "code_form": CodeForm(),
        "sent_to": sent.address if sent else "",
        "address": _me(request).email,
        "former": _former(request),
        "by_key": needs_key(_me(request)),
    }
    return render(request, "accounts/address.html", context, status=422 if form.errors else 200)


def _sent(request: ReaderRequest) -> Code | None:
    known = request.session.get(_NEW)
    sent = (
        Code.objects.filter(pk=uuid.UUID(known), account=_me(request), purpose=Code.Purpose.ADDRESS).first()
        if known
        else None
    )
    return sent if sent is not None and not sent.is_over(timezone.now()) else None


def _mail(request: ReaderRequest, form: NewAddressForm) -> bool:
    to, now = form.cleaned_data["email"], timezone.now()
    try:
        code = Code.mail(Code.Purpose.ADDRESS, to, now, household=household(request), account=_me(request))
    except TooOften:
        form.add_error(None, _("We’re going slowly with this. Try again in an hour."))
        return False
    except MailFailed:
        form.add_error(None, _("The mail could not be sent, and that is our fault. Try again in a while."))
        return False
    request.session[_NEW] = str(code.pk)
    return True


def _typed(request: ReaderRequest, sent: Code) -> HttpResponse:
    form, account, now = CodeForm(request.POST), _me(request), timezone.now()
    try:
        if form.is_valid() and sent.guess(form.cleaned_data["code"], now):
            return _changed(request, account, sent.address)
        form.add_error("code", _("That isn’t the code in the newest mail. Look again, or send another."))
    except TooOften:
        form.add_error("code", _("We’re going slowly with this. Send another code; its first try always counts."))
    context: dict[str, object] = {
        "form": NewAddressForm(),
        "code_form": form,
        "sent_to": sent.address,
        "address": account.email,
    }
    context |= {"former": _former(request), "by_key": needs_key(account)}
    return render(request, "accounts/address.html", context, status=422)


def _former(request: ReaderRequest) -> list[dict[str, str]]:
    standing = FormerAddress.objects.standing(timezone.now()).filter(account=_me(request))
    return [{"id": ids.show(one.pk), "address": one.address} for one in standing]


def _back(request: ReaderRequest) -> HttpResponse:
    standing = FormerAddress.objects.standing(timezone.now()).filter(account=_me(request))
    chosen = next((one for one in standing if ids.show(one.pk) == request.POST["back"]), None)
    if chosen is None:
        return redirect("accounts:address")
    return _settled(request, lambda: chosen.take_back(timezone.now()))


def _changed(request: ReaderRequest, account: Account, to: str) -> HttpResponse:
    by_key = fresh.is_fresh_by_key(request.session)
    letter = "address-changed-by-key" if by_key else "address-changed"
    return _settled(request, lambda: change_address(account, to, timezone.now(), by_key=by_key), letter)


def _settled(request: ReaderRequest, change: Callable[[], None], letter: str = "address-changed") -> HttpResponse:
    before = _me(request).email
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        # Theirs too, as the code has shown: only they learn of it.
        _me(request).refresh_from_db()
        return render(request, "accounts/address_taken.html", status=422)
    account = _me(request)
    SignIn.objects.filter(account=account).but(request.session).end()
    with contextlib.suppress(MailFailed):
        send(before, letter)
    return redirect("accounts:you")
