"""Nothing empties a story but an erasure that is due; nobody unsays a yes to another family's name (S5)."""

from __future__ import annotations

from django.db import migrations

# As in 0003, but for what has to be due, and with the links: whoever asked for it may have left the family by then.
EMPTY = """
create or replace function stories_empty(erased uuid) returns integer
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    texts integer;
begin
    perform 1 from stories_story where id = erased and erasing_at <= now() for update;
    if not found or not exists (
        select 1 from keepsakes_erasure
        where kind = 'story' and subject = erased and done_at is null and due_at <= now()
    ) then
        raise exception 'this story is not due to be erased' using errcode = 'integrity_constraint_violation';
    end if;
    update stories_chapter set open_revision_id = null where story_id = erased;
    delete from stories_askedrevision using stories_asking a where a.id = asking_id and a.story_id = erased;
    delete from stories_asking where story_id = erased;
    delete from stories_consent using stories_revision r, stories_chapter c
        where r.id = revision_id and c.id = r.chapter_id and c.story_id = erased;
    delete from stories_revision using stories_chapter c where c.id = chapter_id and c.story_id = erased;
    get diagnostics texts = row_count;
    delete from stories_storyphoto where story_id = erased;
    delete from stories_linkyes using stories_link l where l.id = link_id and l.story_id = erased;
    return texts;
end $$;
"""
AS_IT_WAS = """
create or replace function stories_empty(erased uuid) returns integer
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    texts integer;
begin
    perform 1 from stories_story where id = erased and erasing_at <= now() for update;
    if not found then
        raise exception 'this story is not due to be erased' using errcode = 'integrity_constraint_violation';
    end if;
    update stories_chapter set open_revision_id = null where story_id = erased;
    delete from stories_askedrevision using stories_asking a where a.id = asking_id and a.story_id = erased;
    delete from stories_asking where story_id = erased;
    delete from stories_consent using stories_revision r, stories_chapter c
        where r.id = revision_id and c.id = r.chapter_id and c.story_id = erased;
    delete from stories_revision using stories_chapter c where c.id = chapter_id and c.story_id = erased;
    get diagnostics texts = row_count;
    delete from stories_storyphoto where story_id = erased;
    return texts;
end $$;
"""
OF_MY_FAMILY = (
    "exists (select 1 from stories_link l join stories_story s on s.id = l.story_id "
    "join families_parent p on p.family_id = s.family_id and p.left_at is null "
    "where l.id = stories_linkyes.link_id and p.account_id = (select alongside_viewer()))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("keepsakes", "0009_a_story_is_erased"),
        ("stories", "0006_links"),
    ]

    operations = [
        migrations.RunSQL(EMPTY, AS_IT_WAS),
        migrations.RunSQL(
            f"alter policy delete_own on stories_linkyes using ({OF_MY_FAMILY})",
            "alter policy delete_own on stories_linkyes using (true)",
        ),
    ]
