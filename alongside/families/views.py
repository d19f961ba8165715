"""Who holds a box and who may look; inviting, coming in, leaving. Nothing here removes a parent, but they themselves."""

from __future__ import annotations

import uuid
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alongside import ids
from alongside.accounts import joining
from alongside.accounts.doors import freshly, signed_in
from alongside.accounts.models import Account
from alongside.families import arriving, shared_page
from alongside.families.arriving import AlreadyHere
from alongside.families.forms import AnswersForm, CodeForm, InviteForm, LeaveForm
from alongside.families.invitation import InvitationOver
from alongside.families.models import Invitation, NotAParent, Parent, Relative
from alongside.keepsakes import leaving
from alongside.keepsakes.models import KeepsakeBox
from alongside.keepsakes.people import Circle
from alongside.pacing.bucket import Pace, paced, take
from alongside.request_reader import ReaderRequest
from alongside.stories import coming_and_going
from alongside.stories.photographs import open_photo

INVITING = Pace("inviting", size=20, per_hour=20)
TRYING_CODES = Pace("trying-invitations", size=30, per_hour=30)
"""Codes that one household types; each invitation besides bears eight wrong ones."""
_INVITED = "invited"
_forms = require_http_methods(["GET", "HEAD", "POST"])


def _me(request: ReaderRequest) -> Account:
    return cast(Account, request.account)


def _box(request: ReaderRequest) -> KeepsakeBox | None:
    """Return the box that the address names, or the only one there is; None where one has to be chosen. Raise Http404."""
    boxes = KeepsakeBox.objects.visible_to(request.reader).select_related("family").order_by("created_at", "pk")
    named = request.GET.get("box", "")
    if named:
        try:
            boxes = boxes.filter(pk=ids.read(named))
        except ValueError:
            raise Http404 from None
    found = list(boxes[:2])
    if named and not found:
        raise Http404
    return found[0] if len(found) == 1 else None


def _held(request: ReaderRequest) -> KeepsakeBox:
    """Return the box that the address names, which this reader holds as a parent; raise Http404."""
    box = _box(request)
    if box is None or box.family_id not in request.reader.families:
        raise Http404
    return box


def _with(name: str, box: KeepsakeBox) -> str:
    return f"{reverse(name)}?{urlencode({'box': ids.show(box.pk)})}"


@signed_in
@require_safe
def people(request: ReaderRequest) -> HttpResponse:
    """Who holds this box, who may look, and which invitations are open."""
    box = _box(request)
    if box is None:
        boxes = KeepsakeBox.objects.visible_to(request.reader).select_related("family").order_by("created_at", "pk")
        return render(request, "families/which.html", {"boxes": [_named(one, request) for one in boxes]})
    family, now = box.family, timezone.now()
    circle = Circle.of(box, request.reader.account)
    context = {
        "box": box,
        "circle": circle,
        "title": circle.title(box.name),
        "mine": family.relatives.current().filter(account=_me(request)).first(),
        "invitations": arriving.that_count(now).filter(family=family).select_related("made_by__profile"),
        "here": _with("families:people", box),
    }
    return render(request, "families/people.html", context)


def _named(box: KeepsakeBox, request: ReaderRequest) -> dict[str, str]:
    title = Circle.of(box, request.reader.account).title(box.name)
    return {"title": title, "url": _with("families:people", box)}


@signed_in
@paced(INVITING, "POST")
@_forms
def invite(request: ReaderRequest) -> HttpResponse:
    """Invite somebody; link and code are shown this once."""
    box, now = _held(request), timezone.now()
    form = InviteForm(request.POST if request.method == "POST" else None, initial={"page_from": now})
    context = {"form": form, "box": box, "here": _with("families:people", box)}
    if not form.is_valid():
        return render(request, "families/invite.html", context, status=422 if form.errors else 200)
    if not take(INVITING, str(_me(request).pk), now):
        form.add_error(None, _("That is many invitations in one hour. Try again a little later."))
        return render(request, "families/invite.html", context, status=429)
    said = form.cleaned_data
    made, code = arriving.invite_once(
        box.family, _me(request), said["role"], name=said["name"], page_from=said["page_from"], now=now
    )
    link = request.build_absolute_uri(reverse("families:invited", args=[made.pk]))
    return render(request, "families/made.html", context | {"invitation": made, "code": code, "link": link})


@signed_in
@require_POST
def take_back(request: ReaderRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """Let nobody use an invitation any more."""
    found = Invitation.objects.filter(pk=invitation_id, family__in=request.reader.families).first()
    if found is None:
        raise Http404
    found.take_back(_me(request), timezone.now())
    return _back_to_people(request, found.family_id)


@signed_in
@require_POST
def look_no_more(request: ReaderRequest, relative_id: uuid.UUID) -> HttpResponse:
    """End a relative's place: a parent does, or they themselves."""
    found = Relative.objects.filter(pk=relative_id).first()
    if found is None or not (found.family_id in request.reader.families or found.account_id == _me(request).pk):
        raise Http404
    leaving.look_no_more(found, _me(request), timezone.now())
    return _back_to_people(request, found.family_id)


def _back_to_people(request: ReaderRequest, family: uuid.UUID) -> HttpResponse:
    box = KeepsakeBox.objects.visible_to(request.reader).filter(family=family, family__in=request.reader.families).first()
    return redirect(_with("families:people", box) if box else "families:people")
