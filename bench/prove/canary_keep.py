"""A family keeps words wherever it can, over HTTP as its browser would; and a guest; with every mistake there is."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from bench.prove.kills_page import Answer, Visitor
from bench.prove.mailbox import Mailbox
from bench.prove.place import Place

SESSION_COOKIE = "__Host-alongside"
OWN = ("box", "sheet", "gone", "named")
KINDS = ("address", "device", *OWN)
"""What is written here; an address is one's own, and what is named is one that must not see."""
_ADDED = re.compile(r'href="(/box/[\w-]{22}/write/\?[^"]+)"')
_INVITED = re.compile(r"/invited/[\w-]{22}/")
_CODE = re.compile(r"\b[a-z2-9]{5}-[a-z2-9]{5}\b")
_BOX = re.compile(r"[?&]box=([\w-]{22})")


class Family:
    """Parents who join, the first of them with a place of hers, and a relative whom she lets look."""

    def __init__(self, place: Place, mail: Mailbox, addresses: Sequence[str]) -> None:
        self._place, self._mail, self._address = place, mail, addresses[0]
        self.parents = [self._joins(address, f"10.7.0.{number}") for number, address in enumerate(addresses, 1)]
        self.parent = self.parents[0]
        self.relative = self._joins("relative@example.org", "10.7.1.1")
        self.box = ""

    def _joins(self, address: str, household: str) -> Visitor:
        """Join with a mailed code; before it wrong ones."""
        visitor = Visitor(self._place.port, household)
        fill(visitor, "/join/", email=address)
        fill(visitor, "/sign-in/code/", code=address)
        fill(visitor, "/sign-in/code/", code=self._mail.code_for(address))
        fill(visitor, "/join/about-you/", name="", keeping="on")
        joined = fill(visitor, "/join/about-you/", name="Somebody", old_enough="on", keeping="on")
        if joined.status not in {302, 303}:
            raise RuntimeError(f"joining ended with {joined.status}")
        return visitor

    def signs_in_elsewhere(self, household: str) -> dict[str, str]:
        """Sign the parent in with a browser of its own; return its cookies."""
        visitor = Visitor(self._place.port, household)
        fill(visitor, "/sign-in/", email=self._address)
        fill(visitor, "/sign-in/code/", code=self._mail.code_for(self._address))
        return {SESSION_COOKIE: visitor.cookies[SESSION_COOKIE]}

    def says(self, word: str, unwanted: Iterable[str]) -> bool:
        """Say everything that one can say of oneself and of one's baby; return whether it can be read again."""
        me = self.parent
        for name in (word, word * 20):
            fill(me, "/you/here/", name=name, pronouns=name)
            own = {f"{field}_own": name for field in ("baby", "pronoun", "me", "happened")}
            fill(me, "/you/words/", name=name, **dict.fromkeys(("baby", "pronoun", "me", "happened"), "own"), **own)
        for address in unwanted:
            fill(me, "/you/must-not-see/", email=f"{address}@unwanted.example")
            fill(me, "/you/must-not-see/", email=f"{address} is no address")
        fill(me, "/box/new/", name_0=word * 20)
        made = fill(me, "/box/new/", name_0=word, name_1=word, lives_1="on", cloth="sage")
        found = _BOX.search(made.where)
        assert found, made.status
        self.box = found[1]
        settings = f"/box/settings/?box={self.box}"
        fill(me, settings, called=word, name_0=word, name_1=word, lives_1="on")
        pages = ("/you/", "/you/words/", "/you/here/", settings, f"/box/?box={self.box}")
        return all(word in me.ask(path).page for path in pages)

    def keeps(self, word: str) -> bool:
        """Put one thing of every kind into the box, with every line filled in, twice; the relative a tribute."""
        addresses = [*self._ways_to_add(self.parent), *self._invite(word)]
        seen = []
        for who, path in addresses:
            seen.append(self._writes(who, path, word))
        return len(seen) >= 4 and all(seen)

    def _ways_to_add(self, who: Visitor) -> list[tuple[Visitor, str]]:
        found = _ADDED.findall(who.ask(f"/box/add/?box={self.box}").page)
        return [(who, path.replace("&amp;", "&")) for path in dict.fromkeys(found)]

    def _invite(self, word: str) -> list[tuple[Visitor, str]]:
        made = fill(self.parent, f"/box/people/invite/?box={self.box}", role="relative", name=word)
        link, code = _INVITED.search(made.page), _CODE.search(made.page)
        assert link, made.status
        assert code
        for said in (word, code[0]):
            fill(self.relative, link[0], code=said)
        fill(self.relative, link[0], at=f"{link[0]}come-in/")
        return self._ways_to_add(self.relative)

    def _writes(self, who: Visitor, path: str, word: str) -> bool:
        at = path.partition("?")[0]
        lines = {"title": word, "shows": word, "text": f"Dear {word}.", "day_of_month": "14", "month": "3"}
        for wrong in ({"title": word * 40}, {"text": word * 12_000}, {"day_of_month": word, "month": word}):
            fill(who, path, at=at, **{**lines, **wrong}, quiet="1")
        for text in (f"Dear {word}.", f"{word}, " + "and then " * 60):
            fill(who, path, at=at, **{**lines, "text": text, "day_of_month": word, "year": word})
        return word in who.ask(at).page and word in who.ask(f"{at.removesuffix('write/')}history/").page

    def has_sheets(self, words: Sequence[str]) -> set[str]:
        """Write a sheet for each word; the first goes into the box."""
        shown = {word for word in words if word in write_sheet(self._place, self.parent, word).page}
        for word in words[:1]:
            sheet = write_sheet(self._place, self.parent, word)
            fill(self.parent, f"{sheet.action}put/", box=self.box)
        return shown

    def lets_go(self, words: Sequence[str]) -> set[str]:
        """Write sheets and let go of them, at once or for 72 hours; then go on writing on a page that is still open."""
        shown = set()
        for word in words:
            for when in ("now", ""):
                sheet = write_sheet(self._place, self.parent, word)
                shown |= {word} if word in sheet.page else set()
                fill(self.parent, f"{sheet.action}let-go/", when=when)
                said = [("text", f"Still here, {word}"), ("base", "1"), ("tab", word[:22]), ("quiet", "1")]
                if self.parent.ask(sheet.action, said).status != 422 and not when:
                    raise RuntimeError("a sheet that was let go of takes words")
        return shown


