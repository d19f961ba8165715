"""Why a backup or a restore did not happen, in words that an operator can act on."""

from __future__ import annotations


class BackupRefused(Exception):
    """Nothing was changed that a repeat would not put right; the message says what to do."""


class Damaged(BackupRefused):
    """A backup is not what was written; ``files`` names what was changed or lost."""

    def __init__(self, where: str, files: list[str]) -> None:
        self.files = files
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""
        super().__init__(
            f"{where} is damaged: {', '.join(files[:3])}{more}. Take another backup; if there is none, --despite-damage "
            "brings back what is whole."
        )
