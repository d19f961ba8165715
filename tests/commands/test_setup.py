"""bin/setup: once, whole, from anywhere, and in words where it cannot.

The installer is a stand-in (the network is the outside world); the real one was tried by hand, see
docs/developers/commands.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
UV = """#!/bin/sh
if [ "$1" = venv ]; then
    for venv; do :; done
    mkdir -p "$venv/bin" && ln -s "$REAL_PYTHON" "$venv/bin/python" && exit
fi
echo installed >>"$CLONE/installs"
sleep 0.3
[ ! -e "$CLONE/trouble" ] || { cat "$CLONE/trouble" >&2; exit 1; }
"""


@dataclass(frozen=True)
class Clone:
    """A checkout of its own, in a path with a space, whose installer is a stand-in."""

    root: Path

    def run(self, script: str = "setup", *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.root / 'stand in'}:{os.environ['PATH']}",
            "CLONE": str(self.root),
            "REAL_PYTHON": sys.executable,
        }
        command = [str(self.root / "bin" / script), *words]
        return subprocess.run(command, cwd="/", env=environment | more, capture_output=True, text=True)

    @property
    def installs(self) -> int:
        file = self.root / "installs"
        return len(file.read_text().split()) if file.exists() else 0

    def has(self, trouble: str) -> None:
        (self.root / "trouble").write_text(trouble)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    root = tmp_path / "a clone"
    shutil.copytree(ROOT / "bin", root / "bin")
    shutil.copytree(ROOT / "requirements", root / "requirements")
    (root / "stand in").mkdir()
    uv = root / "stand in" / "uv"
    uv.write_text(UV)
    uv.chmod(0o755)
    return Clone(root)


def test_sets_up_once_and_then_says_nothing_at_once(clone: Clone) -> None:
    first = clone.run()
    assert (first.returncode, first.stdout) == (0, "")
    started = time.monotonic()
    again = clone.run()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert time.monotonic() - started < 0.5  # 6 ms on an idle machine
    assert clone.installs == 1


def test_other_requirements_are_installed_afresh(clone: Clone) -> None:
    clone.run()
    with (clone.root / "requirements" / "run.txt").open("a") as requirements:
        requirements.write("# another\n")
    clone.run()
    assert clone.installs == 2


def test_two_starts_at_once_install_once(clone: Clone) -> None:
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(lambda _: clone.run(), range(2)))
    assert [each.returncode for each in ended] == [0, 0]
    assert clone.installs == 1


def test_the_tests_environment_is_apart(clone: Clone) -> None:
    assert clone.run("setup", "dev").returncode == 0
    assert (clone.root / ".venv-dev").exists()
    assert not (clone.root / ".venv").exists()


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (
            "error: dns error: failed to lookup address information: Temporary failure in name resolution",
            "No network",
        ),
        ("OSError: [Errno 28] No space left on device", "disk filled up"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "THESE PACKAGES DO NOT MATCH THE HASHES"),
    ],
)
def test_what_goes_wrong_is_said_and_the_next_start_begins_anew(clone: Clone, trouble: str, said: str) -> None:
    clone.has(trouble)
    ended = clone.run()
    assert ended.returncode == 1
    assert said in ended.stderr
    (clone.root / "trouble").unlink()
    assert clone.run().returncode == 0
    assert clone.run().stderr == ""


def test_an_old_python_is_named_with_what_to_install(clone: Clone) -> None:
    old = clone.root / "old python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n')
    old.chmod(0o755)
    ended = clone.run(ALONGSIDE_PYTHON=str(old))
    assert ended.returncode == 1
    assert "needs Python 3.11" in ended.stderr
    assert "Python 3.9.2" in ended.stderr


def test_a_python_without_its_venv_part_is_met_with_the_line_to_run(clone: Clone) -> None:
    (clone.root / "stand in" / "uv").unlink()
    bare = clone.root / "bare python"
    bare.write_text(f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec "{sys.executable}" "$@"\n')
    bare.chmod(0o755)
    ended = clone.run(ALONGSIDE_PYTHON=str(bare), PATH="/usr/bin:/bin")
    assert ended.returncode == 1
    assert "apt-get install python3-venv" in ended.stderr


def test_the_command_line_runs_from_anywhere_and_not_on_what_lies_there(clone: Clone, tmp_path: Path) -> None:
    package = clone.root / "alongside"
    package.mkdir()
    (package / "__main__.py").write_text("import sys; print('ours', *sys.argv[1:])")
    strange = tmp_path / "elsewhere" / "alongside"
    strange.mkdir(parents=True)
    (strange / "__main__.py").write_text("print('a stranger')")
    clone.run()
    ended = subprocess.run(
        [clone.root / "bin" / "alongside", "near", "two words"],
        cwd=strange.parent,
        capture_output=True,
        text=True,
    )
    assert ended.stdout == "ours near two words\n"


@pytest.mark.parametrize("script", sorted(path.name for path in (ROOT / "bin").iterdir()))
def test_every_script_runs_under_a_plain_shell_and_says_what_it_is_for(script: str) -> None:
    path = ROOT / "bin" / script
    lines = path.read_text().splitlines()
    assert lines[0] == "#!/bin/sh"
    assert lines[1].startswith(f"# bin/{script}")
    assert os.access(path, os.X_OK)
    assert subprocess.run(["sh", "-n", path]).returncode == 0
