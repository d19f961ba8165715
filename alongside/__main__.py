"""The command line: ``bin/alongside COMMAND`` (ARCHITECTURE 4). A door: each command is one small function."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from alongside import env
from alongside.backup.refused import BackupRefused
from alongside.database.unavailable import DatabaseUnavailableError
from alongside.logs import without_words
from alongside.vault.errors import VaultUnavailable

Command = Callable[[argparse.Namespace], int]
Adding = Callable[[Command], argparse.ArgumentParser]


def _choose_data(run: Command) -> None:
    """Say whose data a command is about: the operator's, else this checkout's own, else the demonstration's."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alongside.settings")
    said = os.environ.get("ALONGSIDE_DATA")
    own, invented = env.ROOT / "var" / "data", env.ROOT / "var" / "demo"
    if run is demo:
        data = Path(said or invented)
        env.mark_invented(data)
    elif said or run in (serve, host, backup, restore) or (own / "database").exists() or "DATABASE_URL" in os.environ:
        data = Path(said or own)
    else:
        data = invented
        env.mark_invented(data)
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise env.BadSetting(
            f"{data} cannot be the data folder ({error.strerror}); choose another with ALONGSIDE_DATA"
        ) from None
    os.environ["ALONGSIDE_DATA"] = str(data.absolute())
    env.refuse_somebody_elses(data)


@contextmanager
def _installation() -> Iterator[None]:
    """Start what a command needs: the database, migrated, and in a demonstration its sample community."""
    from alongside.installation import database_running, prepare

    with database_running():
        prepare()
        yield


@contextmanager
def _database() -> Iterator[None]:
    """Start the database alone: nothing is migrated, and nothing is served."""
    import django

    from alongside.installation import database_running

    with database_running():
        django.setup()
        yield


def serve(said: argparse.Namespace) -> int:
    """Serve the web and run the worker until Ctrl-C."""
    from alongside.installation import prepare, still_open
    from alongside.serve import run

    def ready() -> None:
        prepare()
        for line in still_open():
            print(line, file=sys.stderr, flush=True)

    data = Path(os.environ["ALONGSIDE_DATA"])
    return run(
        data=data,
        host=said.host,
        port=env.number({"--port": said.port}, "--port", 0, most=65535)
        or env.number(os.environ, "PORT", 8000, most=65535),
        workers=said.workers,
        prepare=ready,
        reload=said.reload,
    )


def demo(said: argparse.Namespace) -> int:
    """Serve the sample community of invented families."""
    return serve(said)


def worker(_: argparse.Namespace) -> int:
    """Run jobs until told to stop; ``serve`` starts this itself."""
    from alongside.installation import run_worker

    run_worker()
    return 0


def near(said: argparse.Namespace) -> int:
    """Print the stories nearest to a sentence."""
    with _installation():
        from alongside.installation import nearest_to
        from alongside.language.encoder import encoder

        encoder.warm()
        began = time.perf_counter()
        found = nearest_to(said.text, limit=said.limit, email=said.reader)
        took = time.perf_counter() - began
    if said.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for one in found:
            print(f"{one['title']}\n  {one['excerpt']}\n  {' '.join(one['reasons'])}\n  /read/{one['id']}/\n")
    print(f"{took * 1000:.0f} ms", file=sys.stderr)
    return 0


def rank(_: argparse.Namespace) -> int:
    """Rank given stories for given queries, JSON lines in and out, leaving nothing behind."""
    from alongside.matching.ranking import RankError
    from alongside.matching.ranking import rank as ranked

    try:
        for line in ranked(sys.stdin):
            print(line, flush=True)
    except RankError as error:
        print(f"alongside: {error}", file=sys.stderr)
        return 1
    return 0


def generate(said: argparse.Namespace) -> int:
    """Add an invented community of any size, to measure with."""
    with _installation():
        from alongside.demo.generate import generate as make

        began = time.perf_counter()
        count = make(said.stories, seed=said.seed)
        took = time.perf_counter() - began
    print(f"{count} stories in {took:.1f} s ({count / took:.0f} a second)")
    return 0


def bench(said: argparse.Namespace) -> int:
    """Measure; section 6 of ARCHITECTURE says what and beside what."""
    from bench.run import run

    return run(said.names, as_json=said.json)


