"""S5: row-level security, asked by raw SQL as the web role: what a view that forgets the policy still cannot read."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection, transaction
from django.test import Client

from alongside import ids
from alongside.database.viewer import acting_for, current_viewer, set_viewer
from alongside.families.circumstances import Circumstances
from alongside.stories.models import Story
from alongside.visibility.audience import Audience
from tests.cast import NOW, Cast, draft, gather, says_yes, told, words

BOXES, REVISIONS, CONSENTS = "keepsakes_keepsakebox", "stories_revision", "stories_consent"
PRIVATE = (BOXES, REVISIONS, CONSENTS)


def rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def seen_by(viewer: uuid.UUID | None) -> tuple[int, ...]:
    with acting_for(viewer):
        return tuple(rows(table) for table in PRIVATE)


@pytest.mark.django_db
def test_s5_no_viewer_and_a_wrong_one_read_no_private_row(cast: Cast) -> None:
    says_yes(draft(cast.mara, cast.box), cast.mara)
    assert seen_by(cast.mara.pk) == (1, 1, 1)
    for stranger in (None, cast.ruth.pk, cast.dami.pk, ids.new_id()):
        assert seen_by(stranger) == (0, 0, 0)


@pytest.mark.django_db
def test_v1_a_draft_is_nobodys_but_its_writers_until_she_asks(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    assert seen_by(cast.mara.pk)[1] == 1
    assert seen_by(cast.tobias.pk)[1] == 0
    says_yes(story, cast.mara)
    assert seen_by(cast.tobias.pk)[1] == 1


@pytest.mark.django_db
def test_s5_of_a_told_story_strangers_read_the_open_revision_and_no_answer(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.mara.pk):
        story.chapters.get().revise(cast.mara, words("Not agreed yet."), circumstances=Circumstances(), now=NOW)
    assert seen_by(None) == (0, 1, 0)
    assert seen_by(cast.tobias.pk) == (1, 2, 2)


@pytest.mark.django_db
def test_s5_what_is_taken_back_or_being_erased_is_shut_again(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.mara.pk):
        story.withdraw(cast.mara, NOW)
    assert seen_by(None) == seen_by(cast.ruth.pk) == (0, 0, 0)
    Story.objects.filter(pk=story.pk).update(withdrawn_at=None, erasing_at=NOW)
    assert seen_by(None) == (0, 0, 0)


@pytest.mark.django_db
def test_v1_what_a_family_shares_only_with_itself_is_shut_to_others(cast: Cast) -> None:
    told(cast, to=Audience.FAMILY)
    assert seen_by(None) == seen_by(cast.ruth.pk) == (0, 0, 0)


@pytest.mark.django_db
def test_m1_what_is_held_is_shut_to_others(cast: Cast) -> None:
    says_yes(draft(cast.mara, cast.box), cast.mara, cast.tobias)
    assert seen_by(None) == seen_by(cast.ruth.pk) == (0, 0, 0)


@pytest.mark.django_db
def test_c7_a_parent_who_left_reads_the_box_no_longer(cast: Cast) -> None:
    says_yes(draft(cast.mara, cast.box), cast.mara)
    cast.box.family.parent(cast.tobias).leave(NOW)
    assert seen_by(cast.tobias.pk) == (0, 0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["UPDATE keepsakes_keepsakebox SET cloth = 'clay'", "DELETE FROM stories_consent"])
def test_s5_somebody_else_changes_no_private_row(cast: Cast, verb: str) -> None:
    says_yes(draft(cast.mara, cast.box), cast.mara)
    with acting_for(cast.ruth.pk), connection.cursor() as cursor:
        cursor.execute(verb)
        assert cursor.rowcount == 0


@pytest.mark.django_db
def test_s5_every_private_table_is_shut_and_the_web_role_has_no_way_round(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")
        assert {name for (name,) in cursor.fetchall()} >= set(PRIVATE)
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT has_schema_privilege(current_user, 'public', 'CREATE')")
        assert cursor.fetchone() == (False,)
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND (has_table_privilege(c.oid, 'TRUNCATE') "
            "OR has_table_privilege(c.oid, 'TRIGGER') OR pg_get_userbyid(c.relowner) = current_user)"
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db
@pytest.mark.urls("tests.visibility.forgetful")
def test_s5_a_view_that_forgets_to_ask_reads_only_the_viewers_own(cast: Cast) -> None:
    says_yes(draft(cast.mara, cast.box), cast.mara)
    answers = {}
    for name in ("guest", "ruth", "mara"):
        client = Client()
        if name != "guest":
            client.force_login(getattr(cast, name))
            assert SESSION_KEY in client.session
        answers[name] = client.get("/everything/", secure=True).content
    assert answers == {"guest": b"0 0 0", "ruth": b"0 0 0", "mara": b"1 1 1"}


@pytest.mark.urls("tests.visibility.forgetful")
def test_s5_a_pooled_connection_carries_nobody_to_the_next_request(committed_db: None) -> None:
    cast = gather()
    says_yes(draft(cast.mara, cast.box), cast.mara)
    mara = Client()
    mara.force_login(cast.mara)
    seen: list[bytes] = []
    left: list[uuid.UUID | None] = []

    def ask(client: Client) -> None:
        try:
            seen.append(client.get("/everything/", secure=True).content)
            left.append(current_viewer())
        finally:
            connection.close()

    for client in (mara, Client(), mara, Client()):
        thread = threading.Thread(target=ask, args=[client])
        thread.start()
        thread.join(30)
    assert seen == [b"1 1 1", b"0 0 0"] * 2
    assert left == [None] * 4


@pytest.mark.django_db(transaction=False)
def test_s5_a_viewer_set_in_a_block_that_failed_is_gone(cast: Cast) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        set_viewer(cast.mara.pk)
        raise RuntimeError
    assert current_viewer() is None
