"""S16, V7: an object is on the disk when it is said to be kept, whole or not at all, for its owner alone."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

import pytest
from pytest_django import Settings

from alongside import ids
from alongside.media import objects

NAME = uuid.UUID(int=0xAB << 120 | 7)


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.MEDIA_FOLDER = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done to the disk, in order: the kind of thing that is synced, and each rename."""
    done: list[str] = []
    sync, rename = os.fsync, Path.rename

    def fsync(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        done.append(f"sync {path.name if path.is_dir() else 'file of ' + str(path.stat().st_size)}")
        sync(handle)

    def renamed(self: Path, target: Path) -> Path:
        done.append(f"rename to {target.name}")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "rename", renamed)
    return done


def test_s16_the_bytes_are_synced_then_named_then_the_name_is_synced(folder: Path, acts: list[str]) -> None:
    objects.write(NAME, b"sealed")
    assert acts[-3:] == ["sync file of 6", f"rename to {ids.show(NAME)}.sealed", "sync ab"]
    assert acts[:-3] == [f"sync {folder.parent.name}", "sync media"], "and each new folder's own name before"


def test_s16_a_folder_that_is_there_already_is_named_on_the_disk_too(folder: Path, acts: list[str]) -> None:
    """Another process may have made it a moment ago, and died before it synced."""
    (folder / "ab").mkdir(parents=True)
    objects.write(NAME, b"sealed")
    assert "sync media" in acts[: acts.index("sync file of 6")]


def test_what_was_written_is_read_and_forgotten_once_and_twice(folder: Path, acts: list[str]) -> None:
    objects.write(NAME, b"sealed")
    assert objects.read(NAME) == b"sealed"
    objects.delete(NAME)
    assert acts[-1] == "sync ab", "forgotten on the disk too"
    objects.delete(NAME)
    objects.delete(ids.new_id())
    with pytest.raises(FileNotFoundError):
        objects.read(NAME)


def test_it_is_for_its_owner_alone_whatever_the_umask(folder: Path) -> None:
    before = os.umask(0)
    try:
        objects.write(NAME, b"sealed")
    finally:
        os.umask(before)
    for path in (folder, *folder.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("step", ["fsync", "rename", "write"])
def test_d2_what_fails_half_way_leaves_nothing_and_what_was_there_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    objects.write(NAME, b"before")

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        if step == "fsync":
            broken.setattr(os, "fsync", full)
        elif step == "rename":
            broken.setattr(Path, "rename", full)
        else:
            broken.setattr(os, "fdopen", _short_of_space)
        with pytest.raises(OSError, match="No space"):
            objects.write(NAME, b"after!")
    assert objects.read(NAME) == b"before"
    assert [path.name for path in (folder / "ab").iterdir()] == [f"{ids.show(NAME)}.sealed"]


def _short_of_space(handle: int, mode: str) -> object:
    os.write(handle, b"af")
    os.close(handle)
    raise OSError(28, "No space left on device")


def test_what_a_crash_left_behind_is_never_read_as_an_object(folder: Path) -> None:
    objects.write(NAME, b"sealed")
    (folder / "ab" / ".0123456789abcdef").write_bytes(b"half of somethi")
    assert objects.read(NAME) == b"sealed"
    assert not [path for path in folder.rglob("*.sealed") if path.name.startswith(".")]


def test_two_names_never_share_a_place(folder: Path) -> None:
    names = [ids.new_id() for _ in range(50)]
    for name in names:
        objects.write(name, name.bytes)
    assert [objects.read(name) for name in names] == [name.bytes for name in names]
