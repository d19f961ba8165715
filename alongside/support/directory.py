"""Who answers in a country at a moment: the help page's lists and the first page's line (H1).

Loss lines keep office hours nearly everywhere, so a list leads with one loss organisation and one crisis
line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from alongside.support.cards import Card, Line, card, line
from alongside.support.entry import EVERYWHERE, SCOPES, Entry
from alongside.support.listing import listing

# Not "pregnancy": nobody whose baby died is sent first to a line for those who expect one or have one.
_FOR_A_LOSS = ("loss", "bereavement", "perinatal")


@dataclass(frozen=True)
class Help:
    """What the help page shows for one country code at one moment."""

    country: str
    emergency: Card | None
    now: tuple[Card, ...]
    others: tuple[Card, ...]
    everywhere: tuple[Card, ...]


def for_country(code: str, now: datetime) -> Help:
    """Return everyone a reader in country ``code`` can turn to at ``now`` (aware); any code is answered."""
    entries = _shown(code, now)
    people = [entry for entry in entries if entry.scope != "emergency"]
    answering = _paired([entry for entry in people if entry.hours.is_open(now)])
    emergency = _emergency(entries)
    return Help(
        country=code,
        emergency=card(emergency, now) if emergency else None,
        now=tuple(card(entry, now) for entry in answering),
        others=tuple(card(entry, now) for entry in people if entry not in answering),
        everywhere=tuple(card(entry, now) for entry in _shown(EVERYWHERE, now)),
    )


def tonight(code: str, now: datetime) -> Line:
    """Return the line the first page names for country ``code`` at ``now`` (aware), and one that answers."""
    entries = _shown(code, now)
    crisis = next((entry for entry in entries if answers_at_any_hour(entry)), None)
    loss = _for_a_loss(entries, now)
    if loss and crisis:
        return line(loss, now, line(crisis, now))
    if crisis:
        return line(crisis, now)
    emergency = _emergency(entries)
    beside = line(emergency, now) if emergency else None
    directory = next((entry for entry in _shown(EVERYWHERE, now) if entry.scope == "crisis"), None)
    if loss and (directory is None or loss.hours.is_open(now)):
        return line(loss, now, beside)
    return line(directory, now, beside) if directory else (beside or Line(name=""))


def for_another_grief(code: str, now: datetime) -> tuple[Card, ...]:
    """Return whom somebody with another grief can turn to: lines for any bereavement, one that answers."""
    entries = _shown(code, now)
    grief = [entry for entry in entries if entry.scope == "bereavement"]
    crisis = [entry for entry in entries if answers_at_any_hour(entry)][:1]
    return tuple(card(entry, now) for entry in [*grief, *crisis] or _shown(EVERYWHERE, now))


def answers_at_any_hour(entry: Entry) -> bool:
    """Say whether ``entry`` is a crisis line with a number that is answered day and night."""
    return entry.scope == "crisis" and bool(entry.phones) and entry.hours.always


def _shown(code: str, now: datetime) -> list[Entry]:
    return [entry for entry in listing().of(code) if entry.shown(now.date())]


def _emergency(entries: Iterable[Entry]) -> Entry | None:
    return next((entry for entry in entries if entry.scope == "emergency"), None)


def _for_a_loss(entries: Iterable[Entry], now: datetime) -> Entry | None:
    """Return the line nearest to a loss, one that is open before one that is closed."""
    lines = [entry for entry in entries if entry.scope in _FOR_A_LOSS and entry.phones and entry.hours.known]
    return min(lines, key=lambda entry: (not entry.hours.is_open(now), SCOPES.index(entry.scope)), default=None)


def _paired(entries: list[Entry]) -> list[Entry]:
    """Return ``entries`` with the first for a loss and the first crisis line ahead of the rest."""
    loss = next((entry for entry in entries if entry.scope in _FOR_A_LOSS), None)
    crisis = next((entry for entry in entries if entry.scope == "crisis"), None)
    ahead = [entry for entry in (loss, crisis) if entry]
    return ahead + [entry for entry in entries if entry not in ahead]
