"""Who is waiting to join, and invitations to join: all that hosts see of joining."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alongside import ids
from alongside.accounts.doors import for_hosts
from alongside.accounts.models import Account, Profile, Welcome
from alongside.request_reader import ReaderRequest

MOST = 100


@for_hosts
@require_http_methods(["GET", "HEAD", "POST"])
def joining(request: ReaderRequest) -> HttpResponse:
    """Let somebody in, leave them waiting for now, or make a link and a code for somebody."""
    now, made = timezone.now(), None
    if request.method == "POST" and "welcome" in request.POST:
        made = Welcome.make(cast(Account, request.user), now)
    elif request.method == "POST":
        _answer(request, now)
        return redirect("accounts:joining")
    waiting = Profile.objects.select_related("account").filter(account__admitted_at=None, account__closed_at=None)
    people = [
        {"id": ids.show(one.account.pk), "name": one.name, "joined": one.account.created_at}
        for one in waiting.order_by("account__host_put_off_at", "account__created_at")[:MOST]
    ]
    link = request.build_absolute_uri(reverse("accounts:welcome", args=[made[0].pk])) if made else ""
    context = {"people": people, "link": link, "code": made[1] if made else "", "way": settings.JOINING}
    return render(request, "accounts/joining.html", context)


def _answer(request: ReaderRequest, now: datetime) -> None:
    try:
        who = ids.read(request.POST.get("who", ""))
    except ValueError:
        return
    account = get_object_or_404(Account, pk=who, admitted_at=None, closed_at=None)
    if request.POST.get("do") == "let-in":
        account.admit(now)
    elif request.POST.get("do") == "not-now":
        account.put_off(now)
