"""S16: a folder and a bucket keep the same promises. The bucket is a real one, in SeaweedFS."""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from alongside import ids
from alongside.env import BucketAddress
from alongside.media import objects, store_check
from alongside.media.folder import Folder
from alongside.media.places import name_at, place_of

NAME = uuid.UUID(int=0xAB << 120 | 7)


@pytest.fixture(params=["folder", "bucket"])
def kind(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> str:
    settings.MEDIA_FOLDER = tmp_path / "media"
    if request.param == "bucket":
        request.getfixturevalue("empty_bucket")
    return str(request.param)


def test_what_was_written_is_read_and_forgotten_once_and_twice(kind: str) -> None:
    objects.write(NAME, b"sealed")
    assert objects.read(NAME) == b"sealed"
    objects.delete(NAME)
    objects.delete(NAME)
    objects.delete(ids.new_id())
    with pytest.raises(FileNotFoundError):
        objects.read(NAME)


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024 + 1, 17_000_000])
def test_every_byte_comes_back_whatever_the_size(kind: str, size: int) -> None:
    sealed = os.urandom(size)
    objects.write(NAME, sealed)
    assert objects.read(NAME) == sealed


def test_written_twice_it_is_the_second(kind: str) -> None:
    objects.write(NAME, b"first, and longer")
    objects.write(NAME, b"second")
    assert objects.read(NAME) == b"second"
    assert [one.size for one in objects.all()] == [6]


def test_all_of_them_are_told_with_their_time_and_size(kind: str) -> None:
    assert list(objects.names()) == []
    names = [ids.new_id() for _ in range(40)]
    for number, name in enumerate(names):
        objects.write(name, b"x" * number)
    told = {one.name: one for one in objects.all()}
    assert set(told) == set(names)
    assert [told[name].size for name in names] == list(range(40))
    now = datetime.now(UTC)
    assert all(abs(now - modified) < timedelta(minutes=1) for _, modified in objects.names())


def test_more_are_told_than_a_page_of_a_list_holds(kind: str) -> None:
    for _ in range(1100):
        objects.write(ids.new_id(), b"x")
    assert len(set(objects.names())) == 1100


def test_two_names_never_share_a_place(kind: str) -> None:
    names = [ids.new_id() for _ in range(50)]
    for name in names:
        objects.write(name, name.bytes)
    assert [objects.read(name) for name in names] == [name.bytes for name in names]


def test_doctor_has_nothing_to_say_and_leaves_nothing_behind(kind: str) -> None:
    objects.write(NAME, b"sealed")
    assert store_check.problems() == []
    assert list(store_check.hints()) == []
    assert [name for name, _ in objects.names()] == [NAME]


def test_an_object_lies_at_the_same_place_in_both(empty_bucket: BucketAddress, tmp_path: Path) -> None:
    """So a folder may be copied into a bucket, and a bucket into a folder, by any program."""
    import obstore

    from alongside.media.bucket import bucket

    objects.write(NAME, b"sealed")
    Folder(tmp_path / "media").write(NAME, b"sealed")
    (in_bucket,) = (one["path"] for page in obstore.list(bucket(empty_bucket).store) for one in page)
    (in_folder,) = (path.relative_to(tmp_path / "media").as_posix() for path in (tmp_path / "media").glob("*/*"))
    assert in_bucket == in_folder == place_of(NAME)


def test_what_is_no_object_of_ours_is_not_told(empty_bucket: BucketAddress, tmp_path: Path) -> None:
    import obstore

    from alongside.media.bucket import bucket

    strange = ["notes.txt", "ab/notes.sealed", f"ac/{ids.show(NAME)}.sealed", f"{place_of(NAME)}.new", ".ab/x"]
    folder = Folder(tmp_path / "media")
    folder.write(NAME, b"sealed")
    objects.write(NAME, b"sealed")
    for place in strange:
        obstore.put(bucket(empty_bucket).store, place, b"x")
        (tmp_path / "media" / place).parent.mkdir(exist_ok=True)
        (tmp_path / "media" / place).write_bytes(b"x")
    assert [one.name for one in objects.all()] == [one.name for one in folder.all()] == [NAME]


@pytest.mark.parametrize(
    "place", ["", "/", "ab", f"../{place_of(NAME)}", f"ab/{'A' * 21}/.sealed", f"ab/{'_' * 22}.sealed"]
)
def test_only_what_place_of_gives_has_a_name(place: str) -> None:
    assert name_at(place_of(NAME)) == NAME
    assert name_at(place) is None
