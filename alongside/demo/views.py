"""Signing in as somebody invented, and the mail that would have gone out. These routes exist in a demonstration alone."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alongside.accounts import fresh
from alongside.accounts.models import Account, Profile, SignIn
from alongside.mail.folder import newest
from alongside.request_reader import ReaderRequest, without_rows

CAST = ("mara", "tobias", "ilse", "hana", "kofi", "dami")
"""Whom the first page of the cast shows, in this order; anyone else is a name away."""


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: ReaderRequest) -> HttpResponse:
    """Choose somebody invented to be."""
    if request.method == "POST":
        account = Account.objects.filter(email=request.POST.get("email", ""), closed_at=None).first()
        if account is None:
            raise Http404
        login(request, account)
        fresh.mark(request.session, keyed=account.is_host)
        SignIn.begin(account, request.session.session_key or "", request.headers.get("User-Agent", ""), timezone.now())
        return redirect("home:first")
    emails = [f"{name}@example.org" for name in CAST]
    profiles = Profile.objects.select_related("account").filter(account__email__in=emails)
    by_email = {profile.account.email: profile for profile in profiles}
    people = [
        {"name": profile.name, "me": profile.me or "a host here", "email": email}
        for email in emails
        if (profile := by_email.get(email))
    ]
    return render(request, "demo/sign_in.html", {"people": people})


@require_POST
def sign_out(request: ReaderRequest) -> HttpResponse:
    """Be nobody again."""
    logout(request)
    return redirect("home:first")


@without_rows
@require_safe
def mail(request: HttpRequest) -> HttpResponse:
    """The mail that would have gone out, newest first."""
    return render(request, "demo/mail.html", {"mails": newest(settings.EMAIL_FILE_PATH)})
