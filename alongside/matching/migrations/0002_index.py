"""The index as a table that no log and no backup holds, dropped row by row as soon as anything changes (V5)."""

from django.db import migrations

UNLOGGED = "alter table matching_entry set unlogged"
LOGGED = "alter table matching_entry set logged"

# ANALYZE keeps the commonest values of each column in pg_statistic, which is in every log and backup; of these none.
COLUMNS = ("words", "vector", "chosen", "read", "kinds", "relation", "weeks", "since_months", "themes", "new_pregnancy")
NO_STATISTICS = [f"alter table matching_entry alter column {name} set statistics 0" for name in COLUMNS]
STATISTICS = [f"alter table matching_entry alter column {name} set statistics default" for name in COLUMNS]

FORGET = """
create function matching_forget() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    -- Whoever may be found is asked again when the row is made anew; here nothing judges, it only forgets.
    delete from matching_entry where story_id in (select (to_jsonb(new) ->> tg_argv[0])::uuid);
    -- Whoever holds the index in memory sees by this number that something has changed.
    perform nextval('matching_change');
    return null;
end $$;
create trigger forget_entry after update of published_at, withdrawn_at, erasing_at, audience, hold_id, language
    on stories_story for each row execute function matching_forget('id');
create trigger forget_entry after update of open_revision_id
    on stories_chapter for each row execute function matching_forget('story_id');
create function matching_forget_held() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    delete from matching_entry where story_id in (select id from stories_story where hold_id = new.id);
    perform nextval('matching_change');
    return null;
end $$;
create trigger forget_entry after update on moderation_hold
    for each row execute function matching_forget_held();
"""
NO_FORGET = """
drop trigger forget_entry on moderation_hold;
drop function matching_forget_held();
drop trigger forget_entry on stories_chapter;
drop trigger forget_entry on stories_story;
drop function matching_forget();
"""

REWRITE = """
create function matching_rewrite_index() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    one record;
begin
    -- Readers go on until the swap at the end; a writer waits, and this gives up rather than make one wait long.
    set local lock_timeout = '3s';
    lock table matching_entry in share mode;
    create unlogged table matching_entry_fresh (like matching_entry including defaults including constraints);
    for one in
        select attname as name from pg_attribute where attrelid = 'matching_entry'::regclass and attstattarget = 0
    loop
        execute format('alter table matching_entry_fresh alter column %I set statistics 0', one.name);
    end loop;
    insert into matching_entry_fresh select * from matching_entry;
    create temporary table index_names on commit drop as
        select c.relname as name, i.indisprimary as main, pg_get_indexdef(c.oid) as made
        from pg_index i join pg_class c on c.oid = i.indexrelid
        where i.indrelid = 'matching_entry'::regclass;
    for one in select * from index_names loop
        execute replace(
            replace(one.made, ' INDEX ' || one.name || ' ON ', ' INDEX ' || one.name || '_fresh ON '),
            ' ON public.matching_entry ', ' ON public.matching_entry_fresh ');
    end loop;
    drop table matching_entry;
    alter table matching_entry_fresh rename to matching_entry;
    for one in select * from index_names loop
        execute format('alter index %I rename to %I', one.name || '_fresh', one.name);
        if one.main then
            execute format('alter table matching_entry add constraint %I primary key using index %I', one.name, one.name);
        end if;
    end loop;
    alter table matching_entry add constraint matching_entry_story_fk
        foreign key (story_id) references stories_story (id) deferrable initially deferred;
    grant select, insert, update, delete on matching_entry to alongside_web;
end $$;
"""
NO_REWRITE = "drop function matching_rewrite_index()"


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial"), ("stories", "0002_promises"), ("moderation", "0001_initial")]
    operations = [
        migrations.RunSQL(UNLOGGED, LOGGED),
        migrations.RunSQL(NO_STATISTICS, STATISTICS),
        migrations.RunSQL(FORGET, NO_FORGET),
        migrations.RunSQL(REWRITE, NO_REWRITE),
    ]
