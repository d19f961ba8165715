"""Two versions that were written at the same time, and every version that is kept (D1)."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alongside.accounts import fresh
from alongside.accounts.doors import signed_in
from alongside.keepsakes import shown
from alongside.keepsakes.items import desk
from alongside.keepsakes.models import Memory
from alongside.request_reader import ReaderRequest
from alongside.sheets.page import numbers, settle


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def beside(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """Two versions that were written at the same time, side by side."""
    memory = _writable(request, item_id)
    if request.method == "POST":
        chosen, heads = request.POST.getlist("choose"), request.POST.getlist("head")
        problem = settle(memory, request.account, chosen, heads, timezone.now())
        return redirect(f"{request.path}?{problem}") if problem else redirect("keepsakes:item", item_id)
    heads_shown = shown.versions(memory.heads(), memory, request.reader)
    context = {"heads": heads_shown, "again": request.GET, "back": reverse("keepsakes:item", args=[item_id])}
    return render(request, "writing/beside.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def history(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """Every version that is kept, to read, to bring back, or, one's own, to take out: for good, so it is asked who they are."""
    memory = _writable(request, item_id)
    if request.POST.get("do") == "drop" and not fresh.is_fresh(request.session):
        return redirect(fresh.ask(request.path))
    if request.method == "POST":
        for number in numbers([request.POST.get("number", "")]):
            if request.POST.get("do") == "drop":
                memory.drop_version(request.account, number)
            elif memory.versions.filter(number=number).exists():
                memory.bring_back_version(request.account, number, timezone.now())
        return redirect("keepsakes:history", item_id)
    versions = shown.versions(memory.history(), memory, request.reader)
    context = {"versions": versions, "back": reverse("keepsakes:item", args=[item_id]), "asks": True}
    return render(request, "writing/history.html", context)


def _writable(request: ReaderRequest, pk: uuid.UUID) -> Memory:
    memory = desk.writable(request.reader, pk)
    if memory is None:
        raise Http404
    return memory
