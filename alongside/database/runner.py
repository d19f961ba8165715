"""As whom PostgreSQL's programs run: they refuse to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alongside.database.unavailable import DatabaseUnavailableError

_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_ORDINARY_USERS = ("postgres", "daemon", "nobody")
# Nothing of this process's environment reaches the server: no secret, no locale, no PG… setting.
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Runner:
    """Runs a program as this user, inside a user namespace (``prefix``), or as another user."""

    prefix: tuple[str, ...] = ()
    user: pwd.struct_passwd | None = None

    def run(
        self, command: Sequence[str | Path], *, text: str = "", timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run ``command`` to its end with ``text`` on its standard input (``timeout`` in seconds)."""
        return subprocess.run(  # noqa: S603 - PostgreSQL's own programs
            [*self.prefix, *map(str, command)],
            input=text,
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd="/",
            env=_ENVIRONMENT,
            user=self.user.pw_uid if self.user else None,
            group=self.user.pw_gid if self.user else None,
            extra_groups=[] if self.user else None,
        )

    def can_run(self, program: Path) -> bool:
        """Whether ``program --version`` works for this user from where it lies."""
        try:
            return self.run([program, "--version"]).returncode == 0
        except OSError:
            return False

    def can_enter(self, folder: Path) -> bool:
        """Whether this user reaches ``folder`` and may write there."""
        return self.run(["test", "-w", folder, "-a", "-x", folder]).returncode == 0

    def take(self, folder: Path) -> None:
        """Give ``folder`` and all in it to this user; without an own user nothing changes hands."""
        if self.user is None or folder.stat().st_uid == self.user.pw_uid:
            return
        for place, _, names in os.walk(folder):
            for path in (place, *(os.path.join(place, name) for name in names)):  # noqa: PTH118
                os.chown(path, self.user.pw_uid, self.user.pw_gid, follow_symlinks=False)


def choose(folder: Path) -> Runner:
    """Return who shall run the server whose files are in ``folder``.

    An ordinary user runs it as themselves. Root runs it as whoever owns the files already; else in a user
    namespace, where nothing changes hands; else as another existing user.
    """
    if os.geteuid() != 0:
        return Runner()
    for runner in _candidates(folder):
        before = folder.stat()
        runner.take(folder)
        if runner.can_enter(folder):
            return runner
        os.chown(folder, before.st_uid, before.st_gid)
    raise DatabaseUnavailableError(
        "PostgreSQL refuses to run as root, this machine allows no user namespace (unshare --user), and no "
        f"other user can reach {folder}.\nRun Alongside as an ordinary user, or set ALONGSIDE_DATA to a "
        "folder that other users may pass through, such as one below /var/lib."
    )


def _candidates(folder: Path) -> Iterator[Runner]:
    owners = [path.stat().st_uid for path in (folder, *folder.parents)]
    if owners[0] != 0:
        yield from _as_user(owners[0])
    if shutil.which("unshare"):
        yield Runner(prefix=_NAMESPACE)
    for uid in dict.fromkeys(uid for uid in owners if uid != 0):
        yield from _as_user(uid)
    for name in _ORDINARY_USERS:
        yield from _as_user(name)


def _as_user(who: int | str) -> Iterator[Runner]:
    try:
        yield Runner(user=pwd.getpwuid(who) if isinstance(who, int) else pwd.getpwnam(who))
    except KeyError:
        return
