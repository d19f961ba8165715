"""Taking a story back, erasing it, and bringing it back while that can be done (C3, D3, L1)."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from alongside.accounts.doors import asks_first, signed_in
from alongside.keepsakes.erasing import Gone
from alongside.request_reader import ReaderRequest
from alongside.stories import erasing
from alongside.stories.telling import page
from alongside.stories.telling.doors import held, me


@signed_in
@require_POST
def take_back(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponse:
    """Take it back from every reader, at once and without a reason (C3): one press, as a yes is one."""
    found = held(request, story_id)
    found.withdraw(me(request), timezone.now())
    return redirect("telling:story", found.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponseBase:
    """Erase a story for good: hers alone in three days or now; what several wrote with every parent's yes."""
    found, here = held(request, story_id), reverse("telling:erase", args=[story_id])
    alone = erasing.is_theirs_alone(found, me(request).pk)
    about = page.story_page(found, me(request))
    if request.POST.get("when") in {"now", "later"}:
        at_once = request.POST["when"] == "now" and alone
        if at_once and (first := asks_first(request, f"{here}?for-good")):
            return first
        closed = erasing.agree_to_erase(found, me(request), timezone.now(), fresh=at_once)
        if closed is None:
            return redirect("telling:erase", story_id)
        return render(request, "telling/erased.html", {"erasure": closed, "story_id": story_id, "at_once": at_once})
    if alone and "for-good" in request.GET:
        return render(request, "for_good.html", {"what": about.head.title, "back": here})
    said = found.erasing_yes.filter(parent__account=me(request)).exists()
    return render(request, "telling/erase.html", {"page": about, "story": about.head, "alone": alone, "said": said})


@signed_in
@require_POST
def bring_back(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponse:
    """Unsay a yes to erasing; until it is due, the story is as it was."""
    try:
        found = erasing.bring_back(story_id, me(request), timezone.now())
    except Gone as error:
        raise Http404 from error
    return redirect("telling:story", found.pk)
