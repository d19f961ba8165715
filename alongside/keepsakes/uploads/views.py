"""Where a photo or a recording begins, and how its pieces come in; without script the whole form at once (D2, S37)."""

from __future__ import annotations

import hashlib
import time
import uuid
from contextlib import suppress
from typing import Any, BinaryIO, cast
from urllib.parse import urlencode

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alongside import ids
from alongside.accounts.doors import shows_again, signed_in
from alongside.accounts.models import Account, may_keep
from alongside.families.models import NotAParent
from alongside.keepsakes import shown
from alongside.keepsakes.erasing import Gone
from alongside.keepsakes.files.keeping import keep_photo, keep_voice
from alongside.keepsakes.models import FILED, KeepsakeBox, Memory, Upload
from alongside.keepsakes.paper import writer_mark
from alongside.keepsakes.uploads import pieces
from alongside.keepsakes.uploads.answers import Problem, refusal, signed_out
from alongside.media.refused import Busy, Refused
from alongside.pacing.bucket import UPLOADING, paced
from alongside.request_reader import ReaderRequest, takes_files
from alongside.request_safety import from_our_pages, hears
from alongside.vault.errors import KeyErased

_PROBLEMS = (Refused, Busy, pieces.TooMany, pieces.TooLarge, pieces.NotWhole, pieces.NoRoom)
_GONE = (Gone, Http404, KeyErased, IntegrityError, KeepsakeBox.DoesNotExist)
MOST_FILES = 20
"""Files of one form without script."""
A_FORM = 60.0
"""Seconds after which a form's other files are left for the next one: it holds one of the few threads that answer everybody."""


@from_our_pages
@takes_files
@paced(UPLOADING, "POST")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@shows_again(lambda request, _more: _not_kept(request))
def photos(request: ReaderRequest) -> HttpResponse:
    """Put photos in."""
    return _begin(request, Memory.Kind.PHOTO)


@from_our_pages
@takes_files
@paced(UPLOADING, "POST")
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@shows_again(lambda request, _more: _not_kept(request))
def voices(request: ReaderRequest) -> HttpResponse:
    """Put a voice in: said now, or a recording that is there."""
    return hears(_begin(request, Memory.Kind.VOICE))


def _not_kept(request: HttpRequest) -> HttpResponse:
    """Say to somebody whose sign-in ran out that nothing of their form was kept, and lead back to it (D2)."""
    there = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
    return render(request, "keepsakes/not_kept.html", {"sign_in": there}, status=401)


def _begin(request: ReaderRequest, kind: str) -> HttpResponse:
    box = _box(request)
    kept, refused = _take_form(request, box, kind) if request.method == "POST" else ([], [])
    if kept and not refused:
        one = len(kept) == 1
        return (
            redirect("keepsakes:item", kept[0].pk)
            if one
            else redirect(f"{reverse('keepsakes:box')}?box={ids.show(box.pk)}")
        )
    fresh_id = ids.new_id()
    context = {
        "box": shown.box_head(box, request.reader),
        "kind": kind,
        "fresh_id": fresh_id,
        "form_id": ids.show(fresh_id),
        "kept": [memory.pk for memory in kept],
        "refused": refused,
        "begun": _begun(request, box, kind),
        "piece": pieces.PIECE,
        "most": pieces.MOST_BYTES,
        "may_keep": request.account is not None and may_keep(request.account),
    }
    return render(request, "keepsakes/files.html", context, status=422 if refused else 200)


def _begun(request: ReaderRequest, box: KeepsakeBox, kind: str) -> list[Upload]:
    """Return what this person began and did not finish; what is kept already is on its way to be forgotten."""
    mine = Upload.objects.filter(by=request.account, box=box, kind=kind).order_by("began_at")
    kept = Memory.objects.visible_to(request.reader).filter(pk__in=mine.values("pk"))
    return list(mine.exclude(pk__in=kept.values("pk")))


