"""Writing: a blank sheet at once, with an account or without."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alongside import ids
from alongside.accounts import fresh
from alongside.accounts.doors import signed_in
from alongside.accounts.models import Account, may_keep
from alongside.database.viewer import acting_for
from alongside.keepsakes.models import KeepsakeBox
from alongside.keepsakes.paper import Paper, Sent, at_fault, not_agreed
from alongside.keepsakes.said import TooLong
from alongside.keepsakes.shown import box_head
from alongside.keepsakes.writing import LetGo
from alongside.pacing.bucket import WRITING, paced
from alongside.request_reader import ReaderRequest, device_of, gives_back, remember
from alongside.request_safety import from_our_pages
from alongside.sheets.device import Device
from alongside.sheets.keeping import NotAgreed, NothingWritten, bring_in_sheet, keep_for_later, keep_sheet
from alongside.sheets.models import Sheet
from alongside.sheets.page import answer_of, let_go_of, numbers, paper_of, settle, versions, why
from alongside.sheets.whose import find, of_device


@require_safe
def blank(request: ReaderRequest) -> HttpResponse:
    """A blank sheet at once."""
    device = device_of(request) or Device.fresh()
    answer = _show(request, paper_of(request.account, device, ids.new_id()), has_kept=_has_kept(request))
    # Before the first word: a browser writes a cookie to its disk half a minute late, and words need theirs (D1).
    return answer if request.account else remember(answer, device)


@from_our_pages
@gives_back(lambda request, status: _again(request, status))
@paced(WRITING, "POST")
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: ReaderRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """One sheet of mine, or of this device; a POST keeps what is on it."""
    if request.method == "POST":
        return _keep(request, sheet_id)
    device = device_of(request)
    if request.account and device:
        with suppress(LetGo):
            bring_in_sheet(sheet_id, request.account, device, timezone.now())
    found = _find(request, sheet_id, gone_too=True)
    if found.erase_at is not None:
        if not found.may_come_back(timezone.now()):
            raise Http404
        return redirect("sheets:bring_back", sheet_id)
    return _show(request, paper_of(request.account, device, sheet_id).with_text(found), heads=len(found.heads()))


def _keep(request: ReaderRequest, sheet_id: uuid.UUID) -> HttpResponse:
    sent, now = Sent.of(request.POST), timezone.now()
    device = device_of(request) or Device.fresh()
    writer = request.account or device
    paper = replace(paper_of(request.account, device, sheet_id), signed_in=bool(request.account))
    try:
        if sent.was_signed_in and request.account is None:
            return signed_out(request, sheet_id, device, sent, paper)
        with acting_for(writer.pk if isinstance(writer, Account) else writer.viewer):
            sheet_id, kept = keep_sheet(sheet_id, writer, sent, now)
    except (NothingWritten, NotAgreed, LetGo, TooLong) as problem:
        return _show(request, paper.with_sent(sent, why(problem)), status=422)
    if sent.is_quiet:
        answer: HttpResponse = JsonResponse(answer_of(kept, paper, signed_out=False))
    elif request.account is None and sent.presses_keep:
        answer = redirect("sheets:where", sheet_id)
    else:
        answer = redirect("sheets:sheet", sheet_id)
    return answer if request.account else remember(answer, device)


def signed_out(request: HttpRequest, text_id: uuid.UUID, device: Device, sent: Sent, paper: Paper) -> HttpResponse:
    """Keep words for this device, since the sign-in under which they were begun has run out; raise TooLong."""
    kept = keep_for_later(text_id, device, sent, timezone.now())
    if sent.is_quiet:
        return remember(JsonResponse(answer_of(kept, paper, signed_out=True)), device)
    again = replace(paper.with_sent(sent), base=kept.number, kept=True, signed_in=True)
    return remember(_show(request, again, signed_out=True), device)


@require_http_methods(["GET", "HEAD", "POST"])
def where(request: ReaderRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Kept for this device now; would she rather have a box of her own?"""
    found = _find(request, sheet_id)
    if request.account:
        return redirect("sheets:sheet", sheet_id)
    return render(request, "sheets/where.html", {"sheet": found})


@require_safe
def kept(request: ReaderRequest) -> HttpResponse:
    """Words kept for this device: out of sight until somebody asks to see them."""
    device = device_of(request)
    sheets = []
    if device and "show" in request.GET:
        with acting_for(device.viewer):
            for one in Sheet.objects.kept_for(device).newest_first():
                if not one.is_shown_to(request.account):
                    continue
                one.device = device
                sheets.append({"sheet": one, "said": one.now_says()})
    has_box = KeepsakeBox.objects.held_by(request.reader).exists()
    return render(request, "sheets/kept.html", {"sheets": sheets, "shown": "show" in request.GET, "has_box": has_box})


