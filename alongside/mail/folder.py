"""The demonstration's mail: nothing leaves this machine, and what would have is shown at /demo/mail/."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_CODE = re.compile(r"^\d{4} \d{4}$", re.MULTILINE)
_NEW = re.compile(rb"^-{79}\n", re.MULTILINE)


@dataclass(frozen=True)
class Kept:
    """One mail as it would have been sent; ``code`` is the code in it, or empty."""

    to: str
    subject: str
    body: str
    code: str
    at: datetime


def newest(folder: Path, most: int = 20) -> list[Kept]:
    """Return the mails in a folder that Django's file backend writes to, newest first."""
    if not folder.exists():
        return []
    files = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [kept for path in files[:most] for kept in _in(path)][:most]


def _in(path: Path) -> list[Kept]:
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    kept = []
    for raw in _NEW.split(path.read_bytes()):
        if raw.strip():
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            body = str(mail.get_content()).strip()
            code = _CODE.search(body)
            kept.append(Kept(str(mail["To"]), str(mail["Subject"]), body, code[0] if code else "", at))
    return kept[::-1]