def _take_form(request: ReaderRequest, box: KeepsakeBox, kind: str) -> tuple[list[Memory], list[str]]:
    """Keep each file of a form by itself: one that cannot be taken costs none of the others."""
    files, kept, refused = request.FILES.getlist("files"), [], []
    account = request.account
    assert account is not None
    if not may_keep(account):
        return [], [refusal(Problem.NOT_AGREED, kind)]
    if not files:
        return [], [refusal(Problem.NOTHING, kind)]
    until = time.monotonic() + A_FORM
    for number, file in enumerate(files):
        try:
            if number >= MOST_FILES or time.monotonic() > until:
                raise pieces.TooMany
            pk = _own_id(request.POST.get("id", ""), number)
            source = cast(BinaryIO, file.file)
            kept.append(_keep_patiently(account, box, kind, source, pk))
            pieces.forget_beginnings(account, box, kind, source, timezone.now())
        except (*_PROBLEMS, NotAParent, IntegrityError) as problem:
            refused.append(_which(number, len(files), refusal(problem, kind)))
    return kept, refused


def _which(number: int, of: int, why: str) -> str:
    """Say which file of a form was refused by its place there: its name stays on the device (S10)."""
    said = {"number": number + 1, "of": of, "why": why}
    return why if of == 1 else _("Number %(number)s of the %(of)s you chose: %(why)s") % said


def _keep_patiently(account: Account, box: KeepsakeBox, kind: str, file: BinaryIO, pk: uuid.UUID) -> Memory:
    """Keep one file of a form; where others are being decoded, wait a little, since no script asks again."""
    keep = keep_photo if kind == Memory.Kind.PHOTO else keep_voice
    pieces.refuse_without_room()
    for _again in range(5):
        with suppress(Busy), transaction.atomic():
            return keep(account, box, file, pk=pk, now=timezone.now())
    raise pieces.TooMany


def _own_id(form: str, number: int) -> uuid.UUID:
    """Return the id of one file of a form: the same again when the form is sent twice (S37)."""
    try:
        known = ids.read(form)
    except ValueError:
        return ids.new_id()
    return uuid.UUID(bytes=hashlib.sha256(known.bytes + number.to_bytes(4, "big")).digest()[:16])


@from_our_pages
@paced(UPLOADING, "POST")
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: ReaderRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Begin, ask how far it is, finish, or let it go; for the page's script."""
    account = request.account
    if account is None:
        return signed_out()
    try:
        if request.method == "POST" and request.POST.get("do") == "begin":
            return _begin_upload(request, account, upload_id)
        found = _mine(account, upload_id)
        if found is None:
            return _is_kept(request, upload_id)
        if request.method == "POST" and request.POST.get("do") == "finish":
            size = request.POST.get("size", "")
            return _finish(request, account, found, int(size) if size.isdecimal() and len(size) < 16 else 0)
        if request.method == "POST":
            pieces.give_up(found, timezone.now())
            return JsonResponse({"gone": True})
        return JsonResponse({"id": ids.show(found.pk), "received": found.received})
    except _GONE:
        return _is_kept(request, upload_id)
    except (NotAParent, *_PROBLEMS) as problem:
        return _refuse(request, account, upload_id, problem)


