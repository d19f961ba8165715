"""S16: after any crash, no object without a row for longer than a day, and no row without an object unnoticed."""

from __future__ import annotations

import os
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import models, transaction

from alongside import checkup, ids
from alongside.backup import stored
from alongside.backup.keys import hold_the_sweep
from alongside.backup.stored import naming_models, sweep_unnamed_objects, without_object
from alongside.database.viewer import acting_for
from alongside.media import objects
from alongside.media.folder import Folder
from alongside.stories.models import StoryPhoto
from alongside.stories.photographs import put_photo
from alongside.vault import vaults
from tests.backup.family import PICTURE, Kept, keep
from tests.cast import NOW as THEN
from tests.vault.crashes import PowerCut

NOW = datetime.fromtimestamp(time.time(), UTC)
LATER = NOW + timedelta(hours=25)
"""A bucket's own clock says when an object was written: nothing can be made old, so the sweep comes later."""


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, home: Path) -> Kept:
    """A family with a photograph in a story, the object in a folder or in a bucket."""
    if request.param == "bucket":
        request.getfixturevalue("empty_bucket")
    return keep("Ansel")


def names() -> set[uuid.UUID]:
    return {name for name, _ in objects.names()}


def crash_before_the_row(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> uuid.UUID:
    """Keep another photograph, and lose the power when its object is kept and its row is not."""
    before = names()

    def cut(*_: object, **__: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(StoryPhoto, "save", cut)
        with pytest.raises(PowerCut), transaction.atomic(), acting_for(kept.mara.pk):
            put_photo(kept.story, kept.mara, PICTURE, shows="", taken_by="", baby=False, now=THEN)
    (left,) = names() - before
    return left


def test_s16_an_object_without_a_row_goes_after_a_day_and_no_other(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    left = crash_before_the_row(kept, monkeypatch)
    assert sweep_unnamed_objects(NOW) == 0, "its row may yet come"
    assert sweep_unnamed_objects(NOW + timedelta(hours=23)) == 0
    assert left in names()
    assert sweep_unnamed_objects(LATER) == 1
    assert names() == {kept.photo}
    assert kept.opens() == [True] * 4
    assert sweep_unnamed_objects(LATER) == 0


def test_s16_a_row_without_an_object_is_named_by_doctor(kept: Kept) -> None:
    assert without_object() == {}
    assert list(stored.problems()) == []
    objects.delete(kept.photo)
    assert without_object() == {StoryPhoto: [kept.photo]}
    (said,) = [finding for finding in checkup.findings() if finding.name == "objects"]
    (look,) = said.looks
    assert "1 rows of stories_storyphoto" in look
    assert str(kept.photo) in look


def test_l1_what_was_erased_is_not_missed(kept: Kept) -> None:
    photo = StoryPhoto.objects.using("owner").get()
    vaults.erase_item(kept.story.vault, photo.item)
    objects.delete(kept.photo)
    assert without_object() == {}


def test_after_a_restore_nothing_is_swept_until_every_other_backup_has_gone(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash_before_the_row(kept, monkeypatch)
    hold_the_sweep(NOW)
    assert sweep_unnamed_objects(NOW + timedelta(days=34)) == 0
    assert sweep_unnamed_objects(NOW + timedelta(days=36)) == 1


def test_too_many_at_once_are_no_crash_and_none_of_them_goes(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(21):
        objects.write(ids.new_id(), b"sealed")
    assert sweep_unnamed_objects(LATER) == 0
    assert len(names()) == 22
    assert "too many to be swept" in caplog.text


def test_the_store_of_another_installation_is_left_alone(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    StoryPhoto.objects.using("owner").all().delete()
    assert sweep_unnamed_objects(LATER) == 0
    assert names() == {kept.photo}
    assert "another installation" in caplog.text


def test_what_a_power_cut_left_of_a_file_goes_too(home: Path) -> None:
    kept = keep("Ansel")
    half = settings.MEDIA_FOLDER / kept.photo.hex[:2] / ".0123456789abcdef"
    half.write_bytes(b"half of somethi")
    sweep_unnamed_objects(NOW)
    assert half.exists(), "it may be under way"
    sweep_unnamed_objects(LATER)
    assert not half.exists()
    assert kept.opens() == [True] * 4


def test_an_object_of_yesterday_keeps_its_age_in_a_folder(tmp_path: Path) -> None:
    folder, name = Folder(tmp_path), ids.new_id()
    folder.write(name, b"sealed")
    (path,) = tmp_path.glob("*/*")
    os.utime(path, (NOW.timestamp() - 9000,) * 2)
    (one,) = folder.all()
    assert abs(one.modified - (NOW - timedelta(seconds=9000))) < timedelta(seconds=1)


def test_every_model_that_names_objects_has_a_primary_key_for_it() -> None:
    found = dict(naming_models())
    assert StoryPhoto in found
    for model, naming in found.items():
        assert isinstance(model._meta.pk, models.UUIDField), model
        if naming.item:
            model._base_manager.values_list("pk", naming.item)
