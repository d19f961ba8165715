"""The web role and the viewer: what the second lock keeps shut (S5)."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction

from alongside.database.rls import protect
from alongside.database.roles import WEB, grant
from alongside.database.viewer import acting_for, current_viewer, set_viewer

ANNA, BEN = uuid.UUID(int=1), uuid.UUID(int=2)


@pytest.fixture
def boxes(committed_db: None) -> Iterator[None]:
    """A table of private things, made as a migration makes one: by the owner, shut, then granted."""
    mine = "account = (select alongside_viewer())"
    shut, opened = protect("boxes", select=mine, insert=mine, update=mine, delete=mine)
    with connections["owner"].cursor() as cursor:
        cursor.execute("create table boxes (account uuid, word text)")
        cursor.execute(shut)
        cursor.execute("insert into boxes values (%s, 'of anna'), (%s, 'of ben')", [ANNA, BEN])
    grant(connections["owner"])
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute(opened)
        cursor.execute("select relrowsecurity from pg_class where relname = 'boxes'")
        assert cursor.fetchone() == (False,)


def _ask(statement: str, *values: uuid.UUID) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.mark.django_db
def test_s5_the_web_connects_as_a_role_that_owns_nothing() -> None:
    assert _ask("select current_user::text") == [(WEB,)]
    owned = _ask("select count(*) from pg_class where pg_get_userbyid(relowner) = current_user")
    assert owned == [(0,)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "truncate django_content_type",
        "drop table django_content_type",
        "alter table django_content_type disable row level security",
        "create table mine (id int)",
        "set role alongside_owner",
        "create role another",
    ],
)
def test_s5_the_web_cannot_change_what_it_does_not_own(statement: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        _ask(statement)


def test_s5_a_query_that_forgets_to_ask_reads_only_the_viewers_rows(boxes: None) -> None:
    with acting_for(ANNA):
        assert _ask("select word from boxes") == [("of anna",)]
    with acting_for(None):
        assert _ask("select word from boxes") == []
    assert _ask("select word from boxes") == []


def test_s5_nobody_writes_in_another_persons_name(boxes: None) -> None:
    with acting_for(ANNA):
        _ask("update boxes set word = 'seen'")
        with pytest.raises(DatabaseError), transaction.atomic():
            _ask("insert into boxes values (%s, 'planted')", BEN)
    with acting_for(BEN):
        assert _ask("select word from boxes") == [("of ben",)]


def test_s5_the_viewer_ends_with_the_transaction(boxes: None) -> None:
    with transaction.atomic():
        set_viewer(ANNA)
        assert current_viewer() == ANNA
    assert current_viewer() is None


def test_s5_a_viewer_within_a_viewer_gives_way_to_the_first_again(boxes: None) -> None:
    with acting_for(ANNA):
        with acting_for(BEN):
            assert current_viewer() == BEN
        assert current_viewer() == ANNA
        with pytest.raises(DatabaseError), acting_for(BEN):
            _ask("select 1/0")
        assert current_viewer() == ANNA


def test_s5_the_pool_hands_no_viewer_to_the_next_request(boxes: None) -> None:
    seen: list[uuid.UUID | None] = []

    def request(viewer: uuid.UUID | None) -> None:
        with transaction.atomic():
            seen.append(current_viewer())
            set_viewer(viewer)
        connection.close()

    for viewer in (ANNA, BEN, None):
        thread = threading.Thread(target=request, args=[viewer])
        thread.start()
        thread.join()
    assert seen == [None, None, None]
