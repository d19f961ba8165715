"""What an operator sees to before families come: each thing is checked, and says what to do when it is open.

``doctor`` prints all of it; ``serve`` names what is open as long as nobody looks after the place.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q

from alongside.accounts.models import Account
from alongside.community import exit_page
from alongside.community.finding import Finding
from alongside.env import JOINING, LANGUAGES
from alongside.mail import check as mail
from alongside.support import directory
from alongside.support.countries import names, within_a_sentence
from alongside.vault import check as vault

ITSELF = ("localhost", "127.0.0.1")
LAST_BACKUP = "last-backup"
"""The file in the data folder in which ``backup`` leaves the time when it was last done (ISO 8601)."""
OFTEN_ENOUGH = timedelta(days=2)


def findings(now: datetime, *, at_the_start: bool = False) -> Iterator[Finding]:
    """Yield what is to be seen to, in the order of docs/operators/first-run.md. In a demonstration all is well.

    ``at_the_start`` nobody waits for an answer of the mail server.
    """
    leaving = exit_page.problems(settings.EXIT_URL, _hosts(), settings.COMMUNITY_NAME)
    mail_server = () if at_the_start and settings.MAIL_READY else mail.problems()
    checks: list[tuple[str, Iterable[str], Iterable[str]]] = [
        ("name", _name(), _about()),
        ("country", _country(now), ()),
        ("languages", (), _languages()),
        ("exit page", leaving, ()),
        ("address", _address(), ()),
        ("mail", [*mail_server, *_mail()], _sender()),
        ("joining", (), _joining()),
        ("steward", _steward(), ()),
        ("second factor", _second_factor(), ()),
        ("places of the keys", _places(), _nearby_places()),
        ("copies", (), _copies(now)),
    ]
    for name, looks, hints in checks:
        yield Finding(name) if settings.DEMO else Finding.of(name, looks, hints)


def still_open(now: datetime, most: int = 5) -> list[str]:
    """Return at most ``most`` lines on what is open in a new installation; none once somebody looks after it."""
    if settings.DEMO or not any(_steward()):
        return []
    open_yet = [finding for finding in findings(now, at_the_start=True) if finding.looks]
    open_yet.sort(key=lambda finding: finding.name != "steward")
    lines = [f"  {finding.name}: {finding.looks[0]}" for finding in open_yet]
    if len(lines) >= most:
        lines = [*lines[: most - 2], f"  … and {len(lines) - most + 2} more"]
    return ["This place is new. Before families come (bin/alongside doctor says it all again):", *lines]


def _name() -> Iterator[str]:
    if settings.COMMUNITY_NAME in {"", "Alongside"}:
        yield 'nobody is named who keeps this place: set ALONGSIDE_NAME, such as ALONGSIDE_NAME="Harbour Lane"'


def _about() -> Iterator[str]:
    if not settings.COMMUNITY_ABOUT:
        yield 'ALONGSIDE_ABOUT can say in a few words who that is, such as "a family support group"'


def _country(now: datetime) -> Iterator[str]:
    code = settings.COUNTRY
    if code not in names():
        yield f"{code} is no country; ALONGSIDE_COUNTRY takes two letters such as GB, IE or DE"
        return
    said = within_a_sentence(code)
    if not os.environ.get("ALONGSIDE_COUNTRY"):
        yield f"not said, so readers see the helplines of {said}: set ALONGSIDE_COUNTRY={code}, or your own country"
    help_there = directory.for_country(code, now)
    if not help_there.now and not help_there.others:
        yield f"nobody in {said} is listed for people to call: add who answers (docs/operators/helplines.md)"


def _languages() -> Iterator[str]:
    if not os.environ.get("ALONGSIDE_LANGUAGES"):
        yield f"all that the software knows are offered; if yours are fewer: ALONGSIDE_LANGUAGES={','.join(LANGUAGES)}"


def _hosts() -> list[str]:
    return [host for host in settings.ALLOWED_HOSTS if host not in ITSELF]


def _address() -> Iterator[str]:
    hosts = _hosts()
    if not hosts:
        yield "only this machine can reach it: set ALONGSIDE_HOSTS to its name, such as stories.example.org"
    if "*" in hosts:
        yield "ALONGSIDE_HOSTS=* answers under any name, also a forged one: write the names out"
    for host in hosts:
        if any(sign in host for sign in "/: "):
            yield f"{host} is never met: ALONGSIDE_HOSTS takes a bare name, without https:// and without a port"
    if hosts and not settings.TRUSTED_PROXIES:
        yield "ALONGSIDE_PROXIES is 0, so every page redirects for ever: put a proxy with a certificate in front, set 1"


def _mail() -> Iterator[str]:
    there = getattr(settings, "EMAIL_HOST", "localhost")
    if settings.MAIL_READY and there not in ITSELF and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        yield "codes to sign in go to the mail server unlocked: write smtp+tls:// or smtps:// in EMAIL_URL"


def _sender() -> Iterator[str]:
    if settings.MAIL_READY and not os.environ.get("ALONGSIDE_MAIL_FROM"):
        address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        yield f"it comes from {address}; ALONGSIDE_MAIL_FROM can name an address that somebody reads"


def _joining() -> Iterator[str]:
    if not os.environ.get("ALONGSIDE_JOINING"):
        yield f"anybody may join by themselves; if you would rather choose: ALONGSIDE_JOINING={' or '.join(JOINING[1:])}"


def _steward() -> Iterator[str]:
    if not Account.objects.filter(steward_since__isnull=False, closed_at=None).exists():
        yield "nobody looks after this place yet: run  bin/alongside host add EMAIL --steward"


def _second_factor() -> Iterator[str]:
    hosts = Account.objects.filter(Q(host_since__isnull=False) | Q(steward_since__isnull=False), closed_at=None)
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    without = hosts.exclude(pk__in=Authenticator.objects.filter(type__in=kinds).values("user")).count()
    if without:
        yield (
            f"{without} of those who look after the place have neither passkey nor authenticator: they sign in and add "
            "one, and until then no host's page opens to them (bin/alongside host list says who)"
        )


def _places() -> Iterator[str]:
    if _is_within(settings.MASTER_KEY_FILE, settings.DATA):
        yield (
            "the master key lies in the data folder, so whoever copies that folder can open it: stop, move "
            f"{settings.MASTER_KEY_FILE} elsewhere, and say where in ALONGSIDE_MASTER_KEY_FILE"
        )
    for folder in settings.KEYRING_FOLDERS:
        if _is_within(settings.MASTER_KEY_FILE, folder):
            yield "the master key lies in the keyring that it opens: move it elsewhere (ALONGSIDE_MASTER_KEY_FILE)"
    first, second = (folder.resolve() for folder in settings.KEYRING_FOLDERS)
    if first == second:
        yield "both keyring folders are the same one: name two in ALONGSIDE_KEYRING_URL"


def _nearby_places() -> Iterator[str]:
    if any(_is_within(folder, settings.DATA) for folder in settings.KEYRING_FOLDERS):
        yield (
            "the keyring lies in the data folder: a plain copy of that folder keeps keys that are erased later; "
            "ALONGSIDE_KEYRING_URL gives it a place of its own"
        )
    yield from vault.hints()


def _copies(now: datetime) -> Iterator[str]:
    advice = "run  bin/alongside backup FOLDER  every night"
    try:
        last = datetime.fromisoformat((settings.DATA / LAST_BACKUP).read_text(encoding="ascii").strip())
        age = now - last
    except FileNotFoundError:
        yield f"none was made yet: {advice}"
    except (OSError, ValueError, TypeError):
        yield f"when the last one was made cannot be read from {settings.DATA / LAST_BACKUP}: {advice}"
    else:
        if age > OFTEN_ENOUGH:
            yield f"the last one was made {age.days} days ago: {advice}"


def _is_within(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
