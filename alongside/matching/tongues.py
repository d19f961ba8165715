"""In which languages somebody reads: as chosen in this browser, else as the browser says, and as they write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation.trans_real import parse_accept_lang_header

if TYPE_CHECKING:
    from django.http import HttpRequest  # noqa: TID251 - for the type alone

EVERY: frozenset[str] = frozenset()
"""No limit."""
MOST = 20
"""Languages that one person is taken to read: a cookie or a header of thousands is no reader's."""


def reads(request: HttpRequest, written: str = "") -> frozenset[str]:
    """Return language codes to keep to, ``written`` among them; empty means stories in every language."""
    chosen = {code for code in request.COOKIES.get("languages", "").split(".") if code.isalpha() and len(code) == 2}
    if not chosen:
        header = request.headers.get("Accept-Language", "")
        chosen = {code.split("-")[0] for code, _ in parse_accept_lang_header(header) if code != "*"}
    if not chosen:
        return EVERY
    chosen = set(sorted(chosen)[:MOST])
    return frozenset(chosen | {written} - {""})
