"""The bytes of a photo or a voice, each request asked of the policy; and how a photo lies: turned, cropped, folded (V7)."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alongside import ids
from alongside.accounts.doors import signed_in
from alongside.keepsakes import shown
from alongside.keepsakes.files import keeping, showing
from alongside.keepsakes.files.forms import ShapeForm
from alongside.keepsakes.files.looking import looking_at
from alongside.keepsakes.models import Memory, MemoryObject, NotYours
from alongside.media import ranges, sounds
from alongside.media.addresses import PHOTO_LASTS, SOUND_LASTS, is_good
from alongside.media.refused import Busy, Refused
from alongside.pacing.bucket import Pace, paced
from alongside.request_reader import ReaderRequest
from alongside.request_safety import from_here
from alongside.vault.errors import KeyErased, KeyMissing

Part = MemoryObject.Part
SAVING = Pace("saving-originals", size=20, per_hour=240)
_GONE = (MemoryObject.DoesNotExist, FileNotFoundError, KeyErased, KeyMissing)
_ENDING = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "AVIF": "avif", "HEIF": "heic", "GIF": "gif"}
_SOUNDS = (
    (b"RIFF", "wav"),
    (b"OggS", "ogg"),
    (b"\x1aE\xdf\xa3", "webm"),
    (b"fLaC", "flac"),
    (b"#!AMR", "amr"),
    (b"caff", "caf"),
)


@signed_in
@require_safe
def photo(request: ReaderRequest, item_id: uuid.UUID, part: str) -> HttpResponse:
    """One picture of an unfolded photograph, without metadata."""
    if part not in keeping.PICTURES:
        raise Http404
    if not is_good(request.GET.get("good", ""), ids.show(item_id), part, lasts=PHOTO_LASTS):
        return _led_back(request, item_id)
    return _inline(_part(_find(request, item_id), part), "image/webp")


def _led_back(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """Lead somebody who opens an address that has run out to the page of what may be theirs to see; raise Http404."""
    if request.headers.get("Sec-Fetch-Dest") != "document":
        raise Http404
    return redirect("keepsakes:item", _find(request, item_id).pk)


@signed_in
@require_safe
def larger(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """A photograph as large as it is shown, on a page that can be left as quickly as every other (H1)."""
    memory = _find(request, item_id)
    box = shown.box_head(memory.box, request.reader)
    thing = shown.keepsake(memory, box.circle, looking_at(request))
    return render(request, "keepsakes/larger.html", {"box": box, "thing": thing})


@signed_in
@require_safe
def copy(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """Lead to a fresh address of the largest picture, however long its page has been lying open (V7)."""
    memory = _find(request, item_id)
    if memory.kind != Memory.Kind.PHOTO or not from_here(request):
        return redirect("keepsakes:item", item_id)
    return redirect(showing.address(memory, Part.LARGE))


@signed_in
@require_safe
def sound(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """A recording, from the beginning or from where somebody moved to."""
    if not is_good(request.GET.get("good", ""), ids.show(item_id), Part.SOUND, lasts=SOUND_LASTS):
        raise Http404
    part = ranges.part(request.headers.get("Range", ""), _part(_find(request, item_id), Part.SOUND))
    response = _inline(part.content, sounds.CONTENT_TYPE, part.headers)
    response.status_code = part.status
    return response


@paced(SAVING, "GET")
@require_safe
@signed_in
def original(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """The file as its phone made it, place and camera included: for those who hold the box, to keep (S19)."""
    memory = _held(request, item_id)
    try:
        plain = keeping.open_part(memory, Part.ORIGINAL)
    except _GONE as error:
        raise Http404 from error
    ending = _ENDING.get(memory.file.about.format) or _ending_of_a_sound(plain.read(12))
    plain.seek(0)
    with plain:
        # Handed over whole: somebody who takes it slowly holds none of the few threads that answer everybody (S40).
        response = HttpResponse(plain.read(), content_type="application/octet-stream")
    # A name that tells it from the others of its box and says nothing else: a browser lists what was downloaded.
    name = f"{memory.kind}-{memory.place_among_its_kind()}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def shape(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """Turn it, or cut its edges away; the original stays as it came."""
    assert request.account is not None
    memory = _held(request, item_id)
    about = memory.file.about
    looking = looking_at(request)
    form = ShapeForm(request.POST if request.method == "POST" else None, initial=ShapeForm.of(about.crop))
    problem = ""
    if form.is_valid():
        turn = (about.turn + form.turned()) % 4
        try:
            keeping.reshape(memory, request.account, turn=turn, crop=form.crop())
        except (Refused, Busy):
            problem = _("This didn’t work this time. The photo is as it was. Try again in a minute.")
        else:
            return redirect(looking.address(looking.unfolded, f"thing-{ids.show(item_id)}"))
    box = shown.box_head(memory.box, request.reader)
    thing = shown.keepsake(memory, box.circle, looking)
    context = {"box": box, "thing": thing, "form": form, "problem": problem}
    return render(request, "keepsakes/shape.html", context, status=422 if form.errors or problem else 200)


@signed_in
@require_POST
def fold(request: ReaderRequest, item_id: uuid.UUID) -> HttpResponse:
    """Say whether a baby may be seen in it: then it lies folded for everyone until they unfold it (P1)."""
    assert request.account is not None
    memory = _held(request, item_id)
    try:
        keeping.say_whether_a_baby_shows(memory, request.account, request.POST.get("baby") != "no")
    except NotYours as error:
        raise Http404 from error
    return redirect("keepsakes:item", item_id)


def _ending_of_a_sound(first: bytes) -> str:
    """Return what its name ends with, so that a device knows what to play it with; it decides nothing here."""
    if first[4:8] == b"ftyp":
        return "m4a"
    return next((ending for mark, ending in _SOUNDS if first.startswith(mark)), "mp3")


def _find(request: ReaderRequest, pk: uuid.UUID) -> Memory:
    """Return a photo or a voice that exists for this reader; raise Http404."""
    visible = shown.with_words(Memory.objects.visible_to(request.reader)).select_related("box__family", "file")
    memory = visible.filter(pk=pk, file__isnull=False).first()
    if memory is None:
        raise Http404
    return memory


def _held(request: ReaderRequest, pk: uuid.UUID) -> Memory:
    memory = _find(request, pk)
    if memory.box.family_id not in request.reader.families:
        raise Http404
    return memory


def _part(memory: Memory, part: str) -> bytes:
    try:
        with keeping.open_part(memory, part) as plain:
            return plain.read()
    except _GONE as error:
        raise Http404 from error


def _inline(content: bytes, kind: str, headers: dict[str, str] | None = None) -> HttpResponse:
    response = HttpResponse(content, content_type=kind, headers=headers)
    response["Content-Disposition"] = "inline"
    # Opened by itself it can do nothing (S20).
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
