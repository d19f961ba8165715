"""A photo is looked at by whom it was given to, when they choose to, and by nobody else (V1, V5, V7, P1, L1, C8)."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from PIL import Image

from alongside import ids
from alongside.accounts.models import Profile
from alongside.database.viewer import acting_for
from alongside.families.models import NotAParent
from alongside.keepsakes import erasing
from alongside.keepsakes.files import keeping
from alongside.keepsakes.files.keeping import keep_photo, open_part
from alongside.keepsakes.leaving import leave
from alongside.keepsakes.models import Memory, MemoryFile, MemoryObject
from alongside.media import in_memory, objects, photos
from alongside.vault import vaults
from alongside.vault.errors import KeyErased
from tests.cast import A_DAY, NOW
from tests.keepsakes.device import keeps_photo
from tests.keepsakes.household import Household, Person, at
from tests.keepsakes.pictures import photograph, recording

pytestmark = pytest.mark.django_db
_PICTURE = re.compile(r'(?:src|href)="(/box/[\w-]+/(?:photo/\w+|sound)/\?good=[^"]+)"')


def unfolds(person: Person, photo: uuid.UUID, page: str = "") -> list[str]:
    """Return the addresses of pictures on a page with this photo unfolded."""
    address = page or at("item", photo)
    joint = "&" if "?" in address else "?"
    return _PICTURE.findall(person.sees(f"{address}{joint}unfold={ids.show(photo)}"))


def _shows_to_ilse(house: Household, photo: uuid.UUID, shown: bool = True) -> None:
    with acting_for(house.cast.mara.pk):
        Memory.objects.get(pk=photo).show_to(house.cast.mara, [house.place.pk] if shown else [])


def _chooses(person: Person, how: str) -> None:
    person.does("/you/photos/", {"photos": how})


def test_p1_nothing_of_a_photo_is_on_a_page_before_it_is_unfolded(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    for page in (house.at_box, at("item", photo), "/box/time/"):
        seen = house.mara.sees(page)
        assert _PICTURE.findall(seen) == []
        assert "/photo/" not in seen
        assert "width=" not in seen.partition("<main")[2].partition("</main>")[0].replace('width="1.1"', "")
    for page in (house.at_box, at("item", photo)):
        address = unfolds(house.mara, photo, page)[0]
        answer = house.mara.get(address)
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/webp"
        assert "no-store" in answer["Cache-Control"]
        assert "sandbox" in answer["Content-Security-Policy"]
        assert _PICTURE.findall(house.mara.sees(page)) == []


def test_p1_a_link_from_elsewhere_unfolds_nothing(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    for site in ("cross-site", "none"):
        answer = house.mara.get(f"{at('item', photo)}?unfold={ids.show(photo)}", headers={"Sec-Fetch-Site": site})
        assert _PICTURE.findall(answer.content.decode()) == []


def test_p1_somebody_may_choose_always_or_never_folded(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    _chooses(house.mara, "folded")
    assert unfolds(house.mara, photo) == []
    assert "It stays folded, as you chose." in house.mara.sees(at("item", photo))
    _chooses(house.mara, "open")
    assert _PICTURE.findall(house.mara.sees(house.at_box)) != []
    assert _PICTURE.findall(house.tobias.sees(house.at_box)) == []
    with acting_for(house.cast.mara.pk):
        assert Profile.objects.get(account=house.cast.mara).choices.photos == "open"
    house.mara.does("/you/here/", {"name": "Mara", "country": "GB"})
    with acting_for(house.cast.mara.pk):
        assert Profile.objects.get(account=house.cast.mara).choices.photos == "open"


def test_p1_a_photo_without_a_baby_lies_open_when_a_parent_says_so(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    # Whoever put it in says so; the other parent may fold it, and not lay it open for her.
    answer = house.tobias.does(at("fold", photo), {"baby": "no"}, page=at("item", photo))
    assert answer.status_code == 404
    house.mara.does(at("fold", photo), {"baby": "no"}, page=at("item", photo))
    assert _PICTURE.findall(house.mara.sees(house.at_box)) != []
    _chooses(house.tobias, "folded")
    assert _PICTURE.findall(house.tobias.sees(house.at_box)) == []
    assert _PICTURE.findall(house.tobias.sees(at("shape", photo))) == []
    house.tobias.does(at("fold", photo), {"baby": "yes"}, page=at("item", photo))
    assert _PICTURE.findall(house.mara.sees(house.at_box)) == []


def test_v1_a_relative_sees_what_was_shown_and_nobody_else_anything(house: Household) -> None:
    photo, voice = keeps_photo(house.mara, house.box), keeps_photo(house.mara, house.box, kind="voice")
    picture = unfolds(house.mara, photo)[0]
    (sound,) = set(_PICTURE.findall(house.mara.sees(at("item", voice))))
    for person in (house.ilse, *house.outsiders):
        for address in (picture, sound, at("original", photo), at("shape", photo), at("item", photo)):
            assert person.get(address).status_code == 404
    assert house.guest.get(picture).status_code == 302
    assert house.tobias.get(picture).status_code == 200
    _shows_to_ilse(house, photo)
    assert house.ilse.get(picture).status_code == 200
    for name in ("original", "shape"):
        assert house.ilse.get(at(name, photo)).status_code == 404
    assert house.ilse.get(sound).status_code == 404
    _shows_to_ilse(house, photo, shown=False)
    assert house.ilse.get(picture).status_code == 404


def test_v7_an_address_is_good_for_ten_minutes_and_for_one_thing(house: Household) -> None:
    one, other = keeps_photo(house.mara, house.box), keeps_photo(house.mara, house.box, photograph(shade=150))
    picture = unfolds(house.mara, one)[0]
    good = picture.partition("?good=")[2]
    assert house.mara.get(f"/box/{ids.show(other)}/photo/page/?good={good}").status_code == 404
    assert house.mara.get(f"/box/{ids.show(one)}/photo/original/?good={good}").status_code == 404
    assert house.mara.get(f"/box/{ids.show(one)}/photo/page/").status_code == 404
    with time_machine.travel(timezone.now().timestamp() + 601):
        assert house.mara.get(picture).status_code == 404


def test_the_original_is_saved_as_it_came_by_those_who_hold_the_box(house: Household) -> None:
    file = photograph()
    photo = keeps_photo(house.mara, house.box, file)
    answer = house.tobias.get(at("original", photo))
    assert answer.getvalue() == file
    assert answer["Content-Disposition"] == 'attachment; filename="photo-1.jpg"'
    assert answer["Content-Type"] == "application/octet-stream"


def test_the_original_of_a_recording_has_a_name_that_a_device_can_play(house: Household) -> None:
    voice = keeps_photo(house.mara, house.box, kind="voice")
    answer = house.mara.get(at("original", voice))
    assert answer["Content-Disposition"] == 'attachment; filename="voice-1.wav"'
    assert answer.getvalue() == recording()


def test_turning_and_cutting_leave_the_original_and_change_every_picture(
    house: Household, django_capture_on_commit_callbacks: object
) -> None:
    photo = keeps_photo(house.mara, house.box)
    with acting_for(house.cast.mara.pk):
        before = set(MemoryObject.objects.filter(memory=photo).exclude(part="original").values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = house.mara.does(at("shape", photo), {"turn": "right"})
    assert answer.status_code == 302
    with acting_for(house.cast.mara.pk):
        memory = Memory.objects.get(pk=photo)
        with Image.open(open_part(memory, "page")) as page:
            assert page.size == (480, 640)
            assert min(page.convert("RGB").getpixel((470, 10))) > 150  # type: ignore[arg-type]  # its light corner went from the left to the right
        assert open_part(memory, "original").read() == photograph()
        assert MemoryFile.objects.get(memory=photo).about.turn == 1
    assert before.isdisjoint({name for name, _ in objects.names()})
    house.mara.does(at("shape", photo), {"left": "25", "top": "0", "right": "25", "bottom": "0"})
    with acting_for(house.cast.mara.pk), Image.open(open_part(Memory.objects.get(pk=photo), "page")) as page:
        assert page.size == (240, 640)
    house.mara.does(at("shape", photo), {"turn": "left", "left": "25", "right": "25"})
    with acting_for(house.cast.mara.pk), Image.open(open_part(Memory.objects.get(pk=photo), "page")) as page:
        assert page.size == (640, 240)


def test_p1_turning_does_not_undo_a_fold_that_was_said_meanwhile(
    house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = keeps_photo(house.mara, house.box)
    house.mara.does(at("fold", photo), {"baby": "no"}, page=at("item", photo))
    render = photos.render

    def slowly(*given: Any, **more: Any) -> photos.Photo:
        with acting_for(house.cast.mara.pk):
            keeping.say_whether_a_baby_shows(Memory.objects.get(pk=photo), house.cast.mara, True)
        return render(*given, **more)

    monkeypatch.setattr(photos, "render", slowly)
    house.mara.does(at("shape", photo), {"turn": "right"})
    with acting_for(house.cast.mara.pk):
        about = MemoryFile.objects.get(memory=photo).about
    assert (about.baby, about.turn) == (True, 1)


def test_p1_over_plain_http_a_link_from_elsewhere_unfolds_nothing_either(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    address = f"{at('item', photo)}?unfold={ids.show(photo)}"
    for referer, shown in (("https://elsewhere.example/", False), ("https://testserver/box/", True)):
        seen = house.mara.get(address, headers={"Referer": referer}).content.decode()
        assert bool(_PICTURE.findall(seen)) is shown


def test_l1_erasing_one_photo_of_a_living_box_destroys_its_key_and_its_objects(
    house: Household, django_capture_on_commit_callbacks: object
) -> None:
    photo, other = keeps_photo(house.mara, house.box), keeps_photo(house.mara, house.box, photograph(shade=150))
    with acting_for(house.cast.mara.pk):
        item = Memory.objects.get(pk=photo).item
        names = set(MemoryObject.objects.filter(memory=photo).values_list("pk", flat=True))
        erasure = erasing.let_go_of_memory(Memory.objects.get(pk=photo), house.cast.mara, NOW)
    assert house.mara.get(at("item", photo)).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erasing.finish(erasure, NOW + 4 * A_DAY, erasing.remove_memory)
    with pytest.raises(KeyErased):
        vaults.here().open(house.box.vault, item)
    assert names.isdisjoint({name for name, _ in objects.names()})
    with acting_for(house.cast.mara.pk):
        assert not MemoryObject.objects.filter(pk__in=names).exists()
        assert open_part(Memory.objects.get(pk=other), "original").read() == photograph(shade=150)


def test_c8_who_leaves_with_a_copy_has_photos_under_keys_of_their_own(
    house: Household, django_capture_on_commit_callbacks: object
) -> None:
    photo = keeps_photo(house.mara, house.box)
    box = leave(house.box.family, house.cast.tobias, keep_copy=True, take_mine=False, now=NOW)
    assert box is not None
    with acting_for(house.cast.tobias.pk):
        copy = Memory.objects.get(box=box)
        assert copy.contributed_by_id == house.cast.mara.pk
        assert open_part(copy, "original").read() == photograph()
    with acting_for(house.cast.mara.pk):
        erasure = erasing.let_go_of_memory(Memory.objects.get(pk=photo), house.cast.mara, NOW)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        erasing.finish(erasure, NOW + 4 * A_DAY, erasing.remove_memory)
    with acting_for(house.cast.tobias.pk):
        assert open_part(copy, "page").read(4) == b"RIFF"


def test_d2_a_photo_whose_transaction_fails_is_not_there_at_all(house: Household) -> None:
    source = in_memory.blank()
    source.write(photograph())
    pk = ids.new_id()
    with acting_for(house.cast.ruth.pk), pytest.raises(NotAParent):
        keep_photo(house.cast.ruth, house.box, source, pk=pk, now=NOW)
    with acting_for(house.cast.mara.pk):
        assert not Memory.objects.filter(pk=pk).exists()


def test_a_recording_is_heard_from_the_middle(house: Household) -> None:
    voice = keeps_photo(house.mara, house.box, kind="voice")
    (address,) = set(_PICTURE.findall(house.mara.sees(at("item", voice))))
    whole = house.mara.get(address, headers={"Accept-Encoding": "gzip"})
    size = len(whole.content)
    assert (whole.status_code, whole["Accept-Ranges"], whole["Content-Type"]) == (200, "bytes", "audio/mp4")
    assert whole["Content-Length"] == str(size)
    part = house.mara.get(address, headers={"Range": "bytes=100-199", "Accept-Encoding": "gzip"})
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 100-199/{size}")
    assert part.content == whole.content[100:200]
    assert house.mara.get(address, headers={"Range": "bytes=-50"}).content == whole.content[-50:]
    assert house.mara.get(address, headers={"Range": f"bytes={size - 10}-"}).content == whole.content[-10:]
    assert house.mara.get(address, headers={"Range": f"bytes={size}-"}).status_code == 416
    for strange in ("bytes=5-2", "bytes=0-1,5-6", "pages=1-2", "bytes=-"):
        assert house.mara.get(address, headers={"Range": strange}).status_code == 200
    with time_machine.travel(timezone.now().timestamp() + 3 * 3600 + 1):
        assert house.mara.get(address).status_code == 404


def test_words_beside_a_photo_are_words_like_any_other(house: Household) -> None:
    photo = keeps_photo(house.mara, house.box)
    house.mara.writes(photo, "The light was on.", title="The blanket", shows="A blanket, that morning", kind="photo")
    seen = house.mara.sees(at("item", photo))
    for words in ("The light was on.", "The blanket", "A blanket, that morning"):
        assert words in seen
    assert "A blanket, that morning" in house.mara.sees(house.at_box)
    assert house.mara.writes(ids.new_id(), "No file", kind="photo", box=ids.show(house.box.pk)).status_code == 404
