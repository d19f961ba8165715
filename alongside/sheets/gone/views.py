"""Letting a sheet go, and bringing it back while that lasts."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from alongside.accounts.doors import asks_first
from alongside.database.viewer import acting_for
from alongside.keepsakes.erasing import Gone
from alongside.keepsakes.said import blocks, few_words
from alongside.request_reader import ReaderRequest, device_of
from alongside.sheets.models import Sheet
from alongside.sheets.whose import find_anywhere


@require_http_methods(["GET", "HEAD", "POST"])
def let_go(request: ReaderRequest, sheet_id: uuid.UUID) -> HttpResponseBase:
    """Let a sheet go; for a while it can come back."""
    found = find_anywhere(request.account, device_of(request), sheet_id)
    if found is None:
        # Nothing was written on it yet, or it is somebody else's: the same answer.
        return redirect("sheets:blank")
    if request.method == "POST":
        at_once = request.POST.get("when") == "now" and found.writer_id is not None
        if at_once and (first := asks_first(request, f"{request.path}?for-good")):
            return first
        with acting_for(found.writer_id or found.guest):
            found.let_go(timezone.now(), fresh=at_once)
        return redirect("sheets:blank") if at_once else redirect("sheets:bring_back", sheet_id)
    # Of a sheet that a device keeps no word is shown before somebody asks for it.
    what = few_words(blocks(found.now_says().text)) if found.writer_id and found.erase_at is None else ""
    if found.writer_id and "for-good" in request.GET:
        back = reverse("sheets:sheet", args=[sheet_id])
        return render(request, "for_good.html", {"words": True, "what": what, "back": back})
    return render(request, "sheets/let_go.html", {"sheet": found, "what": what})


@require_http_methods(["GET", "HEAD", "POST"])
def bring_back(request: ReaderRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """They are gone; and a way to have them back while it lasts."""
    found = _find(request, sheet_id)
    if request.method == "POST":
        try:
            with acting_for(found.writer_id or found.guest):
                found.bring_back(timezone.now())
        except Gone:
            return redirect("sheets:blank")
        return redirect("sheets:sheet", sheet_id)
    if found.erase_at is None:
        return redirect("sheets:sheet", sheet_id)
    return render(request, "sheets/gone.html", {"sheet": found})


def _find(request: ReaderRequest, pk: uuid.UUID) -> Sheet:
    found = find_anywhere(request.account, device_of(request), pk)
    if found is None:
        raise Http404
    return found
