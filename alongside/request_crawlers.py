"""Machines that read the web: which are asked away, which are turned away, and the one kind of page some may fetch (V2).

They say who they are in User-Agent. Whoever lies reads as a guest and is told noindex; whoever calls themselves a search
engine sees less than a guest. Only names that crawlers give themselves are looked for, never "bot": there are telephones of
that name, and somebody at three in the morning holds one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

SEARCH_ENGINES = ("Googlebot", "Bingbot", "DuckDuckBot", "Applebot", "Qwantbot", "MojeekBot", "SeznamBot")
FEED_MODELS = (
    "GPTBot", "OAI-SearchBot", "ChatGPT-User", "ClaudeBot", "Claude-User", "Claude-SearchBot", "anthropic-ai", "CCBot",
    "Google-Extended", "Google-CloudVertexBot", "Applebot-Extended", "Amazonbot", "Bytespider", "PerplexityBot",
    "Perplexity-User", "Meta-ExternalAgent", "Meta-ExternalFetcher", "FacebookBot", "MistralAI-User", "cohere-ai",
    "cohere-training-data-crawler", "DuckAssistBot", "YouBot", "PetalBot", "Diffbot", "AI2Bot", "Timpibot",
    "ImagesiftBot", "img2dataset", "omgili", "PanguBot", "Kangaroo Bot",
)  # fmt: skip
"""Crawlers that gather words for models, or fetch them for one."""
FOUND = "noarchive, noimageindex, max-snippet:160, noai, noimageai"
"""X-Robots-Tag of the one kind of page that may be found; of all others it begins with noindex (alongside.request_safety)."""
_FOR_ENGINES = re.compile(r"/read/(?:[\w-]{22}/|(?:\?after=[\w-]{22})?)")
"""The list, its further pages, and a story as it lies there, with nothing unfolded."""


def robots() -> str:
    """Return robots.txt: it names nobody's page, and asks everyone away but search engines, and these from all but reading."""
    rules = [*(f"User-agent: {name}" for name in FEED_MODELS), "Disallow: /", ""]
    rules += [f"User-agent: {name}" for name in SEARCH_ENGINES]
    rules += ["Allow: /read/", "Disallow: /read/*?", "Allow: /read/?after=", "Disallow: /read/*/photo/"]
    rules += ["Disallow: /read/*/sound/", "Disallow: /", "", "User-agent: *", "Disallow: /"]
    return "\n".join(rules) + "\n"


def is_search_engine(request: HttpRequest) -> bool:
    """Whether a search engine's crawler asks: it is shown only what every parent lets it find."""
    return _names_one_of(SEARCH_ENGINES, request)


def _names_one_of(names: tuple[str, ...], request: HttpRequest) -> bool:
    said = request.headers.get("User-Agent", "").lower()
    return any(name.lower() in said for name in names)


class CrawlersStayOut:
    """Answer 403 to a crawler that feeds models, whatever it asks for, and to a search engine outside the stories."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/robots.txt" or not self._stays_out(request):
            return self.get_response(request)
        return HttpResponse("Not for crawlers: see /robots.txt\n", status=403, content_type="text/plain")

    @staticmethod
    def _stays_out(request: HttpRequest) -> bool:
        if _names_one_of(FEED_MODELS, request):
            return True
        return is_search_engine(request) and not _FOR_ENGINES.fullmatch(request.get_full_path())
