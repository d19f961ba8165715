"""S38, D3: a backup or a restore that is cut short is none; it is repeated, and until then nothing is served."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from alongside.backup import dump, present, shelf, unfinished
from alongside.backup.refused import BackupRefused
from alongside.backup.restore import restore
from alongside.backup.take import take
from alongside.backup.unfinished import RestoreUnfinished, refuse_unfinished
from alongside.media.folder import Folder
from alongside.vault import vaults
from tests.backup.family import keep
from tests.backup.loss import EVERYTHING, asked, come_back, login, lose_everything, newest
from tests.cast import A_DAY, NOW
from tests.vault.crashes import PowerCut


def test_half_a_backup_is_never_taken_for_a_whole_one(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = keep("Ansel")
    take(place, now=NOW)
    keep("Ida")
    with monkeypatch.context() as patch:
        patch.setattr("alongside.backup.take._copy_object", _the_power_goes)
        with pytest.raises(PowerCut):
            take(place, now=NOW + A_DAY)
    (place / "data-20990101T000000Z.new").mkdir()
    (place / "data-20990101T000000Z").mkdir()
    assert [one.taken for one in shelf.whole(place, shelf.DATA)] == [NOW]
    lose_everything()
    come_back(place)
    assert kept.opens() == EVERYTHING
    take(place, now=NOW + 3 * A_DAY)
    assert not list(place.glob("*.new")), "the next backup clears away what was left"


def _the_power_goes(*_: object) -> str:
    raise PowerCut


STEPS = [
    "begin",
    "put_schema_aside",
    "load",
    "put_aside",
    "_bring_files",
    "unite",
    "_make_current",
    "finish_erased",
    "end",
]


@pytest.mark.parametrize("step", STEPS)
def test_s38_a_restore_that_was_cut_short_is_repeated_and_nothing_is_served_until_then(
    place: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    kept, gone = keep("Ansel"), keep("Ida")
    take(place, now=NOW)
    vaults.erase_vault(gone.box.vault)
    later = keep("Noor")
    with monkeypatch.context() as patch:
        _cut_after(patch, step)
        with pytest.raises(PowerCut):
            come_back(place, replace_present=True)
    if step != "end":
        with pytest.raises(RestoreUnfinished, match="restore again"):
            refuse_unfinished(settings.DATA)
        with pytest.raises(RestoreUnfinished):
            take(place, now=NOW + 3 * A_DAY)
        restore(place, now=NOW + 4 * A_DAY)
    refuse_unfinished(settings.DATA)
    assert kept.opens() == EVERYTHING
    assert gone.opens() == [False, False, True, True]
    aside = f"before-{shelf.stamp(NOW + 2 * A_DAY)}"
    assert (settings.MEDIA_FOLDER / aside / later.photo.hex[:2]).is_dir()
    assert asked(f'SELECT count(*) FROM "{aside.lower()}".keepsakes_keepsakebox')[0] == 3, (
        "what was here is aside, as it was"
    )
    assert asked("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'before-%'")[0] == 1


def _cut_after(patch: pytest.MonkeyPatch, step: str) -> None:
    from alongside.backup import restore as module
    from alongside.vault import unite

    owner: dict[str, object] = {
        "put_schema_aside": present,
        "put_aside": Folder,
        "load": dump,
        "unite": unite,
        "begin": unfinished,
        "end": unfinished,
    }
    where = owner.get(step, module)
    real = getattr(where, step)

    def cut(*args: object, **said: object) -> None:
        real(*args, **said)
        raise PowerCut

    patch.setattr(where, step, cut)


def test_a_dump_that_breaks_off_is_not_committed(place: Path) -> None:
    keep("Ansel")
    take(place, now=NOW)
    data = newest(place, shelf.DATA)
    whole = (data / shelf.DUMP).read_bytes()
    present.close_connections()
    present.put_schema_aside(login(), "LOST", keep=False)
    (data / shelf.DUMP).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BackupRefused):
        dump.load(login(), data / shelf.DUMP, 15)
    assert asked("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")[0] == 0