@signed_in
@require_http_methods(["POST"])
def take(request: ReaderRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Make words that were kept for this device my own."""
    assert request.account is not None
    if not may_keep(request.account):
        return redirect("accounts:agreed")
    try:
        mine = _there(of_device(device_of(request), sheet_id, gone_too=True)).take_over(request.account, timezone.now())
    except (LetGo, Sheet.DoesNotExist) as problem:
        raise Http404 from problem
    return redirect("sheets:sheet", mine.pk)


@signed_in
@require_safe
def mine(request: ReaderRequest) -> HttpResponse:
    """The sheets that only I see."""
    assert request.account is not None
    sheets = [
        {"sheet": one, "said": one.now_says()} for one in Sheet.objects.written_by(request.account).newest_first()
    ]
    context = {"sheets": sheets, "has_kept": _has_kept(request), "gone": let_go_of(request.account, timezone.now())}
    return render(request, "sheets/mine.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def put(request: ReaderRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Put a sheet into a box, where every parent of it can see it."""
    assert request.account is not None
    found, boxes = _find(request, sheet_id, gone_too=True), list(KeepsakeBox.objects.held_by(request.reader))
    if request.method == "POST" and boxes:
        chosen = next(
            (box for box in boxes if ids.show(box.pk) == request.POST.get("box", ids.show(boxes[0].pk))), None
        )
        if chosen is None:
            raise Http404
        # Where somebody else holds it they can read it from now on (T1); in a box of one's own nothing becomes wider.
        if chosen.family.parents.current().count() > 1 and not fresh.is_fresh(request.session):
            return redirect(fresh.ask(request.path))
        try:
            memory = found.put_in(chosen, request.account, timezone.now())
        except LetGo:
            return redirect("sheets:mine")
        return redirect("keepsakes:item", memory.pk)
    shown = [{"id": ids.show(box.pk), "head": box_head(box, request.reader)} for box in boxes]
    return render(request, "sheets/put.html", {"sheet": found, "boxes": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def beside(request: ReaderRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Two versions that were written at the same time, side by side."""
    found = _find(request, sheet_id)
    if request.method == "POST":
        chosen, shown = request.POST.getlist("choose"), request.POST.getlist("head")
        problem = settle(found, request.account, chosen, shown, timezone.now())
        return redirect(f"{request.path}?{problem}") if problem else redirect("sheets:sheet", sheet_id)
    heads = versions(found.heads(), mine=True)
    back = reverse("sheets:sheet", args=[sheet_id])
    return render(request, "writing/beside.html", {"heads": heads, "again": request.GET, "back": back})


@require_http_methods(["GET", "HEAD", "POST"])
def history(request: ReaderRequest, sheet_id: uuid.UUID) -> HttpResponse:
    """Every version that is kept, to read, to bring back, or to take out."""
    found = _find(request, sheet_id)
    if request.method == "POST":
        number = numbers([request.POST.get("number", "")])
        if not number or number[0] not in {version.number for version in found.history()}:
            raise Http404
        if request.POST.get("do") == "drop":
            if request.account and not fresh.is_fresh(request.session):
                return redirect(fresh.ask(request.path))
            found.drop_version(request.account, number[0])
        else:
            found.bring_back_version(request.account, number[0], timezone.now())
        return redirect("sheets:history", sheet_id)
    back, asks = reverse("sheets:sheet", args=[sheet_id]), request.account is not None
    context = {"versions": versions(found.history(), mine=True), "back": back, "asks": asks}
    return render(request, "writing/history.html", context)


def _find(request: ReaderRequest, pk: uuid.UUID, *, gone_too: bool = False) -> Sheet:
    """Return a sheet of whoever asks: an account's own, or without one this device's; raise Http404."""
    return _there(find(request.account, device_of(request), pk, gone_too=gone_too))


def _there(found: Sheet | None) -> Sheet:
    if found is None:
        raise Http404
    return found


def _has_kept(request: ReaderRequest) -> bool:
    """Whether this device keeps words without an account."""
    device = device_of(request)
    if device is None:
        return False
    with acting_for(device.viewer):
        return any(one.is_shown_to(request.account) for one in Sheet.objects.kept_for(device))


def _show(
    request: HttpRequest,
    paper: Paper,
    *,
    status: int = 200,
    heads: int = 1,
    has_kept: bool = False,
    signed_out: bool = False,
) -> HttpResponse:
    match = request.resolver_match
    context = {
        "paper": paper,
        "asks_yes": not_agreed() in paper.errors,
        "sheet_id": match.kwargs.get("sheet_id") if match else None,
        "two": heads > 1,
        "has_kept": has_kept,
        "signed_out": signed_out,
    }
    return render(request, "sheets/sheet.html", context, status=status)


def _again(request: HttpRequest, status: int) -> HttpResponse:
    """Her own page with every word, in the place of an error page; asks the database nothing."""
    sent = Sent.of(request.POST)
    paper = Paper.blank(request.path, "").with_sent(sent, at_fault(status))
    return _show(request, paper, status=status)