def session(said: argparse.Namespace) -> int:
    """Print a session cookie for somebody invented."""
    with _installation():
        from alongside.installation import session_cookie

        print(session_cookie(said.email))
    return 0


def doctor(_: argparse.Namespace) -> int:
    """Check the installation; exit 1 when something needs a person."""
    from alongside.installation import examine

    return examine(sys.stdout)


def host(said: argparse.Namespace) -> int:
    """Say who looks after the place: "host add EMAIL" (a steward too with --steward), "host remove EMAIL", "host list"."""
    if (said.email == "") != (said.do == "list") or (said.steward and said.do != "add"):
        raise env.BadSetting("it is  host add EMAIL,  host add EMAIL --steward,  host remove EMAIL  or  host list")
    with _installation():
        from alongside.installation import tend_hosts

        for line in tend_hosts(said.do, said.email, steward=said.steward):
            print(line)
    return 0


def backup(said: argparse.Namespace) -> int:
    """Write data and keys into a folder, each whole or not at all, while families go on writing."""
    with _database():
        from alongside.backup.take import take

        done = take(
            Path(said.folder),
            keyring_folder=said.keyring,
            data=not said.keyring_only,
            keyring=not said.data_only,
            keep=said.keep,
        )
    print(*done.lines(), sep="\n")
    return 1 if done.problems else 0


def restore(said: argparse.Namespace) -> int:
    """Bring back the newest whole backup in a folder; what was erased since stays erased."""
    with _database():
        from alongside.backup.restore import restore as bring_back

        done = bring_back(
            Path(said.folder),
            keyring_folder=said.keyring,
            replace_present=said.replace,
            despite_damage=said.despite_damage,
        )
    print(*done.lines(), sep="\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="alongside", description="A quiet place for families after a loss.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(run: Command) -> argparse.ArgumentParser:
        words = (run.__doc__ or "").strip()
        made = commands.add_parser(run.__name__, description=words, help=words)
        made.set_defaults(run=run)
        return made

    _for_running(command)
    _for_looking_after(command)
    _for_measuring(command)
    return parser


def _for_running(command: Adding) -> None:
    for run in (serve, demo):
        one = command(run)
        one.add_argument("--host", default="127.0.0.1")
        one.add_argument("--port", default="")
        one.add_argument("--workers", type=int, default=1)
        one.add_argument("--reload", action="store_true", help="start the web again when a source file changes")
    command(worker)


def _for_looking_after(command: Adding) -> None:
    command(doctor)
    one = command(host)
    one.add_argument("do", metavar="DO", choices=("add", "remove", "list"), help="add, remove or list")
    one.add_argument("email", metavar="EMAIL", nargs="?", default="")
    one.add_argument("--steward", action="store_true", help="with add: they also look after the installation itself")
    one = command(backup)
    one.add_argument("folder", metavar="DIR")
    one.add_argument("--keyring", type=Path, metavar="DIR")
    parts = one.add_mutually_exclusive_group()
    parts.add_argument("--data-only", action="store_true")
    parts.add_argument("--keyring-only", action="store_true")
    one.add_argument("--keep", type=int, default=35, metavar="DAYS")
    one = command(restore)
    one.add_argument("folder", metavar="DIR")
    one.add_argument("--keyring", type=Path, metavar="DIR")
    one.add_argument("--replace", action="store_true")
    one.add_argument("--despite-damage", action="store_true")


def _for_measuring(command: Adding) -> None:
    one = command(near)
    one.add_argument("text", metavar="TEXT")
    one.add_argument("--json", action="store_true")
    one.add_argument("--limit", type=int, default=6)
    one.add_argument("--as", dest="reader", metavar="EMAIL", default="")
    command(rank)
    one = command(generate)
    one.add_argument("--stories", type=int, required=True)
    one.add_argument("--seed", type=int, default=1)
    one = command(bench)
    one.add_argument("names", nargs="+", metavar="NAME")
    one.add_argument("--json", action="store_true")
    one = command(session)
    one.add_argument("email", metavar="EMAIL")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    said = _parser().parse_args(words)
    sys.excepthook = without_words
    try:
        _choose_data(said.run)
        return int(said.run(said))
    except (env.BadSetting, BackupRefused, DatabaseUnavailableError, VaultUnavailable) as error:
        print(f"alongside: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
