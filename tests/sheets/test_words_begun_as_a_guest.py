"""V1, C5, D1: words that somebody began without an account are hers once she has taken them over, as any other."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db import connection

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.keepsakes import erasing, leaving
from alongside.keepsakes.models import Memory, MemoryVersion
from alongside.keepsakes.said import Said
from alongside.sheets.device import Device
from alongside.sheets.models import Sheet, SheetVersion
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def _begun_as_a_guest(cast: Cast) -> Sheet:
    """A sheet of Mara's whose words were written before she joined."""
    device = Device.fresh()
    with acting_for(device.viewer):
        sheet = Sheet.begin(ids.new_id(), device, NOW)
        sheet.keep(None, Said(text="Before I joined. " * 20), base=0, tab="", now=NOW)
        sheet.keep(None, Said(text="Begun again."), base=1, tab="", now=NOW)
    return sheet.take_over(cast.mara, NOW)


def _put_in(cast: Cast, sheet: Sheet) -> Memory:
    with acting_for(cast.mara.pk):
        return sheet.put_in(cast.box, cast.mara, NOW)


def test_d1_she_takes_out_of_the_history_what_she_wrote_before_she_joined(cast: Cast) -> None:
    sheet = _begun_as_a_guest(cast)
    with acting_for(cast.mara.pk):
        sheet.drop_version(cast.mara, 1)
        assert [version.said.text for version in sheet.history()] == ["Begun again."]


def test_v1_in_the_box_they_are_hers_too(cast: Cast) -> None:
    memory = _put_in(cast, _begun_as_a_guest(cast))
    with acting_for(cast.mara.pk):
        assert {version.by_id for version in memory.history()} == {cast.mara.pk}
        memory.drop_version(cast.mara, 1)
        assert len(memory.history()) == 1


@pytest.mark.parametrize("named", [True, False])
def test_c5_they_go_along_when_she_leaves(cast: Cast, named: bool) -> None:
    memory = _put_in(cast, _begun_as_a_guest(cast))
    if not named:  # as rows were before they named her
        with acting_for(cast.mara.pk):
            MemoryVersion.objects.update(by=None)
    with acting_for(cast.mara.pk):
        leaving.leave(cast.box.family, cast.mara, keep_copy=False, take_mine=True, now=NOW)
    with acting_for(cast.tobias.pk):
        assert Memory.objects.get(pk=memory.pk).erase_at == NOW + erasing.TIME_TO_UNDO


def test_v1_what_named_nobody_is_given_its_writer_by_the_migration(cast: Cast) -> None:
    memory, sheet = _put_in(cast, _begun_as_a_guest(cast)), _begun_as_a_guest(cast)
    device = Device.fresh()
    with acting_for(device.viewer):
        kept = Sheet.begin(ids.new_id(), device, NOW)
        kept.keep(None, Said(text="Still a guest."), base=0, tab="", now=NOW)
    migration = import_module("alongside.sheets.migrations.0004_words_begun_as_a_guest")
    with acting_for(cast.mara.pk), connection.cursor() as cursor:
        for model in (MemoryVersion, SheetVersion):
            model._default_manager.update(by=None)
        cursor.execute(migration.OF_A_SHEET)
        cursor.execute(migration.OF_A_KEEPSAKE)
        assert {version.by_id for version in (*memory.history(), *sheet.history())} == {cast.mara.pk}
    with acting_for(device.viewer):
        assert [version.by_id for version in kept.history()] == [None]
