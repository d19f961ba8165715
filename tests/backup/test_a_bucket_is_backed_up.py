"""S38 with the objects in a bucket: they come back from a backup like those of a folder, into either."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import Settings

from alongside.backup import manifest, present, shelf
from alongside.backup.refused import BackupRefused
from alongside.backup.restore import restore
from alongside.backup.stored import sweep_unnamed_objects, without_object
from alongside.backup.take import take
from alongside.backup.unfinished import refuse_unfinished
from alongside.env import BucketAddress
from alongside.media import objects
from alongside.vault import vaults
from tests.backup.family import keep
from tests.backup.loss import EVERYTHING, come_back, lose_everything, newest
from tests.cast import A_DAY, NOW
from tests.s3 import address


@pytest.fixture
def bucket(place: Path, empty_bucket: BucketAddress) -> BucketAddress:
    """Where the objects of this installation lie."""
    return empty_bucket


def names() -> set[object]:
    return {name for name, _ in objects.names()}


def empty() -> None:
    for name in names():
        objects.delete(name)  # type: ignore[arg-type]


def test_s38_after_the_loss_of_everything_all_is_there_again(place: Path, bucket: BucketAddress) -> None:
    kept = [keep("Ansel"), keep("Ida")]
    take(place, now=NOW)
    assert len(list(newest(place, shelf.DATA).glob("media/*/*.sealed"))) == 2
    lose_everything()
    empty()
    come_back(place)
    assert [one.opens() for one in kept] == [EVERYTHING, EVERYTHING]
    assert names() == {one.photo for one in kept}
    assert without_object() == {}


def test_what_came_after_the_backup_stays_in_the_bucket_and_with_the_rows_that_name_it(
    place: Path, bucket: BucketAddress
) -> None:
    kept = keep("Ansel")
    take(place, now=NOW)
    later = keep("Ida")
    done = come_back(place, replace_present=True)
    assert kept.opens() == EVERYTHING
    assert names() == {kept.photo, later.photo}
    assert "in the bucket as before" in done.aside
    assert sweep_unnamed_objects(NOW + 30 * A_DAY) == 0, "another backup may be restored yet"
    assert names() == {kept.photo, later.photo}


def test_a_damaged_object_in_the_bucket_is_made_good_from_the_backup(place: Path, bucket: BucketAddress) -> None:
    kept = keep("Ansel")
    take(place, now=NOW)
    objects.write(kept.photo, b"rotten")
    come_back(place, replace_present=True)
    assert kept.opens() == EVERYTHING


def test_an_object_is_fetched_once_and_shared_by_all_backups(
    place: Path, bucket: BucketAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep("Ansel")
    take(place, now=NOW)
    keep("Ida")
    fetched = []
    read = objects.read
    monkeypatch.setattr(objects, "read", lambda name: fetched.append(name) or read(name))  # type: ignore[func-returns-value]
    take(place, now=NOW + A_DAY)
    assert len(fetched) == 1
    last = newest(place, shelf.DATA)
    assert len(list(last.glob("media/*/*.sealed"))) == 2
    assert not manifest.damage(last, manifest.read(last))


@pytest.mark.parametrize("to_bucket", [True, False])
def test_a_backup_moves_objects_from_a_folder_to_a_bucket_and_back(
    place: Path, bucket: BucketAddress, settings: Settings, to_bucket: bool
) -> None:
    settings.MEDIA_BUCKET = None if to_bucket else bucket
    kept = keep("Ansel")
    take(place, now=NOW)
    settings.MEDIA_BUCKET = bucket if to_bucket else None
    assert names() == set()
    come_back(place, replace_present=True)
    assert names() == {kept.photo}
    assert kept.opens() == EVERYTHING


def test_a_bucket_that_is_away_is_said_before_anything_is_changed(
    place: Path, bucket: BucketAddress, s3: str, settings: Settings, tmp_path: Path
) -> None:
    kept = keep("Ansel")
    take(place, now=NOW)
    settings.MEDIA_BUCKET = address(s3, tmp_path, name="another")
    with pytest.raises(BackupRefused, match=r"no such bucket.*Nothing was changed"):
        come_back(place, replace_present=True)
    refuse_unfinished(settings.DATA)
    with pytest.raises(BackupRefused, match="objects could not be read"):
        take(place, now=NOW + A_DAY)
    assert [one.taken for one in shelf.whole(place, shelf.DATA)] == [NOW]
    settings.MEDIA_BUCKET = bucket
    assert kept.opens() == EVERYTHING


def test_a_bucket_that_goes_away_on_the_way_is_waited_for(
    place: Path, bucket: BucketAddress, s3: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep("Ansel")
    take(place, now=NOW)
    away = address(s3, tmp_path, name="another")
    put_aside = present.put_schema_aside

    def goes(*given: object, **said: object) -> None:
        put_aside(*given, **said)  # type: ignore[arg-type]
        settings.MEDIA_BUCKET = away

    with monkeypatch.context() as patch:
        patch.setattr(present, "put_schema_aside", goes)
        with pytest.raises(BackupRefused, match="Run the same command again"):
            come_back(place, replace_present=True)
    settings.MEDIA_BUCKET = bucket
    with pytest.raises(BackupRefused):
        refuse_unfinished(settings.DATA)
    restore(place, now=NOW + 4 * A_DAY)
    assert kept.opens() == EVERYTHING


def test_a_name_in_a_manifest_never_leads_out_of_its_place(place: Path, home: Path) -> None:
    """Whoever can write a manifest can write its sum too."""
    keep("Ansel")
    take(place, now=NOW)
    data = newest(place, shelf.DATA)
    about = manifest.read(data)
    for name in ("media/../../out", "media/ab/out", "support/../../out", "../out", "out", "media/ab/../../../out"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(b"out")
        files = {**about.files, name: manifest.sha256(data / name)}
        changed = manifest.Manifest(about.kind, about.taken_at, about.product, files, about.postgres, about.migrations)
        changed.write(data, vaults.here().masters)
    lose_everything()
    come_back(place)
    assert not list(settings.DATA.rglob("out"))
    assert not list(home.glob("out"))
