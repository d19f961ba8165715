"""Who may come through: decorators for views about somebody's own things, and for hosts' pages."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponseBase  # noqa: TID251 - decorators of views
from django.shortcuts import redirect  # noqa: TID251 - decorators of views
from django.urls import reverse
from django.utils import timezone

from alongside.accounts import fresh
from alongside.accounts.keys import lost
from alongside.accounts.models import Account, SignIn

_PAGE_OF = {
    "accounts:address": "accounts:address",
    "accounts:must_not_see": "accounts:must_not_see",
    "accounts:take_back": "accounts:must_not_see",
}
"""Where somebody is after showing that it is them, whose form was not taken; all other forms are on the page of keys."""

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def shows_again(page: Callable[[HttpRequest, dict[str, Any]], HttpResponseBase]) -> Callable[[V], V]:
    """Mark a view with a form: what was typed and cannot be taken yet is shown again by ``page(request, context)`` (D1).

    It is kept nowhere but on that page. The form is the same one, filled in, and is sent once more.
    """

    def mark(view: V) -> V:
        view.shows_again = page  # type: ignore[attr-defined]
        return view

    return mark


def as_typed(
    view: Callable[..., HttpResponseBase], request: HttpRequest, why: str, first: str = ""
) -> HttpResponseBase | None:
    """Return the page of ``view`` with everything that was sent to it, and what is to be done ``first``; None if none."""
    page = getattr(view, "shows_again", None)
    if page is None or request.method != "POST":
        return None
    return cast(HttpResponseBase, page(request, {"not_taken": why, "first": first}))


def signed_in(view: V) -> V:
    """Lead a guest to signing in, and back here after it."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            there = request.get_full_path() if request.method in {"GET", "HEAD"} else _page_of_form(request)
            sign_in = f"{reverse('account_login')}?{urlencode({'next': there})}"
            return as_typed(view, request, "signed-out", sign_in) or redirect(sign_in)
        return view(request, *args, **kwargs)

    return cast(V, guarded)


def freshly(view: V) -> V:
    """Ask them to show that it is still them, if they have not in the last ten minutes. For who is signed in."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not fresh.is_fresh(request.session):
            there = fresh.ask(_back(request))
            return as_typed(view, request, "not-shown", there) or redirect(there)
        return view(request, *args, **kwargs)

    return signed_in(cast(V, guarded))


def asks_first(request: HttpRequest, there: str) -> HttpResponseBase | None:
    """Return where a press on "Erase it now" leads first: to showing that it is them, then ``there``, to be asked plainly.

    None once they have said there that they are sure: signing in a moment ago is no yes to losing something for good.
    """
    if not fresh.is_fresh(request.session):
        return redirect(fresh.ask(there))
    return None if request.POST.get("sure") == "yes" else redirect(there)


def changes_keys(view: V) -> V:
    """As ``freshly``; and with a key, where a mailed code alone would let a stranger past one (S22)."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        account = cast(Account, request.user)
        if lost.take_away(account, timezone.now()):
            SignIn.objects.filter(account=account).but(request.session).end()
        shown = fresh.is_fresh_by_key if needs_key(account) else fresh.is_fresh
        if not shown(request.session):
            there = fresh.ask(_back(request))
            return as_typed(view, request, "not-shown", there) or redirect(there)
        return view(request, *args, **kwargs)

    return signed_in(cast(V, guarded))


def for_hosts(view: V) -> V:
    """Open a page to hosts and stewards who have used a key; to anyone else it does not exist."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, Account) or not user.is_host:
            raise Http404
        if not fresh.is_keyed(request.session):
            return redirect("accounts:keys")
        return view(request, *args, **kwargs)

    return cast(V, guarded)


def needs_key(account: Account) -> bool:
    """Whether keys and address of this account are changed with a key alone: wherever it holds a passkey or an authenticator.

    A passkey whose owner said that it is lost counts no longer once its three days are over.
    """
    held = Authenticator.objects.filter(user=account).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(held.exists())


def may_say_lost(account: Account) -> bool:
    """Whether a mailed code is enough to say that a passkey is lost: not where there is another key, nor for hosts (S22)."""
    return not account.is_host and not Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def _page_of_form(request: HttpRequest) -> str:
    """Return the page of ours from which a form was sent, with nothing unfolded on it (P1); their own page if it is unknown."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or not page.path.startswith("/"):
        return reverse("accounts:you")
    asked = urlencode([(name, value) for name, value in parse_qsl(page.query) if name != "unfold"])
    return f"{page.path}?{asked}" if asked else page.path


def _back(request: HttpRequest) -> str:
    name = request.resolver_match.view_name if request.resolver_match else ""
    return request.path if request.method in {"GET", "HEAD"} else reverse(_PAGE_OF.get(name, "accounts:keys"))
