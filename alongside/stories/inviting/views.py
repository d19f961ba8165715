"""The parents' page of who is invited to a story; and what somebody's link opens: a code once, then the story."""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alongside.accounts import fresh
from alongside.accounts.doors import as_typed, shows_again, signed_in
from alongside.accounts.models import TooOften, may_keep
from alongside.pacing.bucket import Pace, household, paced, take
from alongside.request_reader import ReaderRequest
from alongside.stories.inviting import carried, naming, opening
from alongside.stories.inviting.forms import CodeForm, NameForm
from alongside.stories.models import Link, LinkOver, Story
from alongside.stories.telling.doors import held, me
from alongside.visibility.audience import Audience

NAMING = Pace("naming-readers", size=20, per_hour=20)
_forms = require_http_methods(["GET", "HEAD", "POST"])


def _link(request: ReaderRequest, story_id: uuid.UUID, link_id: uuid.UUID) -> Link:
    """Return somebody's link to such a story, with it; raise Http404."""
    story = held(request, story_id)
    link = get_object_or_404(story.links.live(timezone.now()), pk=link_id)
    link.story = story
    return link


def _page_of(story_id: uuid.UUID) -> str:
    return reverse("inviting:people", args=[story_id])


@signed_in
@require_safe
def people(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponse:
    """Who is invited, until when, whether they have come, and what waits for whose yes."""
    story = held(request, story_id)
    context = {
        "story": story,
        "people": naming.named(story, me(request), timezone.now()),
        "shared": story.stands_open and story.audience == Audience.INVITED,
        "anyone": story.stands_open and story.audience == Audience.OPEN,
    }
    return render(request, "inviting/people.html", context)


@signed_in
@paced(NAMING, "POST")
@shows_again(lambda request, more: _as_typed(request, more))
@_forms
def add(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponseBase:
    """Name somebody; link and code are shown this once. Asks first whether it is still them (T1)."""
    story, by, now = held(request, story_id), me(request), timezone.now()
    if not may_keep(by):
        return redirect("accounts:agreed")
    if not fresh.is_fresh(request.session):
        there = fresh.ask(request.path)
        return as_typed(add, request, "not-shown", there) or redirect(there)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"page_from": now})
    context: dict[str, Any] = {"form": form, "others": naming.others_who_say_yes(story, by), "here": _page_of(story_id)}
    if form.is_valid() and not take(NAMING, str(by.pk), now):
        form.add_error(None, _("That is many people in one hour. Try again a little later."))
    if not form.is_valid():
        return render(request, "inviting/add.html", context, status=422 if form.errors else 200)
    said = form.cleaned_data
    made, code, instead = naming.name_once(
        story, by, said["name"], form.expires_at(now), page_from=said["page_from"], now=now
    )
    return _made(request, made, code, instead=instead, others=context["others"])


def _as_typed(request: HttpRequest, more: dict[str, Any]) -> HttpResponse:
    """The form once more, with everything as it was typed."""
    return render(request, "inviting/add.html", {"form": NameForm(request.POST), **more}, status=422)


def _made(request: ReaderRequest, link: Link, code: str, **more: Any) -> HttpResponse:
    """Link and code, to be sent two ways; the code is shown this once."""
    address = request.build_absolute_uri(reverse("inviting:link", args=[link.pk]))
    context = {"row": link, "link": address, "code": code, "here": _page_of(link.story_id), **more}
    return render(request, "inviting/made.html", context)


@signed_in
@require_POST
def say_yes(request: ReaderRequest, story_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """Agree that somebody reads it. Asks first whether it is still them (T1)."""
    link, here = _link(request, story_id, link_id), _page_of(story_id)
    if not fresh.is_fresh(request.session):
        return redirect(fresh.ask(here))
    with contextlib.suppress(LinkOver):
        link.say_yes(me(request), timezone.now())
    return redirect(here)


@signed_in
@require_POST
def take_back(request: ReaderRequest, story_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """Let somebody read it no more, at once; nothing is asked first. Twice is once."""
    for link in held(request, story_id).links.filter(pk=link_id):
        link.take_back(me(request), timezone.now())
    return redirect(_page_of(story_id))


@signed_in
@require_POST
def code(request: ReaderRequest, story_id: uuid.UUID, link_id: uuid.UUID) -> HttpResponse:
    """Make another code for somebody's link. Asks first whether it is still them (T1)."""
    link, here = _link(request, story_id, link_id), _page_of(story_id)
    if not fresh.is_fresh(request.session):
        return redirect(fresh.ask(here))
    try:
        again = link.change_code(me(request), timezone.now())
    except LinkOver:
        return redirect(here)
    return _made(request, link, again, is_another=True)


@sensitive_post_parameters()
@_forms
def link(request: ReaderRequest, link_id: uuid.UUID) -> HttpResponse:
    """Somebody's link: one page for every address there could be, until link and code belong together (V6)."""
    story = request.reader.links.get(link_id)
    if story is not None and Story.objects.visible_to(request.reader).filter(pk=story).exists():
        return redirect("stories:story", story)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            found = opening.find(
                link_id, form.cleaned_data["code"], request.reader, timezone.now(), household=household(request)
            )
        except TooOften:
            form.add_error(None, _("We’re going slowly with this link. Try again in an hour."))
            return render(request, "inviting/link.html", {"form": form}, status=429)
        if found is not None:
            cookie = carried.one_more(_carries(request), found.bind())
            return _carry(redirect("stories:story", found.story_id), cookie)
        form.add_error("code", _("This link and this code open nothing here. Look again at what was sent to you."))
    return render(request, "inviting/link.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def forget(request: ReaderRequest, link_id: uuid.UUID) -> HttpResponse:
    """Let this device read by a link no more; the link itself stays."""
    return _carry(redirect("stories:list"), carried.without(_carries(request), link_id))


def _carries(request: ReaderRequest) -> str:
    return request.COOKIES.get(settings.LINKS_COOKIE_NAME, "")


def _carry(answer: HttpResponse, cookie: str) -> HttpResponse:
    """Have the browser carry this from now on, or nothing."""
    if not cookie:
        answer.delete_cookie(settings.LINKS_COOKIE_NAME, samesite="Lax")
        return answer
    answer.set_cookie(
        settings.LINKS_COOKIE_NAME,
        cookie,
        max_age=carried.LASTS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer
