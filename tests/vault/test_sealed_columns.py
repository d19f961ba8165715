"""Words in a model: sealed when assigned, opened when read, never shown by accident, never stale."""

from __future__ import annotations

import copy
import json
import pickle
import uuid
from typing import ClassVar

import pytest
from django.core.exceptions import FieldError
from django.db import connections, models
from django.test.utils import isolate_apps

from alongside import ids
from alongside.vault import sealing, vaults
from alongside.vault.errors import KeyErased, Tampered
from alongside.vault.fields import SealedBytes, SealedField, SealedJSON, SealedText
from alongside.vault.vaults import Vaults

CANARY = "a lullaby for Ida"

with isolate_apps("alongside.vault"):

    class Letter(models.Model):
        id = models.UUIDField(primary_key=True, default=ids.new_id)
        vault = models.UUIDField()
        item = models.UUIDField(null=True)
        words_sealed = SealedField()
        title_sealed = SealedField(null=True)
        tags_sealed = SealedField(null=True, db_column="tags")
        voice_sealed = SealedField(null=True)

        words = SealedText("words_sealed")
        title = SealedText("title_sealed")
        tags = SealedJSON("tags_sealed", parse=lambda loaded: tuple(loaded or ()), dump=list[str])
        voice = SealedBytes("voice_sealed")

        class Meta:
            app_label = "vault"
            db_table = "test_letter"

        objects: ClassVar[models.Manager[Letter]]

        def __str__(self) -> str:
            return f"Letter {ids.show(self.pk)}"

        def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
            return self.vault, self.item


@pytest.fixture
def table(db: None) -> models.QuerySet[Letter]:
    with connections["owner"].schema_editor() as editor:
        editor.create_model(Letter)
    return Letter.objects.using("owner")


@pytest.fixture
def letter(home: Vaults) -> Letter:
    letter = Letter(vault=vaults.create("account"))
    letter.words = CANARY
    return letter


def test_words_are_sealed_as_they_are_assigned_and_opened_as_they_are_read(letter: Letter) -> None:
    assert letter.words == CANARY
    assert CANARY.encode() not in letter.words_sealed
    loaded = Letter.from_db(
        "owner", ["id", "vault", "item", "words_sealed"], [letter.pk, letter.vault, None, letter.words_sealed]
    )
    assert loaded.words == CANARY
    where = sealing.Place(letter.vault, None, "test_letter", "words_sealed", letter.pk)
    assert sealing.open(where, letter.words_sealed) == CANARY.encode()


def test_the_database_column_is_what_counts_and_null_reads_as_nothing(letter: Letter) -> None:
    assert (letter.title, letter.tags, letter.voice) == ("", (), b"")
    letter.tags = ("quiet", "straße")
    letter.voice = b"\x00\xff"
    letter.title = ""
    assert letter.title_sealed is not None
    fresh = Letter(
        pk=letter.pk,
        vault=letter.vault,
        tags_sealed=letter.tags_sealed,
        voice_sealed=letter.voice_sealed,
        title_sealed=letter.title_sealed,
    )
    assert (fresh.tags, fresh.voice, fresh.title) == (("quiet", "straße"), b"\x00\xff", "")
    where = sealing.Place(letter.vault, None, "test_letter", "tags", letter.pk)
    assert json.loads(sealing.open(where, letter.tags_sealed or b"")) == ["quiet", "straße"]


def test_words_are_opened_once_for_each_sealed_value(letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    letter.__dict__.pop("_alongside_opened")
    calls: list[sealing.Place] = []
    real = sealing.open

    def counted(where: sealing.Place, sealed: bytes) -> bytes:
        calls.append(where)
        return real(where, sealed)

    monkeypatch.setattr(sealing, "open", counted)
    assert [letter.words for _ in range(5)] == [CANARY] * 5
    assert len(calls) == 1


def test_former_words_are_never_shown_for_a_column_that_changed(letter: Letter) -> None:
    other = Letter(pk=letter.pk, vault=letter.vault)
    other.words = "newer"
    letter.words_sealed = other.words_sealed
    assert letter.words == "newer"
    letter.pk = ids.new_id()
    with pytest.raises(Tampered):
        _ = letter.words


def test_words_moved_to_another_column_are_refused(letter: Letter) -> None:
    letter.title_sealed = letter.words_sealed
    with pytest.raises(Tampered):
        _ = letter.title


def test_s10_a_pickle_a_repr_and_a_dictionary_hold_no_words(letter: Letter) -> None:
    assert letter.words == CANARY
    carried = pickle.dumps({"vars": vars(letter)})
    for shown in (repr(letter), str(letter), repr(vars(letter)), repr(Letter.words)):
        assert CANARY not in shown
    assert CANARY.encode() not in carried
    letter.__dict__ |= copy.deepcopy(vars(letter))
    assert letter.__dict__["_alongside_opened"] == {}
    assert letter.words == CANARY


def test_an_erased_key_shuts_what_was_not_opened_yet(letter: Letter) -> None:
    vaults.erase_vault(letter.vault)
    letter.__dict__.pop("_alongside_opened")
    with pytest.raises(KeyErased):
        _ = letter.words
    with pytest.raises(KeyErased):
        letter.words = "more"


def test_a_row_needs_its_id_before_its_words(home: Vaults) -> None:
    letter = Letter(id=None, vault=vaults.create("account"))
    with pytest.raises(TypeError, match="primary key"):
        letter.words = CANARY


def test_half_a_character_is_refused_without_repeating_the_words(letter: Letter) -> None:
    for assign in ("title", "tags"):
        with pytest.raises(ValueError) as refused:
            setattr(letter, assign, CANARY + "\ud83d")
        assert CANARY not in str(refused.value)
        assert not hasattr(refused.value, "object")


def test_words_cannot_be_deleted_or_looked_up(letter: Letter) -> None:
    with pytest.raises(AttributeError):
        del letter.words
    with pytest.raises(FieldError):
        Letter.objects.filter(words_sealed__contains=b"x")
    with pytest.raises(FieldError):
        Letter.objects.filter(words_sealed=b"x")


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_row_saved_read_deferred_and_refreshed(letter: Letter, table: models.QuerySet[Letter]) -> None:
    letter.save(using="owner")
    assert table.get(pk=letter.pk).words == CANARY
    deferred = table.defer("words_sealed").get(pk=letter.pk)
    assert "words_sealed" in deferred.get_deferred_fields()
    assert deferred.words == CANARY

    stale = table.get(pk=letter.pk)
    assert stale.words == CANARY
    letter.words = "other words"
    letter.title = "A title"
    letter.save(using="owner")
    stale.refresh_from_db(using="owner")
    assert (stale.words, stale.title) == ("other words", "A title")
    assert list(table.filter(tags_sealed__isnull=True)) == [letter]
    with connections["owner"].cursor() as cursor:
        cursor.execute("select words_sealed, title_sealed from test_letter")
        ((words, title),) = cursor.fetchall()
    assert b"words" not in bytes(words)
    assert b"title" not in bytes(title)