def fill(visitor: Visitor, path: str, at: str = "", **fields: str) -> Answer:
    """Open a page, fill in its form, and send it to ``at`` (default: there)."""
    hidden = dict(visitor.ask(path).hidden)
    return visitor.ask(at or path, [*(hidden | fields).items()])


def write_sheet(place: Place, visitor: Visitor, word: str) -> Answer:
    """Write on a sheet in every wrong way and then in the right ones; return its page as it stands then."""
    blank = visitor.ask("/write/")
    said = [*blank.hidden, ("quiet", "1")]
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    for wrong in ([("text", word * 12_000)], [("text", word), ("title", word * 40)], [("text", ""), ("tab", word)]):
        visitor.ask(blank.action, [*said, *wrong])
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": f"https://{word}.example"}, {}):
        broken = f"text={word}%ED%A0%80%FF%00&base={word}&tab={word}&stroke={word}".encode()
        place.ask(blank.action, broken, headers={"Cookie": cookies, **headers})
    place.ask(f"/write/{word}/", {"text": word}, headers={"Cookie": cookies})
    for text in (f"Dear {word}.", f"{word}, " + "and then " * 60):
        visitor.ask(blank.action, [*said, ("text", text)])
    visitor.ask(blank.action, [*blank.hidden, ("text", f"Pressed, {word}."), ("do", "keep")])
    return visitor.ask(blank.action)


def guests(place: Place, words: Sequence[str]) -> set[str]:
    """Write without an account, let the second sheet go, and ask to see them again."""
    shown = set()
    for number, word in enumerate(words):
        visitor = Visitor(place.port, f"10.8.0.{number}")
        page = write_sheet(place, visitor, word).page
        if word in page and word in visitor.ask("/write/kept/?show").page:
            shown.add(word)
        fill(visitor, f"{write_sheet(place, visitor, word).action}let-go/")
    return shown


def while_away(place: Place, visitors: Mapping[str, Visitor]) -> None:
    """Send words while the database is away: the page gives them back, and nothing else is to remember them."""
    pages = {word: visitor.ask("/write/") for word, visitor in visitors.items()}
    with place.without_database(), ThreadPoolExecutor(4) as askers:
        for word, page in pages.items():
            said = [*page.hidden, ("text", f"Not now, {word}")]
            askers.submit(visitors[word].ask, page.action, [*said, ("quiet", "1")])
            askers.submit(visitors[word].ask, page.action, [*said, ("do", "keep")])
            askers.submit(place.ask, "/join/", urllib.parse.urlencode({"email": f"{word}@example.org"}).encode())
