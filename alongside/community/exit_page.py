"""Whether the page that *Leave quickly* goes to is neutral: who glances at the screen there learns nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

# Parts of words, in the languages of the stories. "Loss" is not the one in "glossary" or "Schloss".
_TELLING = re.compile(
    r"(?<![gh])loss|baby(?!lon)|babies|grie[fv]|bereav|mourn|funeral|hospice|death|miscar|still-?b|pregnan|perinat|neonat"
    r"|suicid|samarit|helpline|alongside|trauer|sternen-?k|fehlgeburt|totgeb|deuil|fausse-?couche|grossesse|duelo"
    r"|aborto|embaraz|lutto|gravidanz"
)


def problems(url: str, hosts: Collection[str], name: str) -> Iterator[str]:
    """Yield what is wrong with ``url`` as the exit of a place reached at ``hosts`` and kept by ``name``."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme != "https":
        yield "the page is not https, so others on the same network see where somebody went"
    if any(_is_near(host, ours) for ours in {*hosts, "localhost", "127.0.0.1"}):
        yield f"{host} is this place's own address, or beside it; take somebody else's page"
    told = _plain(host + parts.path + parts.query)
    ours = _plain(name).replace(" ", "")
    if (found := _TELLING.search(told)) is not None:
        yield f"the address has “{found[0]}” in it, and whoever glances at the screen can read it"
    elif len(ours) > 3 and ours in re.sub(r"[^a-z]", "", told):
        yield "the address has this place's name in it"


def _is_near(host: str, ours: str) -> bool:
    ours = ours.lower().strip(".")
    whole = host.removeprefix("www.")
    return host == ours or host.endswith(f".{ours}") or ours == whole or ours.endswith(f".{whole}")


def _plain(words: str) -> str:
    """Return ``words`` small and without accents."""
    parts = unicodedata.normalize("NFKD", words.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))
