"""The box: its tray, making it, putting something in, its days, its settings, erasing it whole."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alongside import ids
from alongside.accounts import fresh
from alongside.accounts.doors import asks_first, shows_again, signed_in
from alongside.accounts.models import Account, may_keep
from alongside.families import arriving
from alongside.families.models import NotAParent
from alongside.keepsakes import shown
from alongside.keepsakes.erasing import Gone, agree_to_erase_box, take_back_erasing_box
from alongside.keepsakes.files.looking import looking_at
from alongside.keepsakes.forms import BoxForm, PlaceForm
from alongside.keepsakes.models import Cloth, KeepsakeBox, Memory
from alongside.keepsakes.models.box import SaidMeanwhile
from alongside.request_reader import ReaderRequest, device_of
from alongside.sheets.keeping import put_along, to_put, words_to_put
from alongside.sheets.models import Sheet
from alongside.stories.telling.page import told_from

_OF_PARENTS = [Memory.Kind.TEXT, Memory.Kind.PHOTO, Memory.Kind.VOICE, Memory.Kind.OBJECT, Memory.Kind.DATE]


@signed_in
@require_safe
def home(request: ReaderRequest) -> HttpResponse:
    """A box as a shallow tray; with none, room for one."""
    boxes, now = shown.boxes_of(request.reader), timezone.now()
    closed = shown.closed_boxes(request.reader, now)
    if not boxes and "box" not in request.GET:
        return render(request, "keepsakes/none.html", {"closed": closed})
    box = _chosen(request)
    asked = box.held and arriving.waits_for(box.row.family, request.reader.account, now).exists()
    context = {
        "box": box,
        "came_lately": box.circle.came_lately(now),
        "is_asked": asked,
        "things": shown.keepsakes(box, request.reader, looking_at(request)),
        "let_go_of": shown.let_go_of(box.row, request.reader, now),
        "closed": closed,
        "stories": told_from(box.row, request.account),
        "others": [shown.box_link(one, request.reader) for one in boxes if one.pk != box.id],
    }
    return render(request, "keepsakes/box.html", context)


@signed_in
@shows_again(lambda request, more: _as_typed(request, "keepsakes/new.html", PlaceForm, more))
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ReaderRequest) -> HttpResponse:
    """Make a place: a name or none, a colour, and nothing else."""
    assert request.account is not None
    if not may_keep(request.account):
        return redirect("accounts:agreed")
    form = PlaceForm(
        request.POST if request.method == "POST" else None, initial={"id": ids.show(ids.new_id()), "cloth": Cloth.SLATE}
    )
    along = _along(request, request.account)
    if not form.is_valid():
        context = {"form": form, "along": along, "says": words_to_put(along)}
        return render(request, "keepsakes/new.html", context, status=422 if form.is_bound else 200)
    said, now = form.cleaned_data, timezone.now()
    box = KeepsakeBox.make_place(request.account, said["id"], form.babies(), cloth=said["cloth"], now=now)
    if along:
        put_along(along, box, request.account, now)
    return redirect(_address("keepsakes:box", box.pk))


def _as_typed(request: HttpRequest, page: str, form: type[PlaceForm], more: dict[str, Any]) -> HttpResponse:
    """A form once more, with everything as it was typed."""
    return render(request, page, {"form": form(request.POST), **more}, status=422)


def _along(request: ReaderRequest, account: Account) -> Sheet | None:
    """Return the sheet whose words go into a new box with it, if the page was opened from one."""
    try:
        pk = ids.read(request.POST.get("words") or request.GET.get("words", ""))
    except ValueError:
        return None
    return to_put(pk, account, device_of(request))


@signed_in
@require_safe
def add(request: ReaderRequest) -> HttpResponse:
    """Which kind of thing; its own page is the paper it is written on."""
    box = _chosen(request)
    kinds = _OF_PARENTS if box.held else [Memory.Kind.TRIBUTE]
    fresh_id = ids.new_id()
    context = {"box": box, "kinds": [str(kind) for kind in kinds], "fresh_id": fresh_id}
    return render(request, "keepsakes/add.html", context)


@signed_in
@require_safe
def timeline(request: ReaderRequest) -> HttpResponse:
    """What is in the box by its days, quietly."""
    box = _chosen(request)
    years = shown.timeline(shown.keepsakes(box, request.reader))
    return render(request, "keepsakes/time.html", {"box": box, "years": years})


@signed_in
@shows_again(lambda request, more: _as_typed(request, "keepsakes/settings.html", BoxForm, more))
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: ReaderRequest) -> HttpResponse:
    """How the box is called, of whom it is, its colour; and the ways out. A name is taken out only by who shows it is them."""
    assert request.account is not None
    box = _held(request)
    form = BoxForm(
        request.POST if request.method == "POST" else None,
        babies=box.row.told(),
        initial={"called": box.row.name, "cloth": box.cloth, "id": box.shown_id, "mark": box.row.mark()},
    )
    if form.is_valid():
        if not box.row.names() <= form.names() and not fresh.is_fresh(request.session):
            return redirect(fresh.ask(_address("keepsakes:settings", box.id)))
        said = form.cleaned_data
        try:
            box.row.say_anew(
                request.account, said["mark"], form.babies(), name=said["called"].strip(), cloth=said["cloth"]
            )
            return redirect(_address("keepsakes:box", box.id))
        except SaidMeanwhile:
            form.look_again(box.row.mark(), box.row.names())
    context = {"box": box, "form": form, "parents": shown.parents_and_yes(box)}
    return render(request, "keepsakes/settings.html", context, status=422 if form.is_bound else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: ReaderRequest) -> HttpResponseBase:
    """Say yes to erasing the whole box; with every parent's yes it is closed."""
    assert request.account is not None
    if request.method == "POST" and request.POST.get("do") == "back":
        return _take_back(request)
    box = _held(request)
    parents, here = shown.parents_and_yes(box), _address("keepsakes:erase", box.id)
    alone = len(parents) == 1
    if request.POST.get("when") in {"now", "later"}:
        at_once = request.POST["when"] == "now" and alone
        if at_once and (first := asks_first(request, f"{here}&for-good")):
            return first
        closed = agree_to_erase_box(box.row, request.account, timezone.now(), fresh=at_once)
        return redirect("keepsakes:box") if closed else redirect(_address("keepsakes:settings", box.id))
    if alone and "for-good" in request.GET:
        return render(request, "for_good.html", {"what": box.title, "box_id": box.shown_id, "back": here})
    said = any(yes for _, yes, me in parents if me)
    context = {"box": box, "parents": parents, "alone": alone, "said": said}
    return render(request, "keepsakes/erase_box.html", context)