@from_our_pages
@paced(UPLOADING, "POST")
@require_POST
def piece(request: ReaderRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Take one piece; the answer says how much is on the disk."""
    account = request.account
    if account is None:
        return signed_out()
    found, at = _mine(account, upload_id), request.GET.get("at", "")
    if found is None or not at.isdecimal() or len(at) > 12:
        return _is_kept(request, upload_id)
    try:
        return JsonResponse({"received": pieces.take(found, int(at), request.body, timezone.now())})
    except _GONE:
        return _is_kept(request, upload_id)
    except (pieces.TooLarge, pieces.NoRoom) as problem:
        return _refuse(request, account, upload_id, problem)


@signed_in
@require_POST
def begun(request: ReaderRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Keep what there is of a recording that nobody ended, or let go of something that was begun."""
    assert request.account is not None
    found = _mine(request.account, upload_id)
    if found is None:
        # Kept meanwhile, on another page of theirs: it is not let go of by a line that is out of date.
        kept = Memory.objects.visible_to(request.reader).filter(pk=upload_id, contributed_by=request.account)
        if not kept.exists():
            raise Http404
        return redirect("keepsakes:item", upload_id)
    back = f"{reverse(f'keepsakes:{found.kind}s')}?box={ids.show(found.box_id)}"
    if request.POST.get("do") != "keep":
        pieces.give_up(found, timezone.now())
        return redirect(back)
    try:
        answer = _finish(request, request.account, found, found.received)
    except (*_GONE, *_PROBLEMS, NotAParent) as problem:
        answer = _refuse(request, request.account, upload_id, problem)
    return redirect("keepsakes:item", upload_id) if answer.status_code == 200 else redirect(back)


def _begin_upload(request: ReaderRequest, account: Account, pk: uuid.UUID) -> HttpResponse:
    box, kind = _box(request), request.POST.get("kind", "")
    if kind not in FILED:
        raise Http404
    if not may_keep(account):
        return JsonResponse({"refused": refusal(Problem.NOT_AGREED, kind)}, status=422)
    said, size = request.POST.get("said", "")[:500], request.POST.get("size", "")
    if size.isdecimal() and len(size) < 16 and int(size) > pieces.MOST_BYTES:
        return JsonResponse({"refused": refusal(pieces.TooLarge(), kind)}, status=422)
    if Memory.objects.visible_to(request.reader).filter(pk=pk).exists():
        return _is_kept(request, pk)
    found = pieces.begin(account, box, kind, pk, said, timezone.now())
    who = writer_mark(account.pk, found.pk)
    return JsonResponse({"id": ids.show(found.pk), "received": found.received, "who": who})


def _finish(request: ReaderRequest, account: Account, found: Upload, size: int) -> HttpResponse:
    if not KeepsakeBox.objects.held_by(request.reader).filter(pk=found.box_id).exists():
        raise Http404
    if not may_keep(account):
        return JsonResponse({"refused": refusal(Problem.NOT_AGREED, found.kind)}, status=422)
    pieces.finish(found, account, size, timezone.now())
    return _kept(found.pk)


def _refuse(request: ReaderRequest, account: Account, pk: uuid.UUID, problem: Exception) -> JsonResponse:
    """Say why not. What will never be taken is erased; what may be taken a moment later waits."""
    found = _mine(account, pk)
    kind = found.kind if found else request.POST.get("kind", "")
    if isinstance(problem, pieces.NotWhole) and found is not None:
        return JsonResponse({"id": ids.show(pk), "received": found.received}, status=409)
    if isinstance(problem, (Busy, pieces.NoRoom)):
        return JsonResponse({"busy" if isinstance(problem, Busy) else "full": refusal(problem, kind)}, status=503)
    if found is not None and isinstance(problem, (Refused, pieces.TooLarge)):
        pieces.give_up(found, timezone.now())
    return JsonResponse({"refused": refusal(problem, kind)}, status=422)


def _is_kept(request: ReaderRequest, pk: uuid.UUID) -> JsonResponse:
    """Answer for something that is not on its way: it is kept, or it is not here for whoever is signed in now."""
    assert request.account is not None
    if Memory.objects.visible_to(request.reader).filter(pk=pk, file__isnull=False).exists():
        return _kept(pk)
    return JsonResponse({"gone": True, "who": writer_mark(request.account.pk, pk)}, status=404)


def _kept(pk: uuid.UUID) -> JsonResponse:
    return JsonResponse(
        {"kept": True, "page": reverse("keepsakes:item", args=[pk]), "words": reverse("keepsakes:write", args=[pk])}
    )


def _mine(account: Account, pk: uuid.UUID) -> Upload | None:
    return Upload.objects.select_related("box__family").filter(pk=pk, by=account).first()


def _box(request: ReaderRequest) -> KeepsakeBox:
    """Return the box that is named, where this reader is a parent of it; raise Http404."""
    held: Any = KeepsakeBox.objects.held_by(request.reader).select_related("family")
    try:
        asked = ids.read(request.POST.get("box") or request.GET.get("box", ""))
    except ValueError as error:
        raise Http404 from error
    box: KeepsakeBox | None = held.filter(pk=asked).first()
    if box is None:
        raise Http404
    return box
