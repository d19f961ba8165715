"""One keepsake: to look at, to write in, to show, to move, to let go and to bring back."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from alongside import ids
from alongside.accounts import fresh
from alongside.accounts.doors import asks_first, signed_in
from alongside.database.viewer import acting_for
from alongside.keepsakes import days, shown
from alongside.keepsakes.erasing import (
    Gone,
    bring_memory_back,
    is_theirs_alone,
    let_go_of_memory,
    that_can_come_back,
)
from alongside.keepsakes.files.keeping import may_open_for_all
from alongside.keepsakes.files.looking import looking_at
from alongside.keepsakes.items import desk
from alongside.keepsakes.models import KeepsakeBox, Memory
from alongside.keepsakes.paper import Paper, Sent, at_fault
from alongside.keepsakes.people import Circle
from alongside.keepsakes.said import TooLong
from alongside.keepsakes.writing import LetGo
from alongside.pacing.bucket import WRITING, paced
from alongside.request_reader import ReaderRequest, device_of, gives_back, remember
from alongside.request_safety import from_our_pages
from alongside.sheets.device import Device
from alongside.sheets.keeping import bring_in, keep_for_later
from alongside.sheets.models import Sheet
from alongside.stories.composing.choosing import BECOMES


@signed_in
@require_safe
def item(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """A single page, quiet."""
    memory = _find(request, item_id)
    box = shown.box_head(memory.box, request.reader)
    before, after = shown.beside(shown.keepsakes(box, request.reader), memory.pk)
    context = {
        "box": box,
        "thing": shown.keepsake(memory, box.circle, looking_at(request)),
        "before": before,
        "after": after,
        "may_write": desk.writable(request.reader, item_id) is not None,
        "may_tell": box.held and memory.kind in BECOMES,
        "may_let_go": shown.may_let_go(memory, box.circle),
        "may_open": box.circle.viewer is not None and may_open_for_all(memory, box.circle.viewer),
    }
    return render(request, "keepsakes/item.html", context)


@from_our_pages
@gives_back(lambda request, status: _again(request, status))
@paced(WRITING, "POST")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """Its paper; a POST keeps what is on it, and the first one begins the keepsake."""
    return _keep(request, item_id) if request.method == "POST" else _open(request, item_id)


@signed_in
def _open(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    memory, begins = desk.writable(request.reader, item_id), desk.Begins.of(request.GET)
    box = memory.box if memory else begins.find_box(request.reader)
    if box is None:
        raise Http404
    memory = _brought_in(request, item_id, memory, box, begins)
    if memory is None:
        paper = desk.blank(item_id, begins, request.account)
        return _show(request, paper, begins, who=Circle.of(box, request.reader.account))
    begins = desk.Begins("", memory.kind)
    paper = desk.blank(item_id, begins, request.account).with_text(memory)
    return _show(request, paper, begins, memory=memory, who=Circle.of(box, request.reader.account))


def _brought_in(
    request: ReaderRequest, pk: uuid.UUID, memory: Memory | None, box: KeepsakeBox, begins: desk.Begins
) -> Memory | None:
    """Bring in what this device kept for this keepsake while nobody was signed in; begin it if need be."""
    device, account = device_of(request), request.account
    if device is None or account is None:
        return memory
    with acting_for(device.viewer):
        waits = Sheet.objects.kept_for(device).meant_for_text(pk, account).exists()
    try:
        if waits:
            memory = memory or desk.begin(account, box, begins, pk, timezone.now())
            bring_in(memory, account, device, timezone.now())
    except (desk.NotHere, LetGo) as problem:
        # They stay on this device.
        raise Http404 from problem
    return memory


def _keep(request: ReaderRequest, pk: uuid.UUID) -> HttpResponse:
    sent, begins = desk.read_sent(request.POST), desk.Begins.of(request.POST)
    paper = desk.blank(pk, begins, request.account)
    try:
        if request.account is None:
            return _signed_out(request, pk, sent, paper, begins)
        if "text" not in request.POST:
            raise desk.NothingWritten
        kept = desk.keep(request.account, request.reader, pk, begins, sent, timezone.now())
    except desk.NotHere as problem:
        return _show(request, paper.with_sent(sent, desk.why(problem)), begins, status=404)
    except (desk.NothingWritten, desk.NotAgreed, LetGo, TooLong) as problem:
        return _refused(request, pk, paper.with_sent(sent, desk.why(problem)), begins, problem)
    if sent.is_quiet:
        return JsonResponse({"kept": True, "base": kept.number, "beside": kept.beside, "signed_out": False})
    unclear = days.unclear(sent.lines.get("day", ""))
    memory = desk.writable(request.reader, pk) if unclear else None
    if memory is not None:
        again = replace(paper.with_sent(sent), base=kept.number, kept=True)
        who = Circle.of(memory.box, request.account.pk)
        return _show(request, again, begins, status=422, memory=memory, who=who)
    return redirect("keepsakes:item", pk)


def _refused(
    request: ReaderRequest, pk: uuid.UUID, paper: Paper, begins: desk.Begins, problem: Exception
) -> HttpResponse:
    """Show what could not be kept on the page it came from, with all that stood around it, and which line it is."""
    memory = desk.writable(request.reader, pk)
    who = Circle.of(memory.box, request.reader.account) if memory else None
    line = problem.field if isinstance(problem, TooLong) and problem.field != "text" else ""
    return _show(request, paper, begins, status=422, memory=memory, who=who, line_wrong=line)


def _signed_out(request: ReaderRequest, pk: uuid.UUID, sent: Sent, paper: Paper, begins: desk.Begins) -> HttpResponse:
    """Keep words for this device, since the sign-in under which they were begun has run out; raise TooLong."""
    if sent.said().is_empty:
        return redirect(paper.sign_in)
    device = device_of(request) or Device.fresh()
    kept = keep_for_later(pk, device, sent, timezone.now())
    if sent.is_quiet:
        said = {"kept": True, "base": kept.number, "beside": kept.beside, "signed_out": True}
        return remember(JsonResponse(said), device)
    again = replace(paper.with_sent(sent), base=kept.number, kept=True)
    return remember(_show(request, again, begins, signed_out=True), device)


def _again(request: HttpRequest, status: int) -> HttpResponse:
    """Her own page with every word, in the place of an error page; asks the database nothing."""
    sent, begins = desk.read_sent(request.POST), desk.Begins.of(request.POST)
    paper = replace(Paper.blank(request.path, ""), signed_in=True).with_sent(sent, at_fault(status))
    return _show(request, paper, begins, status=status)


def _show(
    request: HttpRequest,
    paper: Paper,
    begins: desk.Begins,
    *,
    status: int = 200,
    memory: Memory | None = None,
    who: Circle | None = None,
    signed_out: bool = False,
    line_wrong: str = "",
) -> HttpResponse:
    if memory is not None and who is not None and shown.may_let_go(memory, who):
        paper = replace(paper, let_go=reverse("keepsakes:let_go", args=[memory.pk]))
    context = {
        **desk.fields(paper, begins, sent=status != 200),
        "paper": paper,
        "memory": memory,
        "held": who is not None and who.viewer_holds_it,
        "who_sees": who.writers_line(begins.kind) if who else "",
        "two": memory is not None and len(memory.heads()) > 1,
        "signed_out": signed_out,
        "line_wrong": line_wrong,
    }
    return render(request, "keepsakes/write.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """Which relatives may look at it; before somebody new does, whoever lets them shows that it is them (T1)."""
    assert request.account is not None
    memory = _held(request, item_id)
    box = shown.box_head(memory.box, request.reader)
    if request.POST.get("do") in {"chosen", "only-us"}:
        ticked = [] if request.POST["do"] == "only-us" else request.POST.getlist("relative")
        chosen = {one.place for one in box.circle.relatives if ids.show(one.place) in ticked}
        # Taking somebody out never has to wait.
        if not chosen <= {one.relative_id for one in memory.shown.all()} and not fresh.is_fresh(request.session):
            return redirect(fresh.ask(request.path))
        memory.show_to(request.account, chosen)
        return redirect("keepsakes:item", item_id)
    context = {"box": box, "thing": shown.keepsake(memory, box.circle), "people": shown.onlookers(memory, box.circle)}
    return render(request, "keepsakes/who.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """Where it lies in the box: one place earlier or later at a time."""
    assert request.account is not None
    memory = _held(request, item_id)
    if request.method == "POST":
        step = {"earlier": -1, "later": 1}.get(request.POST.get("do", ""), 0)
        memory.move(request.account, step)
        return redirect("keepsakes:move", item_id)
    box = shown.box_head(memory.box, request.reader)
    things = shown.keepsakes(box, request.reader)
    before, after = shown.beside(things, memory.pk)
    context = {"box": box, "things": things, "thing_id": memory.pk, "before": before, "after": after}
    return render(request, "keepsakes/move.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def let_go(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponseBase:
    """Close it to everyone, for three days or, theirs alone and freshly shown who it is, for good."""
    assert request.account is not None
    memory = _find(request, item_id)
    box = shown.box_head(memory.box, request.reader)
    if not shown.may_let_go(memory, box.circle):
        raise Http404
    alone = is_theirs_alone(memory, request.account)
    if request.POST.get("when") in {"now", "later"}:
        at_once = request.POST["when"] == "now" and alone
        if at_once and (first := asks_first(request, f"{request.path}?for-good")):
            return first
        let_go_of_memory(memory, request.account, timezone.now(), fresh=at_once)
        return redirect(f"{reverse('keepsakes:box')}?box={ids.show(memory.box_id)}")
    thing = shown.keepsake(memory, box.circle)
    if alone and "for-good" in request.GET:
        back = reverse("keepsakes:item", args=[item_id])
        return render(request, "for_good.html", {"what": thing.called, "back": back})
    return render(request, "keepsakes/let_go.html", {"box": box, "thing": thing, "alone": alone})


@signed_in
@require_http_methods(["POST"])
def bring_back(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """Open again what was let go of, while its box is one's to look into."""
    assert request.account is not None
    boxes, now = KeepsakeBox.objects.visible_to(request.reader), timezone.now()
    waiting = that_can_come_back(request.account.pk, now).filter(subject=item_id, vault__in=boxes.values("vault"))
    try:
        for erasure in waiting:
            bring_memory_back(erasure, request.account, now)
            return redirect("keepsakes:item", item_id)
    except Gone:
        pass
    raise Http404


def _find(request: ReaderRequest, pk: uuid.UUID) -> Memory:
    """Return a keepsake that exists for this reader, with its words; raise Http404."""
    found = shown.with_words(Memory.objects.visible_to(request.reader)).select_related("box__family").filter(pk=pk)
    memory = found.first()
    if memory is None:
        raise Http404
    return memory


def _held(request: ReaderRequest, pk: uuid.UUID) -> Memory:
    memory = _find(request, pk)
    if memory.box.family_id not in request.reader.families:
        raise Http404
    return memory