def _take_back(request: ReaderRequest) -> HttpResponse:
    """Unsay a yes to erasing a box, also while it is closed and before it is due; raise Http404."""
    assert request.account is not None
    box = shown.closed_or_open(request.reader, _asked(request))
    if box is None:
        raise Http404
    try:
        take_back_erasing_box(box, request.account, timezone.now())
    except (Gone, NotAParent) as error:
        raise Http404 from error
    return redirect(_address("keepsakes:box", box.pk))


def _chosen(request: ReaderRequest) -> shown.ShownBox:
    """Return the box that ``?box=`` names, or the first there is; raise Http404."""
    asked = _asked(request)
    boxes = shown.boxes_of(request.reader)
    found = next((box for box in boxes if asked is None or box.pk == asked), None)
    if found is None:
        raise Http404
    return shown.box_head(found, request.reader)


def _held(request: ReaderRequest) -> shown.ShownBox:
    """Return the same, where the one who looks is a parent of it; raise Http404."""
    box = _chosen(request)
    if not box.held:
        raise Http404
    return box


def _asked(request: ReaderRequest) -> uuid.UUID | None:
    said = request.POST.get("box") or request.GET.get("box", "")
    try:
        return ids.read(said) if said else None
    except ValueError as error:
        raise Http404 from error


def _address(name: str, box: uuid.UUID) -> str:
    return f"{reverse(name)}?box={ids.show(box)}"
