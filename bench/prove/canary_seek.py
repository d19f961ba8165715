"""Queries, sent by every way there is: whole, broken, too long, in the wrong place, and while the database is away."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from bench.prove.place import Place

Form = Mapping[str, str] | Sequence[tuple[str, str]] | bytes | None


def seek(place: Place, words: Sequence[str]) -> set[str]:
    """Send each word; return those that a page of results showed back to whoever wrote them."""
    shown = set()
    for guest, word in enumerate(words):
        said = f"our son died at 20 weeks, {word}, the placenta"
        _, page = place.ask("/find/", {"sentence": said}, guest=guest)
        if word.encode() in page:
            shown.add(word)
        for path, form in _ways(word, said):
            place.ask(path, form, guest=guest)
        place.ask("/find/", {"sentence": said}, headers=_telling_headers(word), guest=guest)
        place.send(f"POST /find/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {word}\r\n\r\n".encode())
        place.send(f"{word} /find/{word} HTTP/9.9\r\n\r\n".encode())
    _by_command(place, words)
    with place.without_database(), ThreadPoolExecutor(4) as askers:
        for word in words[:2]:  # each waits for the database as long as it may
            askers.submit(place.ask, "/find/", {"sentence": word})
            askers.submit(place.ask, "/find/words/", {"words": word})
    return shown


def _ways(word: str, said: str) -> list[tuple[str, Form]]:
    return [
        ("/find/", {"sentence": said, "do": "more", "page": "1"}),
        ("/find/", {"sentence": said, "do": "include", "page": word}),
        ("/find/", {"sentence": said, "do": "change"}),
        ("/find/", {"sentence": (said + " ") * 400}),
        ("/find/", {"sentence": f"{said} ' \" \x00 ; DROP TABLE stories_story; -- <script>"}),
        ("/find/", f"sentence={word}%ED%A0%80%FF".encode()),
        ("/find/", {"sentence": word * 120_000}),
        ("/find/", [(f"{word}{number}", word) for number in range(300)]),
        ("/find/words/", {"words": word}),
        ("/find/words/", {"words": f'"{word}" -{word} or ( & ! \':*'}),
        ("/find/words/", {"words": word * 100}),
        ("/find/list/", {"kind": word, "themes": word, "far_along": word}),
        ("/help/", {"country": word}),
        ("/languages/", {"languages": word}),
        ("/look/", {"look": word}),
        ("/nowhere/", {"sentence": said}),
        (f"/find/?sentence={word}", None),
        (f"/read/?after={word}", None),
        (f"/{word}/", None),
    ]


def _telling_headers(word: str) -> dict[str, str]:
    return {
        "Referer": f"https://localhost/find/?q={word}",
        "User-Agent": word,
        "Cookie": f"__Host-alongside={word}; languages={word}; country={word}",
        "Accept-Language": word,
        "X-Forwarded-Host": word,
    }


def _by_command(place: Place, words: Sequence[str]) -> None:
    """Ask on the command line too; what that prints for its asker is no part of what is left behind."""
    place.run("near", "alongside", "near", "--json", f"our son died at 20 weeks, {words[0]}")
    lines: list[dict[str, object]] = [{"op": "story", "id": "one", "text": f"a story, {word}"} for word in words]
    lines += [{"op": "query", "id": "q", "type": "search", "language": "en", "text": words[0], "top": 1}]
    place.run("rank", "alongside", "rank", said="".join(json.dumps(line) + "\n" for line in lines))
