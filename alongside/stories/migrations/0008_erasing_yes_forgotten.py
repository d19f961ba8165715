"""A yes to erasing is to what stood there then: whatever is written or put up afterwards needs it anew (D3)."""

from django.db import migrations

FORGOTTEN = """
create function stories_forget_erasing() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    -- By the owner, since it is each parent's own yes and only theirs to unsay.
    if tg_table_name = 'stories_revision' then
        delete from stories_storyerasingyes using stories_chapter c
            where c.id = new.chapter_id and stories_storyerasingyes.story_id = c.story_id;
    else
        delete from stories_storyerasingyes where story_id = new.story_id;
    end if;
    return null;
end $$;
create trigger forget_erasing after insert on stories_revision for each row
    execute function stories_forget_erasing();
create trigger forget_erasing after update of open_revision_id on stories_chapter for each row
    when (new.open_revision_id is not null) execute function stories_forget_erasing();
"""
NOT_FORGOTTEN = """
drop trigger forget_erasing on stories_chapter;
drop trigger forget_erasing on stories_revision;
drop function stories_forget_erasing();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0007_shut"),
    ]

    operations = [migrations.RunSQL(FORGOTTEN, NOT_FORGOTTEN)]
