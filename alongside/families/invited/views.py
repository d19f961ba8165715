"""Somebody's link: the code that came apart from it, what it is about, and coming in."""

from __future__ import annotations

import uuid
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alongside import ids
from alongside.accounts import joining
from alongside.accounts.doors import signed_in
from alongside.accounts.models import Account
from alongside.families import arriving
from alongside.families.arriving import AlreadyHere
from alongside.families.forms import AnswersForm, CodeForm
from alongside.families.invitation import InvitationOver
from alongside.families.models import Invitation
from alongside.keepsakes.models import KeepsakeBox
from alongside.keepsakes.people import name_of
from alongside.media import ranges
from alongside.media.sounds import CONTENT_TYPE
from alongside.pacing.bucket import Pace, paced
from alongside.request_reader import ReaderRequest
from alongside.request_safety import from_here
from alongside.stories import coming_and_going, shared_page
from alongside.stories.coming_and_going import Answer, Shared, SharedMeanwhile
from alongside.stories.photographs import open_photo
from alongside.stories.recordings import open_sound
from alongside.visibility.reader import Reader

TRYING_CODES = Pace("trying-invitations", size=30, per_hour=30)
"""Codes that one household types; each invitation besides bears eight wrong ones."""
BOX = "keepsakes:box"
_INVITED = "invited"


def _me(request: ReaderRequest) -> Account:
    return cast(Account, request.account)


@paced(TRYING_CODES, "POST")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: ReaderRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """Somebody's link. With the code that came apart: who invites, and to what. All that is over looks alike (V6)."""
    if (here := _place_of(request, invitation_id)) is not None:
        return redirect(here)
    found = arriving.find(invitation_id, timezone.now())
    if found is None:
        raise Http404
    if _has_shown(request, found):
        return _show(request, found)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if _opens(request, found, form.cleaned_data["code"]):
            request.session[_INVITED] = ids.show(found.pk)
            return redirect("families:invited", found.pk)
        form.add_error("code", _("That isn’t the code for this link. Look again at what was sent to you."))
    context = {"form": form, "invitation": found}
    return render(request, "families/code.html", context, status=422 if form.errors else 200)


def _opens(request: ReaderRequest, invitation: Invitation, code: str) -> bool:
    try:
        return arriving.opens(invitation, code, request.account, timezone.now())
    except InvitationOver:
        raise Http404 from None


def _has_shown(request: ReaderRequest, invitation: Invitation) -> bool:
    """Whether this browser has shown the code of just this invitation; behind a block it never has (V4)."""
    shown = request.session.get(_INVITED) == ids.show(invitation.pk)
    return shown and arriving.may_meet(invitation.family, request.account)


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
    return f"{reverse(name)}?{urlencode({'box': ids.show(box.pk)})}" if box else reverse(BOX)


def _show(request: ReaderRequest, invitation: Invitation, said: QueryDict | None = None, **more: Any) -> HttpResponse:
    """Who invites, to what, and what there is to say yes to. A guest is led in first, and comes back here."""
    if request.account is None:
        # Also where joining takes an invitation, this is one.
        joining.invited(request.session, invitation.pk)
    context: dict[str, Any] = {"invitation": invitation, "who": name_of(invitation.made_by), **more}
    context["is_guest"] = request.account is None
    context["waits"] = bool(arriving.waiting_for(invitation))
    context["box_words"] = coming_and_going.box_words(invitation)
    context["next"] = urlencode({"next": reverse("families:invited", args=[invitation.pk])})
    if request.account and invitation.role == Invitation.Role.PARENT and not context["waits"]:
        shared = coming_and_going.shared_with(invitation, request.account, timezone.now())
        form = AnswersForm({one.story.pk: one.mark for one in shared}, said)
        asked = request.GET if from_here(request) else QueryDict()
        context |= {"form": form, "stories": shared_page.rows(invitation.pk, shared, form.of, asked)}
    elif request.account and invitation.role == Invitation.Role.RELATIVE:
        context["looks_already"] = invitation.family_id in request.reader.relatives.values()
    return render(request, "families/invited.html", context, status=422 if said is not None else 200)


@signed_in
@require_POST
def come_in(request: ReaderRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """Say yes: as a relative, or as a parent with an answer to each story that is shared (C7)."""
    if (here := _place_of(request, invitation_id)) is not None:
        return redirect(here)
    found = arriving.find(invitation_id, timezone.now())
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
    if arriving.waiting_for(invitation):
        raise InvitationOver(ids.show(invitation.pk))
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
    for one in _shared_with(request, invitation_id):
        if ids.show(photo_id) in one.photos():
            return HttpResponse(open_photo(one.story, photo_id), content_type="image/webp")
    raise Http404


@signed_in
@require_safe
def sound(request: ReaderRequest, invitation_id: uuid.UUID, sound_id: uuid.UUID) -> HttpResponse:
    """A recording in what is shared, for whom it is asked about; asked of the invitation each time (V7)."""
    for one in _shared_with(request, invitation_id):
        if ids.show(sound_id) in one.sounds():
            part = ranges.part(request.headers.get("Range", ""), open_sound(one.story, sound_id))
            return HttpResponse(part.content, content_type=CONTENT_TYPE, status=part.status, headers=part.headers)
    raise Http404


def _shared_with(request: ReaderRequest, invitation_id: uuid.UUID) -> list[Shared]:
    """Return what is shared, for who is asked to hold it too; raise Http404 for anybody else."""
    found = arriving.find(invitation_id, timezone.now())
    if found is None or found.role != Invitation.Role.PARENT or not _has_shown(request, found):
        raise Http404
    if arriving.waiting_for(found):
        raise Http404
    return coming_and_going.shared_with(found, _me(request), timezone.now())
