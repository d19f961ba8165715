"""Who holds a box and who may look; inviting, leaving. Nothing here removes a parent, but they themselves."""

from __future__ import annotations

import contextlib
import uuid
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alongside import ids
from alongside.accounts import fresh
from alongside.accounts.doors import as_typed, shows_again, signed_in
from alongside.accounts.models import Account, may_keep
from alongside.families import arriving
from alongside.families.forms import InviteForm, LeaveForm
from alongside.families.invitation import InvitationOver
from alongside.families.models import HoldsItAlone, Invitation, NotAParent, Relative
from alongside.keepsakes.models import KeepsakeBox
from alongside.keepsakes.models.box import KeepsakeBoxQuerySet
from alongside.keepsakes.people import Circle, listed, name_of
from alongside.pacing.bucket import Pace, paced, take
from alongside.request_reader import ReaderRequest
from alongside.stories import coming_and_going

INVITING = Pace("inviting", size=20, per_hour=20)
BOX = "keepsakes:box"
_forms = require_http_methods(["GET", "HEAD", "POST"])


def _me(request: ReaderRequest) -> Account:
    return cast(Account, request.account)


def _one(request: ReaderRequest, boxes: KeepsakeBoxQuerySet) -> KeepsakeBox | None:
    """Return the box that the address names, or the only one; None where one has to be chosen. Raise Http404."""
    boxes = boxes.select_related("family").order_by("created_at", "pk")
    if named := request.GET.get("box", ""):
        with contextlib.suppress(ValueError):
            return get_object_or_404(boxes, pk=ids.read(named))
        raise Http404
    found = list(boxes[:2])
    return found[0] if len(found) == 1 else None


def _held(request: ReaderRequest) -> KeepsakeBox:
    """Return the box that the address names, or the only one, of those that this reader holds; raise Http404."""
    box = _one(request, KeepsakeBox.objects.visible_to(request.reader).filter(family__in=request.reader.families))
    if box is None:
        raise Http404
    return box


def _with(name: str, box: KeepsakeBox) -> str:
    return f"{reverse(name)}?{urlencode({'box': ids.show(box.pk)})}"


def _around(box: KeepsakeBox) -> dict[str, str]:
    """Return where one goes from a page about the people of a box."""
    names = {"box_url": BOX, "here": "families:people", "invite_url": "families:invite", "leave_url": "families:leave"}
    names["erase_url"] = "keepsakes:erase"
    return {key: _with(name, box) for key, name in names.items()}


@signed_in
@require_safe
def people(request: ReaderRequest) -> HttpResponse:
    """Who holds this box, who may look, and which invitations are open."""
    boxes = KeepsakeBox.objects.visible_to(request.reader)
    box = _one(request, boxes)
    if box is None:
        return render(request, "families/which.html", {"boxes": [_named(one, request) for one in boxes]})
    family, now = box.family, timezone.now()
    circle = Circle.of(box, request.reader.account)
    context = {
        "circle": circle,
        "title": circle.title(box.name),
        "mine": family.relatives.current().filter(account=_me(request)).first(),
        "invitations": _invitations(box, _me(request), now) if circle.viewer_holds_it else [],
        **_around(box),
    }
    return render(request, "families/people.html", context)


def _invitations(box: KeepsakeBox, me: Account, now: datetime) -> list[dict[str, Any]]:
    """Return the invitations nobody has used, each with whose yes it waits for, and whether this parent's is among it."""
    found: list[dict[str, Any]] = []
    for one in arriving.that_stand(now).filter(family=box.family_id).select_related("family", "made_by__profile"):
        lacks = [parent.account for parent in arriving.waiting_for(one)]
        others = listed([name_of(account) for account in lacks if account != me])
        found.append({"row": one, "others": others, "asks_me": me in lacks})
    return found


def _named(box: KeepsakeBox, request: ReaderRequest) -> dict[str, str]:
    title = Circle.of(box, request.reader.account).title(box.name)
    return {"title": title, "url": _with("families:people", box)}


