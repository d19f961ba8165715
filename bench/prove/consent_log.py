"""The consent campaign's own diary, kept in the database beside what it is about, and one look at everything at once.

Who says something writes it down in the transaction in which it happens, so that a look sees both or neither. That a
story was taken back or narrowed is written by a trigger of our own, from the row alone. Imported when Django is set up.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import psycopg
from django.db import connection, connections
from django.db.models import F

from alongside.database.roles import WEB
from alongside.stories.models import Revision
from alongside.visibility.policy import visible_to
from alongside.visibility.reader import Reader
from bench.prove.consent_judge import Seen
from tests.stories.family import BELOW

NARROWER = " or ".join(f"(new.audience = '{low}' and old.audience = '{high}')" for low in BELOW for high in BELOW[low])
DIARY = f"""
create table prove_said (
    seq bigserial primary key, xact xid8 not null default pg_current_xact_id(), story uuid not null, what text not null,
    parent uuid, revision uuid, audience text not null, was text
);
create index on prove_said (story, seq);
grant select, insert on prove_said to {WEB};
grant usage on sequence prove_said_seq_seq to {WEB};
create function prove_narrowed() returns trigger language plpgsql security definer set search_path = public as $$
begin
    insert into prove_said (story, what, audience, was) values
        (new.id, 'narrow', case when new.withdrawn_at is null then new.audience else 'family' end, old.audience);
    return null;
end $$;
create trigger prove_narrowed after update on stories_story for each row
    when (old.published_at is not null and old.withdrawn_at is null
          and (new.withdrawn_at is not null or {NARROWER}))
    execute function prove_narrowed();
"""
FACTS = """
select s.audience, s.published_at is not null and s.withdrawn_at is null and s.erasing_at is null,
    s.hold_id is null or exists (select 1 from moderation_hold h where h.id = s.hold_id and h.released_at is not null),
    array(select p.id from families_parent p where p.family_id = s.family_id and p.left_at is null),
    (select json_agg(json_build_array(d.what, d.parent, d.revision, d.audience) order by d.seq)
        from prove_said d where d.story = s.id)
from stories_story s where s.id = %s
"""
ANYWAY = """
select 'anyway', r.id from stories_revision r join stories_chapter c on c.id = r.chapter_id where c.story_id = %s
"""
"""What row-level security alone gives to nobody in particular: what a view that forgets the policy could show."""
STRANGERS = {
    "open": Reader.guest(),
    "members": Reader(account=uuid.uuid4(), admitted=True),
    "lived": Reader(account=uuid.uuid4(), admitted=True, lived=True),
}
"""By the narrowest circle that each of them is in."""


def keep_a_diary() -> None:
    """Make the diary's table and its trigger, as the owner."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(DIARY)
    connections["owner"].close()


def write(
    story: uuid.UUID, what: str, audience: str, parent: uuid.UUID | None = None, revisions: Iterable[Any] = ()
) -> None:
    """Write down what somebody said, in the transaction in which they said it."""
    with connection.cursor() as cursor:
        for revision in revisions or [None]:
            cursor.execute(
                "insert into prove_said (story, what, parent, revision, audience) values (%s, %s, %s, %s, %s)",
                [story, what, parent, revision, audience],
            )


def narrowed_here(story: uuid.UUID) -> str:
    """Return what the story was open to before this transaction narrowed it, or ""."""
    with connection.cursor() as cursor:
        cursor.execute("select was from prove_said where story = %s and xact = pg_current_xact_id()", [story])
        return next((was for (was,) in cursor.fetchall() if was), "")


class Watcher:
    """A connection of its own, that looks at a story and at what was said of it in one snapshot."""

    def __init__(self) -> None:
        login = {key: value for key, value in connections["owner"].get_connection_params().items() if key in _LOGIN}
        self._connection = psycopg.connect(**login)
        self._connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        asked = [_compiled(circle, reader) for circle, reader in STRANGERS.items()]
        self._query = " union all ".join([*(query for query, _ in asked), ANYWAY])
        self._given = [value for _, given in asked for value in given]

    def look(self, story: uuid.UUID) -> Seen:
        """Read as the web role does for strangers, then as the owner what is true."""
        with self._connection.transaction():
            self._connection.execute(f"set local role {WEB}")
            given = [story if value == _STORY else value for value in self._given]
            readable = self._connection.execute(self._query, [*given, story]).fetchall()
            self._connection.execute("reset role")
            facts = self._connection.execute(FACTS, [story]).fetchone()
        assert facts is not None
        audience, told, let_through, parents, diary = facts
        return Seen(
            frozenset((circle, str(pk)) for circle, pk in readable),
            audience,
            told,
            let_through,
            tuple(map(str, parents)),
            tuple(tuple(line) for line in diary or ()),
        )

    def close(self) -> None:
        self._connection.close()


_LOGIN = {"host", "port", "user", "password", "dbname"}
_STORY = uuid.uuid4()


def _compiled(circle: str, reader: Reader) -> tuple[str, list[Any]]:
    """Return the product's own question for one reader, as SQL: which agreed words exist for them."""
    asked = Revision.objects.filter(
        visible_to(reader, via="chapter__story__"), chapter__story=_STORY, pk=F("chapter__open_revision")
    )
    query, given = asked.values_list("pk").query.sql_with_params()
    return f"select '{circle}', readable.id from ({query}) readable (id)", list(given)
