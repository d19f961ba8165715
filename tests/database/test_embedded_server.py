"""The embedded server: made once, shared, found again after a crash, and silent about what people write."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from alongside.database import binaries, runner
from alongside.database.roles import WEB
from alongside.database.server import Server, socket_folder
from alongside.database.unavailable import DatabaseUnavailableError

ROOT = Path(__file__).resolve().parent.parent.parent
SECRET = "heliotrope lanterns"
ROOT_ONLY = os.geteuid() == 0


def _start_and_tell(made_once: Path) -> int | None:
    server = Server(made_once, fast=True)
    with server.running():
        time.sleep(0.5)
        return server.postmaster()


@pytest.fixture
def server(made_once: Path) -> Iterator[Server]:
    server = Server(made_once, fast=True)
    with server.running():
        yield server


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("lasting"))
    with server.running():
        yield server


def test_starts_in_a_path_with_a_space_and_leaves_nothing_running(tmp_path: Path) -> None:
    server = Server(tmp_path / "a place", fast=True)
    with server.running():
        assert server.answers()
        process = server.postmaster()
    assert process is not None
    assert server.postmaster() is None
    assert not server.answers()


def test_two_starts_at_once_share_one_server(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(_start_and_tell, [tmp_path, tmp_path])
    assert first == second
    assert first is not None
    assert Server(tmp_path).postmaster() is None


def test_the_last_user_stops_it(made_once: Path) -> None:
    with Server(made_once, fast=True).running():
        with Server(made_once, fast=True).running():
            pass
        assert Server(made_once).answers()
    assert not Server(made_once).answers()


def test_what_was_committed_survives_a_killed_postmaster(lasting: Server) -> None:
    with psycopg.connect(lasting.conninfo()) as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('still here')")
    killed = lasting.postmaster()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    lasting.start()
    assert lasting.postmaster() != killed
    with psycopg.connect(lasting.conninfo()) as connection:
        assert connection.execute("select word from kept").fetchall() == [("still here",)]


def test_a_server_whose_users_were_all_killed_is_adopted(made_once: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from alongside.database.server import Server\n"
        "with Server(Path(sys.argv[1]), fast=True).running(): print('up', flush=True); time.sleep(60)"
    )
    user = subprocess.Popen([sys.executable, "-c", code, made_once], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert user.stdout is not None
    assert user.stdout.readline() == "up\n"
    user.kill()
    user.communicate()
    orphan = Server(made_once).postmaster()
    assert orphan is not None
    with Server(made_once, fast=True).running():
        assert Server(made_once).postmaster() == orphan
    assert Server(made_once).postmaster() is None


def test_a_stranger_with_the_dead_servers_number_does_not_stand_in_the_way(made_once: Path) -> None:
    server = Server(made_once, fast=True)
    with server.running():
        lock = (server.files / "postmaster.pid").read_text()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        (server.files / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lock.split("\n")[1:]]))
        with server.running():
            assert server.postmaster() not in {None, stranger.pid}
        stranger.kill()


def test_a_killed_initdb_leaves_nothing_half_made(tmp_path: Path) -> None:
    server = Server(tmp_path, fast=True)
    half = server.home / "pgdata.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with server.running():
        assert server.answers()
    assert not half.exists()


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 12) / ("longer" * 12)
    with Server(data, fast=True).running():
        folder = socket_folder(data)
        assert data not in folder.parents
        assert folder.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(folder)


def test_everything_of_the_database_is_its_owners_alone(server: Server) -> None:
    for folder in (server.home, server.files, socket_folder(server.data)):
        assert folder.stat().st_mode & 0o777 == 0o700, folder


def test_folders_opened_by_hand_are_closed_again(made_once: Path) -> None:
    server = Server(made_once, fast=True)
    with server.running():
        pass
    server.files.chmod(0o755)
    with server.running():
        assert server.files.stat().st_mode & 0o777 == 0o700


def test_files_of_another_major_version_are_left_alone_with_words_on_what_to_do(tmp_path: Path) -> None:
    files = tmp_path / "database" / "pgdata"
    files.mkdir(parents=True)
    (files / "PG_VERSION").write_text("14\n")
    with (
        pytest.raises(DatabaseUnavailableError, match="written by PostgreSQL 14"),
        Server(tmp_path).running(),
    ):
        pass
    assert [path.name for path in files.iterdir()] == ["PG_VERSION"]


def test_listens_to_nothing_but_its_own_socket_and_checks_its_pages(lasting: Server) -> None:
    shown = _show(lasting, "listen_addresses", "unix_socket_permissions", "data_checksums", "fsync")
    assert shown == ["", "0700", "on", "on"]


def test_s1_settings_keep_words_out_of_the_log(lasting: Server) -> None:
    names = ("log_error_verbosity", "log_statement", "log_min_duration_statement", "log_min_messages")
    assert _show(lasting, *names, "log_min_error_statement") == ["terse", "none", "-1", "log", "panic"]


def test_s1_no_file_overrides_the_silence(made_once: Path) -> None:
    server = Server(made_once, fast=True)
    with server.running(), psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute("alter system set log_statement = 'all'")
    with server.running(), psycopg.connect(server.conninfo(), autocommit=True) as connection:
        assert _show(server, "log_statement") == ["none"]
        connection.execute("alter system reset all")


@pytest.mark.parametrize(
    "statement",
    [
        f"select '{SECRET}'::uuid",
        f"insert into once values ('{SECRET}')",
        f"not a statement '{SECRET}'",
        f"do $$ begin raise exception 'about {SECRET}'; end $$",
        f"do $$ begin raise warning 'about {SECRET}'; end $$",
    ],
)
def test_s1_a_failing_statement_leaves_no_word_in_the_log(lasting: Server, statement: str) -> None:
    with psycopg.connect(lasting.conninfo(), autocommit=True) as connection:
        connection.execute("create table if not exists once (word text unique)")
        connection.execute("insert into once values (%s) on conflict do nothing", [SECRET])
        if "warning" in statement:
            connection.execute(statement)
        else:
            with pytest.raises(psycopg.Error):
                connection.execute(statement)
    assert SECRET not in lasting.log.read_text()


def test_s1_a_crashing_statement_leaves_no_word_in_the_log(server: Server) -> None:
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        process = connection.info.backend_pid
        subprocess.Popen(["/bin/sh", "-c", f"sleep 0.2; kill -SEGV {process}"])
        with pytest.raises(psycopg.OperationalError):
            connection.execute(f"select pg_sleep(20), '{SECRET}'")
    server.stop()
    written = server.log.read_text()
    assert "was terminated by signal 11" in written
    assert SECRET not in written


def test_s5_the_web_role_logs_in_and_owns_nothing(server: Server) -> None:
    with psycopg.connect(server.conninfo(user=WEB)) as connection:
        rights = "rolsuper, rolbypassrls, rolcreaterole, rolcreatedb"
        mine = connection.execute(f"select {rights} from pg_roles where rolname = current_user")
        assert mine.fetchone() == (False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table mine (id int)")


def test_nothing_of_this_processs_environment_reaches_the_server(
    made_once: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALONGSIDE_MASTER_KEY_FILE", SECRET)
    server = Server(made_once, fast=True)
    with server.running():
        environment = Path(f"/proc/{server.postmaster()}/environ").read_bytes()
    assert SECRET.encode() not in environment


if ROOT_ONLY:

    @pytest.fixture
    def shared_folder() -> Iterator[Path]:
        """A folder that every user may pass through (pytest's own are for root alone)."""
        folder = Path("/tmp") / f"alongside-test-{os.getpid()}"
        folder.mkdir(mode=0o755)
        yield folder
        shutil.rmtree(folder)

    def test_root_runs_it_in_a_namespace_and_nothing_changes_hands(server: Server) -> None:
        assert runner.choose(server.home).prefix
        assert server.files.stat().st_uid == 0

    def test_without_namespaces_root_runs_it_as_another_user_with_a_copy_of_the_programs(
        shared_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runner, "_NAMESPACE", ("false",))
        out_of_reach = shared_folder / "private"
        out_of_reach.mkdir(mode=0o700)
        package = binaries.embedded().parent.parent
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, out_of_reach / folder.name, symlinks=True)
        server = Server(shared_folder, True, out_of_reach / package.name / "pginstall" / "bin")
        with server.running():
            process = server.postmaster()
            assert Path(f"/proc/{process}").stat().st_uid != 0
            assert server.files.stat().st_uid == Path(f"/proc/{process}").stat().st_uid

    def test_without_namespaces_and_out_of_every_users_reach_it_says_what_to_do(
        shared_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(runner, "_NAMESPACE", ("false",))
        shared_folder.chmod(0o700)
        with pytest.raises(DatabaseUnavailableError, match="refuses to run as root"):
            Server(shared_folder, fast=True).start()

    def test_an_ordinary_user_runs_it_and_root_shares_it_as_that_user(shared_folder: Path) -> None:
        nobody = pwd.getpwnam("nobody")
        data = shared_folder / "data"
        data.mkdir()
        os.chown(data, nobody.pw_uid, nobody.pw_gid)
        code = (
            "import sys; from pathlib import Path; from alongside.database.server import Server\n"
            "with (s := Server(Path(sys.argv[1]), fast=True)).running(): print(s.answers())"
        )
        ended = subprocess.run(
            [sys.executable, "-c", code, data],
            cwd=ROOT,
            user=nobody.pw_uid,
            group=nobody.pw_gid,
            extra_groups=[],
            capture_output=True,
            text=True,
        )
        assert ended.stdout == "True\n", ended.stderr
        server = Server(data, fast=True)
        with server.running():
            assert Path(f"/proc/{server.postmaster()}").stat().st_uid == nobody.pw_uid


def _show(server: Server, *names: str) -> list[str]:
    with psycopg.connect(server.conninfo()) as connection:
        return [connection.execute("select current_setting(%s)", [name]).fetchone()[0] for name in names]  # type: ignore[index]
