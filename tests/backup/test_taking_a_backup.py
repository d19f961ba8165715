"""S10, S38: what a backup holds and does not hold, while families go on writing, and how long it is kept."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from alongside.backup import dump, manifest, shelf
from alongside.backup.refused import BackupRefused
from alongside.backup.restore import restore
from alongside.backup.take import take
from alongside.database import binaries
from alongside.database.viewer import acting_for
from alongside.keepsakes.models import KeepsakeBox
from alongside.matching import index
from alongside.stories.models import StoryPhoto
from alongside.stories.photographs import open_photo
from alongside.vault import vaults
from alongside.vault.unite import Snapshot
from alongside.visibility.audience import Audience
from bench.prove.scan import Needle, files_below, scan
from tests.backup.family import Kept, keep
from tests.cast import A_DAY, NOW, gather, told, words

WORD = "canarybcdfghjkl"


def only(place: Path, kind: str) -> Path:
    (one,) = shelf.whole(place, kind)
    return one.path


def test_s10_nothing_readable_and_no_open_session_is_in_it(place: Path) -> None:
    cast = gather()
    story = told(cast, words(f"{WORD} was the placenta.", title=WORD), to=Audience.OPEN)
    while index.add_missing(limit=10):
        pass
    assert index.missing().count() == 0, "it is in the finding index"
    session = SessionStore()
    session["said"] = WORD
    session.save()
    take(place, now=NOW)
    data = only(place, shelf.DATA)
    script = subprocess.run(
        [binaries.embedded() / "pg_restore", "--file=-", data / shelf.DUMP], capture_output=True, check=True
    ).stdout
    assert story.pk.hex.encode() in script.replace(b"-", b""), "it can be read"
    assert WORD.encode() not in script
    assert str(session.session_key).encode() not in script
    (place / "script.sql").write_bytes(script)
    master = settings.MASTER_KEY_FILE.read_bytes().strip().partition(b":")[2]
    needles = [Needle("word", WORD.encode()), Needle("master key", master)]
    assert scan(files_below(place), needles) == []


def test_it_is_for_its_owner_alone_whatever_the_umask(place: Path) -> None:
    keep("Ansel")
    before = os.umask(0)
    try:
        take(place, now=NOW)
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o077 for path in (place, *place.rglob("*"))} == {0}


def test_the_keys_lie_apart_and_what_lies_there_is_a_keyring(place: Path, home: Path) -> None:
    kept = keep("Ansel")
    (home / "elsewhere").mkdir(mode=0o700)
    take(place, keyring_folder=home / "elsewhere", now=NOW)
    assert [path.name for path in place.iterdir()] == ["data-20261120T031200Z"]
    assert [path.name for path in (home / "elsewhere").iterdir()] == ["keyring-20261120T031200Z"]
    snapshot = Snapshot(only(home / "elsewhere", shelf.KEYRING))
    assert snapshot.record(kept.box.vault, vaults.here().masters) is not None
    assert not (only(place, shelf.DATA) / "records").exists()
    record = vaults.here().keyring.get(kept.box.vault)
    wrapped = [Needle("key", record.slots[0].wrapped[:32], text=False), Needle("items", record.items[:32], text=False)]
    assert scan(files_below(place), wrapped) == []
    assert len(scan(files_below(home / "elsewhere"), wrapped)) == 2, "the scan sees them where they are"


def test_either_may_be_taken_alone(place: Path) -> None:
    keep("Ansel")
    take(place, keyring=False, now=NOW)
    assert [path.name for path in place.iterdir()] == ["data-20261120T031200Z"]
    take(place, data=False, now=NOW + A_DAY)
    assert len(shelf.whole(place, shelf.DATA)) == len(shelf.whole(place, shelf.KEYRING)) == 1


def test_s38_a_backup_taken_while_families_write_opens_in_every_row(place: Path, home: Path) -> None:
    keep("Ansel")
    stop = threading.Event()
    made: list[Kept] = []

    def write() -> None:
        while not stop.is_set():
            made.append(keep(f"Ida{len(made)}"))
        for connection in connections.all(initialized_only=True):
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for day in range(12):
            take(place, now=NOW + day * A_DAY)
            if day >= 2 and len(made) > 3:
                break
    finally:
        stop.set()
        writer.join()
    assert len(made) > 3
    for one in shelf.whole(place, shelf.DATA):
        # The keys and nothing else are from the same backup: those of its own snapshot have to do.
        alone = home / one.path.name
        shutil.copytree(one.path, alone / one.path.name)
        ring = one.path.name.replace(shelf.DATA, shelf.KEYRING)
        shutil.copytree(place / ring, alone / ring)
        shutil.rmtree(settings.DATA)
        settings.DATA.mkdir(mode=0o700)
        vaults._of.cache_clear()
        restore(alone, replace_present=True, now=one.taken + 9 * A_DAY)
        vaults._of.cache_clear()
        boxes = KeepsakeBox.objects.using("owner").all()
        assert all(box.name for box in boxes)
        photos = StoryPhoto.objects.using("owner").select_related("story")
        for photo in photos:
            with acting_for(photo.contributed_by_id):
                assert open_photo(photo.story, photo.pk)
        assert photos.count() >= 1


def test_an_object_that_has_not_changed_is_shared_with_the_backup_before(place: Path) -> None:
    kept = keep("Ansel")
    take(place, now=NOW)
    keep("Ida")
    (first,) = only(place, shelf.DATA).glob("media/*/*.sealed")
    take(place, now=NOW + A_DAY)
    second = shelf.whole(place, shelf.DATA)[-1].path
    assert (second / first.relative_to(only_first(place))).stat().st_ino == first.stat().st_ino
    assert len(list(second.glob("media/*/*.sealed"))) == 2
    first.write_bytes(b"rotten")
    take(place, now=NOW + 2 * A_DAY)
    third = shelf.whole(place, shelf.DATA)[-1].path
    assert not manifest.damage(third, manifest.read(third)), "what went bad there was copied anew"
    assert kept.photo


def only_first(place: Path) -> Path:
    return shelf.whole(place, shelf.DATA)[0].path


def test_l1_no_copy_of_a_key_is_older_than_14_days_where_a_backup_is_taken_each_day(place: Path) -> None:
    keep("Ansel")
    for day in range(0, 30):
        take(place, data=False, now=NOW + day * A_DAY)
        ages = [NOW + day * A_DAY - one.taken for one in shelf.whole(place, shelf.KEYRING)]
        assert max(ages) < 14 * A_DAY
        assert len(ages) == min(day + 1, 14)


def test_l1_a_copy_of_keys_is_overwritten_before_it_is_removed(place: Path) -> None:
    keep("Ansel")
    take(place, data=False, now=NOW)
    (segment, *_) = only(place, shelf.KEYRING).glob("segments/*")
    with segment.open("rb") as held:
        before = held.read()
        take(place, data=False, now=NOW + 20 * A_DAY)
        held.seek(0)
        assert not segment.exists()
        assert held.read() != before


def test_data_are_kept_as_long_as_the_operator_says_and_never_none(place: Path) -> None:
    keep("Ansel")
    take(place, keyring=False, now=NOW)
    take(place, keyring=False, now=NOW + 34 * A_DAY)
    assert len(shelf.whole(place, shelf.DATA)) == 2
    done = take(place, keyring=False, now=NOW + 36 * A_DAY)
    assert len(shelf.whole(place, shelf.DATA)) == 2
    assert [path.name for path in done.removed] == ["data-20261120T031200Z"]
    take(place, keyring=False, keep=0, now=NOW + 90 * A_DAY)
    assert [one.taken for one in shelf.whole(place, shelf.DATA)] == [NOW + 90 * A_DAY]
    last = only(place, shelf.DATA)
    assert not manifest.damage(last, manifest.read(last)), "what it shared with others is still there"


def test_a_backup_inside_what_it_backs_up_is_refused(home: Path) -> None:
    keep("Ansel")
    (settings.DATA / "backups").mkdir()
    for inside in (settings.DATA / "backups", settings.KEYRING_FOLDERS[0]):
        with pytest.raises(BackupRefused, match="lost together"):
            take(inside, now=NOW)


def test_a_full_disk_is_said_before_anything_is_written(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep("Ansel")
    usage = shutil.disk_usage("/")._replace(free=60_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(BackupRefused, match="60 MB are free"):
        take(place, now=NOW)
    assert list(place.iterdir()) == []


def test_a_disk_that_fills_up_on_the_way_leaves_no_half(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep("Ansel")

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device", str(place))

    monkeypatch.setattr("alongside.backup.take._copy_object", full)
    with pytest.raises(BackupRefused, match="No space left on device"):
        take(place, now=NOW)
    assert shelf.whole(place, shelf.DATA) == []
    assert not list(place.glob("data-*"))


def test_a_database_that_is_away_is_said_without_its_password(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep("Ansel")
    login = {"password": "secretpassword", "dbname": "alongside"}
    with monkeypatch.context() as patch:
        patch.setenv("DATABASE_URL", "postgresql://someone:secretpassword@127.0.0.1:9/alongside")
        with pytest.raises(BackupRefused, match="does not answer") as refused:
            take(place, now=NOW)
    assert "secretpassword" not in str(refused.value)
    assert "secretpassword" not in dump._without_password(login), "what stands on a command line can be read by all"
    assert dump._environment(login)["PGPASSWORD"] == "secretpassword"


def test_nothing_is_backed_up_where_nothing_is(place: Path) -> None:
    with pytest.raises(BackupRefused, match="nothing here to back up"):
        take(place, now=NOW)


def test_a_disk_that_is_not_mounted_is_noticed(place: Path, home: Path) -> None:
    keep("Ansel")
    with pytest.raises(BackupRefused, match="Is its disk mounted"):
        take(place, keyring_folder=home / "keys", now=NOW)
    assert not (home / "keys").exists()
    assert list(place.iterdir()) == []
