"""Choosing keepsakes, the chapter's editor, two versions side by side, a further chapter."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from alongside import ids
from alongside.accounts.doors import shows_again, signed_in
from alongside.accounts.models import may_keep
from alongside.keepsakes import shown
from alongside.keepsakes.files.looking import looking_at
from alongside.keepsakes.models import KeepsakeBox
from alongside.keepsakes.paper import at_fault, nothing_written
from alongside.keepsakes.said import TooLong
from alongside.media.addresses import is_good
from alongside.pacing.bucket import WRITING, paced
from alongside.request_reader import ReaderRequest, gives_back
from alongside.request_safety import from_our_pages
from alongside.stories.composing import beginning, drafts, page
from alongside.stories.composing.choosing import beats_for, offered
from alongside.stories.composing.drafts import WrittenMeanwhile
from alongside.stories.composing.forms import ChapterForm, FurtherForm
from alongside.stories.composing.page import NotAgreed, NotHere, Page, SignedOut
from alongside.stories.composing.typed import Typed
from alongside.stories.models import Chapter, Story, StoryPhoto
from alongside.stories.photographs import open_photo
from alongside.stories.words import WordsError


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: ReaderRequest, box_id: uuid.UUID) -> HttpResponse:
    """Choose keepsakes: a story begins with them, or what is being written (``into``) goes on with them."""
    assert request.account is not None
    box = KeepsakeBox.objects.held_by(request.reader).select_related("family").filter(pk=box_id).first()
    if box is None:
        raise Http404
    if not may_keep(request.account):
        return redirect("accounts:agreed")
    if request.method == "POST":
        try:
            return redirect(_told(request, box))
        except (TooLong, WordsError):
            wrong = gettext("Together these are longer than one chapter can be. Choose some; others can follow.")
            return _choose(request, box, request.POST, wrong)
    return _choose(request, box, request.GET)


def _choose(request: ReaderRequest, box: KeepsakeBox, asked: QueryDict, wrong: str = "") -> HttpResponse:
    ticked = {*asked.getlist("keepsake"), *asked.getlist("with")}
    head = shown.box_head(box, request.reader)
    context = {
        "box": head,
        "offered": offered(head, request.reader, ticked),
        "wrong": wrong,
        "id": asked.get("id") or ids.show(ids.new_id()),
        "into": asked.get("into", ""),
        "title": asked.get("title", ""),
    }
    return render(request, "composing/tell.html", context, status=422 if wrong else 200)


def _told(request: ReaderRequest, box: KeepsakeBox) -> str:
    """Begin a story, or put into a chapter what was chosen; return where it goes on."""
    assert request.account is not None
    chosen = {pk for pk in map(_id, request.POST.getlist("keepsake")) if pk}
    now = timezone.now()
    if request.POST.get("into"):
        chapter = _into(request, box)
        beats = beats_for(chapter.story, request.account, box, chosen, now)
        drafts.change(chapter, request.account, lambda typed: typed.followed_by(beats), now)
    else:
        pk, title = _id(request.POST.get("id", "")), request.POST.get("title", "").strip()
        if pk is None:
            raise Http404
        try:
            chapter = beginning.begin(request.account, box, pk, title=title[:400], chosen=chosen, now=now)
        except beginning.TakenElsewhere as problem:
            raise Http404 from problem
    return reverse("composing:write", args=[chapter.story_id, chapter.pk])


def _into(request: ReaderRequest, box: KeepsakeBox) -> Chapter:
    story, _, part = request.POST["into"].partition(".")
    story_id, chapter_id = _id(story), _id(part)
    chapter = drafts.find(request.reader, story_id, chapter_id) if story_id and chapter_id else None
    if chapter is None or chapter.story.box_id != box.pk:
        raise Http404
    return chapter


def _id(text: str) -> uuid.UUID | None:
    try:
        return ids.read(text)
    except ValueError:
        return None


@from_our_pages
@gives_back(lambda request, status: _again(request, status, at_fault(status)))
@paced(WRITING, "POST")
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: ReaderRequest, story_id: uuid.UUID, chapter_id: uuid.UUID) -> HttpResponse:
    """The editor of a chapter; a POST keeps what is on it, and a button on it does something with what was kept."""
    if request.method != "POST":
        return _open(request, story_id, chapter_id)
    sent, account = Page.of(request.POST), request.account
    try:
        if account is None:
            raise SignedOut
        chapter = drafts.find(request.reader, story_id, chapter_id)
        if chapter is None or "text" not in request.POST:
            raise NotHere
        if sent.writer != page.paper_of(story_id, chapter_id, account).writer:
            raise SignedOut
        if not may_keep(account):
            raise NotAgreed
        typed = Typed.read(request.POST, drafts.known(chapter, account, sent.grown.began)).checked()
        return _kept(request, chapter, typed, sent)
    except SignedOut:
        return _again(request, 422, signed_out=True)
    except (NotHere, NotAgreed, TooLong) as problem:
        return _again(request, 404 if isinstance(problem, NotHere) else 422, page.why(problem))


@signed_in
def _open(request: ReaderRequest, story_id: uuid.UUID, chapter_id: uuid.UUID) -> HttpResponse:
    assert request.account is not None
    chapter = _find(request, story_id, chapter_id)
    standing, newest = drafts.standing(chapter, request.account), chapter.newest()
    draft = standing[0] if standing else None
    typed = draft.typed if draft else drafts.of_revision(newest)
    paper = page.paper_of(story_id, chapter_id, request.account)
    paper = replace(paper, base=draft.mark if draft else 0, kept=True, text=" ".join(map(str, typed.parts)))
    context: dict[str, Any] = {
        "began": draft.began_from if draft else newest.number,
        "draft": draft,
        "chapter": chapter,
    }
    context |= {
        "two": drafts.beside(chapter, standing),
        "parts": page.parts_of(typed, chapter.story, looking_at(request)),
    }
    return _show(request, context | {"paper": paper, "form": ChapterForm(initial=dict(typed.lines))})


def _kept(request: ReaderRequest, chapter: Chapter, typed: Typed, sent: Page) -> HttpResponse:
    assert request.account is not None
    if sent.do == "version":
        return _version(request, chapter, typed, sent)
    now, again = timezone.now(), reverse("composing:write", args=[chapter.story_id, chapter.pk])
    kept = drafts.keep(chapter, request.account, typed, sent.grown, now)
    if sent.is_quiet:
        return JsonResponse({"kept": True, "base": kept.mark, "beside": kept.beside, "signed_out": False})
    if sent.do in {"up", "down"}:
        step = -1 if sent.do == "up" else 1
        drafts.change(chapter, request.account, lambda one: one.moved(sent.key, step), now, kept.mark)
        return redirect(f"{again}#thing-{sent.key}")
    if sent.do == "out":
        drafts.change(chapter, request.account, lambda one: one.without(sent.key), now, kept.mark)
    elif sent.do == "unfold":
        return redirect(f"{again}?unfold={sent.key}#thing-{sent.key}")
    elif sent.do == "box":
        into = f"{ids.show(chapter.story_id)}.{ids.show(chapter.pk)}"
        return redirect(f"{reverse('composing:tell', args=[chapter.story.box_id])}?into={into}")
    return redirect(again)


def _version(request: ReaderRequest, chapter: Chapter, typed: Typed, sent: Page) -> HttpResponse:
    """Make a version of it; else it is kept as it is, and the page says what is needed."""
    assert request.account is not None
    form, now = ChapterForm(request.POST), timezone.now()
    form.leave_language(chapter.story)
    if not typed.beats():
        form.add_error(None, nothing_written())
    try:
        if form.is_valid():
            drafts.keep_version(chapter, request.account, typed, form.cleaned_data, sent.grown, now)
            return redirect("telling:story", chapter.story_id)
    except WrittenMeanwhile:
        drafts.keep(chapter, request.account, typed, sent.grown, now)
        return redirect("composing:beside", chapter.story_id, chapter.pk)
    kept = drafts.keep(chapter, request.account, typed, sent.grown, now)
    paper = page.paper_of(chapter.story_id, chapter.pk, request.account)
    paper = replace(paper, base=kept.mark, tab=sent.grown.tab, kept=True, text="kept")
    context = {"paper": paper, "form": form, "chapter": chapter, "began": sent.grown.began, "two": kept.beside}
    context["parts"] = page.parts_of(typed, chapter.story, looking_at(request))
    return _show(request, context, status=422)


def _again(request: HttpRequest, status: int, problem: str = "", *, signed_out: bool = False) -> HttpResponse:
    """Her own page with every word, in the place of an error page; asks the database nothing."""
    sent, typed = Page.of(request.POST), Typed.read(request.POST, None)
    match = request.resolver_match
    assert match is not None
    paper = page.paper_of(match.kwargs["story_id"], match.kwargs["chapter_id"], None)
    errors = (problem,) if problem else ()
    paper = replace(paper, base=sent.grown.mark, tab=sent.grown.tab, writer=sent.writer, errors=errors)
    context = {"paper": paper, "form": ChapterForm(initial=dict(typed.lines)), "began": sent.grown.began}
    context |= {"parts": page.parts_of(typed), "signed_out": signed_out}
    return _show(request, context, status=status)


def _show(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "composing/write.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def beside(request: ReaderRequest, story_id: uuid.UUID, chapter_id: uuid.UUID) -> HttpResponse:
    """What this writer keeps, and what stands there as a version meanwhile, side by side."""
    assert request.account is not None
    chapter = _find(request, story_id, chapter_id)
    standing, newest = drafts.standing(chapter, request.account), chapter.newest()
    if request.method == "POST":
        chosen, there = (
            [int(one) for one in request.POST.getlist(name) if _is_number(one)] for name in ("choose", "head")
        )
        try:
            drafts.settle(chapter, request.account, chosen, there, timezone.now())
        except (WrittenMeanwhile, TooLong) as problem:
            return redirect(f"{request.path}?{_said_of(problem, chosen)}")
        return redirect("composing:write", story_id, chapter_id)
    by = "" if newest.author_id == request.account.pk else newest.author.profile.name
    heads = page.side_by_side(drafts.choices(newest, standing), {0: by})
    return render(request, "composing/beside.html", {"heads": heads, "again": request.GET, "chapter": chapter})


def _said_of(problem: Exception, chosen: list[int]) -> str:
    if isinstance(problem, TooLong):
        return "long"
    return "meanwhile" if chosen else "none"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


@signed_in
@shows_again(
    lambda request, more: render(request, "composing/add.html", {"form": FurtherForm(request.POST), **more}, status=422)
)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: ReaderRequest, story_id: uuid.UUID) -> HttpResponse:
    """A further chapter: what came later, with a date, notes and a fold of its own."""
    assert request.account is not None
    story = _story(request, story_id)
    if not may_keep(request.account):
        return redirect("accounts:agreed")
    form = FurtherForm(request.POST if request.method == "POST" else None, initial={"id": ids.show(ids.new_id())})
    if form.is_valid():
        pk = _id(form.cleaned_data["id"])
        if pk is None:
            raise Http404
        chapter = beginning.go_on(story, request.account, pk, form.cleaned_data, timezone.now())
        return redirect("composing:write", story_id, chapter.pk)
    return render(request, "composing/add.html", {"form": form, "story": story}, status=422 if form.is_bound else 200)


@signed_in
@require_safe
def photograph(request: ReaderRequest, story_id: uuid.UUID, photo_id: uuid.UUID) -> HttpResponse:
    """The bytes of a photograph that a parent of the story looks at while writing (V7)."""
    story = _story(request, story_id)
    if not is_good(request.GET.get("good", ""), ids.show(story_id), ids.show(photo_id)):
        raise Http404
    try:
        webp = open_photo(story, photo_id)
    except (StoryPhoto.DoesNotExist, FileNotFoundError) as error:
        raise Http404 from error
    response = HttpResponse(webp, content_type="image/webp")
    response["Content-Disposition"] = "inline"
    return response


def _story(request: ReaderRequest, pk: uuid.UUID) -> Story:
    found = Story.objects.visible_to(request.reader).filter(pk=pk, family__in=request.reader.families)
    story = found.select_related("box__family", "family").first()
    if story is None:
        raise Http404
    return story


def _find(request: ReaderRequest, story_id: uuid.UUID, chapter_id: uuid.UUID) -> Chapter:
    chapter = drafts.find(request.reader, story_id, chapter_id)
    if chapter is None:
        raise Http404
    return chapter