@signed_in
@paced(INVITING, "POST")
@shows_again(lambda request, more: _as_typed(request, more))
@_forms
def invite(request: ReaderRequest) -> HttpResponseBase:
    """Invite somebody; link and code are shown this once. Asks first whether it is still them (T1)."""
    box, now = _held(request), timezone.now()
    if not fresh.is_fresh(request.session):
        there = fresh.ask(_with("families:invite", box))
        return as_typed(invite, request, "not-shown", there) or redirect(there)
    form = InviteForm(request.POST if request.method == "POST" else None, initial={"page_from": now})
    context = {"form": form, "others": _others(box, _me(request)), **_around(box)}
    if not form.is_valid():
        return render(request, "families/invite.html", context, status=422 if form.errors else 200)
    if not take(INVITING, str(_me(request).pk), now):
        form.add_error(None, _("That is many invitations in one hour. Try again a little later."))
        return render(request, "families/invite.html", context, status=429)
    said = form.cleaned_data
    name = said["name"] if may_keep(_me(request)) else ""
    made, code, instead = arriving.invite_once(
        box.family, _me(request), said["role"], name=name, page_from=said["page_from"], now=now
    )
    link = request.build_absolute_uri(reverse("families:invited", args=[made.pk]))
    return render(
        request, "families/made.html", context | {"invitation": made, "code": code, "link": link, "instead": instead}
    )


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
def say_yes(request: ReaderRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """Agree that another parent is let in. Asks first whether it is still them (T1)."""
    found = Invitation.objects.filter(pk=invitation_id, family__in=request.reader.families).first()
    if found is None or found.role != Invitation.Role.PARENT:
        raise Http404
    here = _back_to_people(request, found.family_id)
    if not fresh.is_fresh(request.session):
        return redirect(fresh.ask(here.url))
    with contextlib.suppress(InvitationOver):
        found.say_yes(_me(request), timezone.now())
    return here


@signed_in
@require_POST
def look_no_more(request: ReaderRequest, relative_id: uuid.UUID) -> HttpResponse:
    """End a relative's place: a parent does, or they themselves."""
    found = Relative.objects.filter(pk=relative_id).first()
    if found is None or not (found.family_id in request.reader.families or found.account_id == _me(request).pk):
        raise Http404
    if found.left_at is None:
        found.part(_me(request), timezone.now())
    return _back_to_people(request, found.family_id)


def _as_typed(request: HttpRequest, more: dict[str, Any]) -> HttpResponse:
    """The form for inviting once more, with everything as it was typed."""
    context = {"form": InviteForm(request.POST), "here": reverse("families:people"), **more}
    return render(request, "families/invite.html", context, status=403)


def _others(box: KeepsakeBox, me: Account) -> str:
    """Return the names of those who hold it with them, "" for nobody."""
    return listed([one.name for one in Circle.of(box, me.pk).parents if one.account != me.pk])


def _back_to_people(request: ReaderRequest, family: uuid.UUID) -> HttpResponseRedirect:
    box = (
        KeepsakeBox.objects.visible_to(request.reader).filter(family=family, family__in=request.reader.families).first()
    )
    return redirect(_with("families:people", box) if box else "families:people")


@signed_in
@_forms
def leave(request: ReaderRequest) -> HttpResponse:
    """Leave a box: with a copy or without. Everything that follows is said before."""
    box, me = _held(request), _me(request)
    circle = Circle.of(box, me.pk)
    context: dict[str, Any] = {"title": circle.title(box.name), **_around(box)}
    others = _others(box, me)
    if not others:
        return render(request, "families/alone.html", context)
    if not fresh.is_fresh(request.session):
        return redirect(fresh.ask(_with("families:leave", box)))
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            own = coming_and_going.leave(box.family, me, now=timezone.now(), **form.wishes())
        except HoldsItAlone:  # the other left at this moment
            return render(request, "families/alone.html", context)
        except NotAParent:  # they themselves did, on another page
            own = None
        return redirect(_with(BOX, own) if own else "families:left")
    told = coming_and_going.told_and_shared(box.family, me)
    context |= {"form": form, "others": others, "told": told, "relatives": circle.relatives}
    return render(request, "families/leave.html", context, status=422 if form.errors else 200)


@signed_in
@require_safe
def left(request: ReaderRequest) -> HttpResponse:
    """Left, without a copy."""
    return render(request, "families/left.html")
