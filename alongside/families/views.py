"""Who holds a box and who may look; inviting, coming in, leaving. Nothing here removes a parent, but they themselves."""

from __future__ import annotations

import contextlib
import uuid
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alongside import ids
from alongside.accounts import fresh, joining
from alongside.accounts.doors import signed_in
from alongside.accounts.models import Account, may_keep
from alongside.families import arriving
from alongside.families.arriving import AlreadyHere
from alongside.families.forms import AnswersForm, CodeForm, InviteForm, LeaveForm
from alongside.families.invitation import InvitationOver
from alongside.families.models import Invitation, Relative
from alongside.keepsakes.models import KeepsakeBox
from alongside.keepsakes.models.box import KeepsakeBoxQuerySet
from alongside.keepsakes.people import Circle, listed, name_of
from alongside.pacing.bucket import Pace, paced, take
from alongside.request_reader import ReaderRequest
from alongside.stories import coming_and_going, shared_page
from alongside.stories.coming_and_going import Answer, SharedMeanwhile
from alongside.stories.photographs import open_photo
from alongside.stories.shared_page import from_here
from alongside.visibility.reader import Reader

INVITING = Pace("inviting", size=20, per_hour=20)
TRYING_CODES = Pace("trying-invitations", size=30, per_hour=30)
"""Codes that one household types; each invitation besides bears eight wrong ones."""
_INVITED = "invited"
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
        "invitations": arriving.that_count(now).filter(family=family).select_related("made_by__profile"),
        **_around(box),
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
    context = {"form": form, **_around(box)}
    if not form.is_valid():
        return render(request, "families/invite.html", context, status=422 if form.errors else 200)
    if not take(INVITING, str(_me(request).pk), now):
        form.add_error(None, _("That is many invitations in one hour. Try again a little later."))
        return render(request, "families/invite.html", context, status=429)
    said = form.cleaned_data
    name = said["name"] if may_keep(_me(request)) else ""
    made, code = arriving.invite_once(
        box.family, _me(request), said["role"], name=name, page_from=said["page_from"], now=now
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
    if found.left_at is None:
        found.part(_me(request), timezone.now())
    return _back_to_people(request, found.family_id)


def _back_to_people(request: ReaderRequest, family: uuid.UUID) -> HttpResponse:
    box = (
        KeepsakeBox.objects.visible_to(request.reader).filter(family=family, family__in=request.reader.families).first()
    )
    return redirect(_with("families:people", box) if box else "families:people")


@paced(TRYING_CODES, "POST")
@sensitive_post_parameters()
@_forms
def invited(request: ReaderRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """Somebody's link. With the code that came apart: who invites, and to what. All that is over looks alike (V6)."""
    if (here := _place_of(request, invitation_id)) is not None:
        return redirect(here)
    found = arriving.find(invitation_id, request.account, timezone.now())
    if found is None:
        raise Http404
    if _has_shown(request, found):
        return _show(request, found)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if _opens(found, form.cleaned_data["code"]):
            request.session[_INVITED] = ids.show(found.pk)
            return redirect("families:invited", found.pk)
        form.add_error("code", _("That isn’t the code for this link. Look again at what was sent to you."))
    context = {"form": form, "invitation": found}
    return render(request, "families/code.html", context, status=422 if form.errors else 200)


def _opens(invitation: Invitation, code: str) -> bool:
    try:
        return invitation.opens_with(code, timezone.now())
    except InvitationOver:
        raise Http404 from None


def _has_shown(request: ReaderRequest, invitation: Invitation) -> bool:
    """Whether this browser has shown the code of just this invitation."""
    return bool(request.session.get(_INVITED) == ids.show(invitation.pk))


def _place_of(request: ReaderRequest, invitation_id: uuid.UUID) -> str | None:
    """Return where somebody belongs who holds the box already, or has come in by this very invitation."""
    found = Invitation.objects.filter(pk=invitation_id).first() if request.account else None
    if found is None:
        return None
    if found.family_id in request.reader.families:
        return _to_box(request, found.family_id, "families:people")
    came = found.accepted_by_id == request.reader.account and found.family_id in request.reader.relatives.values()
    return _to_box(request, found.family_id) if came else None


def _to_box(request: ReaderRequest, family: uuid.UUID, name: str = BOX) -> str:
    # Asked anew: they may have come in a moment ago.
    box = KeepsakeBox.objects.visible_to(Reader.of(_me(request))).filter(family=family).order_by("created_at").first()
    return _with(name, box) if box else reverse(BOX)


def _show(request: ReaderRequest, invitation: Invitation, said: QueryDict | None = None, **more: Any) -> HttpResponse:
    """Who invites, to what, and what there is to say yes to. A guest is led in first, and comes back here."""
    if request.account is None:
        # Also where joining takes an invitation, this is one.
        joining.invited(request.session)
    context: dict[str, Any] = {"invitation": invitation, "who": name_of(invitation.made_by), **more}
    context["is_guest"] = request.account is None
    context["box_words"] = coming_and_going.box_words(invitation)
    context["next"] = urlencode({"next": reverse("families:invited", args=[invitation.pk])})
    if request.account and invitation.role == Invitation.Role.PARENT:
        shared = coming_and_going.shared_with(invitation, request.account, timezone.now())
        form = AnswersForm({one.story.pk: one.mark for one in shared}, said)
        asked = request.GET if from_here(request) else QueryDict()
        context |= {"form": form, "stories": shared_page.rows(invitation.pk, shared, form.of, asked)}
    elif request.account:
        context["looks_already"] = invitation.family_id in request.reader.relatives.values()
    return render(request, "families/invited.html", context, status=422 if said is not None else 200)


@signed_in
@require_POST
def come_in(request: ReaderRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """Say yes: as a relative, or as a parent with an answer to each story that is shared (C7)."""
    if (here := _place_of(request, invitation_id)) is not None:
        return redirect(here)
    found = arriving.find(invitation_id, _me(request), timezone.now())
    if found is None or not _has_shown(request, found):
        raise Http404
    try:
        if not _says_yes(request, found):
            return _show(request, found, request.POST)
    except SharedMeanwhile:
        return _show(request, found, has_changed=True)
    except (AlreadyHere, InvitationOver):
        raise Http404 from None
    request.session.pop(_INVITED, None)
    return redirect(_to_box(request, found.family_id))


def _says_yes(request: ReaderRequest, invitation: Invitation) -> bool:
    """Let them in; False while an answer is missing. Raise SharedMeanwhile, AlreadyHere, InvitationOver."""
    me, now = _me(request), timezone.now()
    if invitation.role == Invitation.Role.RELATIVE:
        arriving.look_with(invitation, me, now)
        return True
    shared = coming_and_going.shared_with(invitation, me, now)
    form = AnswersForm({one.story.pk: one.mark for one in shared}, request.POST)
    if form.is_valid():
        answers = {story: Answer(*said) for story, said in form.answers().items()}
        coming_and_going.hold_with(invitation, me, answers, now)
    return form.is_valid()


@signed_in
@require_safe
def photo(request: ReaderRequest, invitation_id: uuid.UUID, photo_id: uuid.UUID) -> HttpResponse:
    """A photograph in what is shared, for whom it is asked about; asked of the invitation each time (V7)."""
    found = arriving.find(invitation_id, _me(request), timezone.now())
    if found is None or found.role != Invitation.Role.PARENT or not _has_shown(request, found):
        raise Http404
    for one in coming_and_going.shared_with(found, _me(request), timezone.now()):
        if ids.show(photo_id) in one.photos():
            return HttpResponse(open_photo(one.story, photo_id), content_type="image/webp")
    raise Http404


@signed_in
@_forms
def leave(request: ReaderRequest) -> HttpResponse:
    """Leave a box: with a copy or without. Everything that follows is said before."""
    box, me = _held(request), _me(request)
    circle = Circle.of(box, me.pk)
    context: dict[str, Any] = {"title": circle.title(box.name), **_around(box)}
    others = [one.name for one in circle.parents if one.account != me.pk]
    if not others:
        return render(request, "families/alone.html", context)
    if not fresh.is_fresh(request.session):
        return redirect(fresh.ask(_with("families:leave", box)))
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        own = coming_and_going.leave(box.family, me, now=timezone.now(), **form.wishes())
        return redirect(_with(BOX, own) if own else "families:left")
    told = coming_and_going.told_and_shared(box.family, me)
    context |= {"form": form, "others": listed(others), "told": told, "relatives": circle.relatives}
    return render(request, "families/leave.html", context, status=422 if form.errors else 200)


@signed_in
@require_safe
def left(request: ReaderRequest) -> HttpResponse:
    """Left, without a copy."""
    return render(request, "families/left.html")
