"""Promises that the database keeps by itself: who reads unpublished revisions and consents, and C1, C2, C6, C7."""

from django.db import migrations

from alongside.database.rls import protect

OF_MY_FAMILY = (
    "exists (select 1 from stories_chapter c join stories_story s on s.id = c.story_id "
    "join families_parent p on p.family_id = s.family_id and p.left_at is null "
    "where c.id = stories_revision.chapter_id and p.account_id = (select alongside_viewer()) "
    "and (s.asked_at is not null or s.teller_id = p.account_id))"
)
STANDS_OPEN = (
    "exists (select 1 from stories_chapter c join stories_story s on s.id = c.story_id "
    "where c.id = stories_revision.chapter_id and c.open_revision_id = stories_revision.id and s.published_at is not null "
    "and s.withdrawn_at is null and s.erasing_at is null and s.audience <> 'family' and (s.hold_id is null "
    "or exists (select 1 from moderation_hold h where h.id = s.hold_id and h.released_at is not null)))"
)
BY_ME = f"author_id = (select alongside_viewer()) and {OF_MY_FAMILY}"
MY_OWN_ANSWER = (
    "exists (select 1 from families_parent p where p.id = stories_consent.parent_id and p.left_at is null "
    "and p.account_id = (select alongside_viewer()))"
)
ANSWER_IN_MY_FAMILY = (
    "exists (select 1 from families_parent theirs join families_parent mine on mine.family_id = theirs.family_id "
    "where theirs.id = stories_consent.parent_id and mine.left_at is null "
    "and mine.account_id = (select alongside_viewer()))"
)

EVERY_YES = """
create function stories_lacks_a_yes(asked uuid) returns boolean
language sql volatile security definer set search_path = public, pg_temp as $$
    -- A current parent without a yes to an open revision that covers the story's audience and was not unsaid since.
    select exists (
        select 1 from stories_story s
        join stories_chapter c on c.story_id = s.id and c.open_revision_id is not null
        join families_parent p on p.family_id = s.family_id and p.left_at is null
        where s.id = asked and s.published_at is not null and s.withdrawn_at is null and s.audience <> 'family'
        and not exists (
            select 1 from stories_consent y
            where y.parent_id = p.id and y.revision_id = c.open_revision_id
            and y.answer = 'yes' and y.covers = s.audience
            and not exists (
                select 1 from stories_consent later
                where later.parent_id = y.parent_id and later.revision_id = y.revision_id and later.id > y.id
                and later.answer <> 'yes' and later.audience = s.audience
            )
        )
    )
$$;
create function stories_refuse_without_every_yes() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
    asked uuid;
begin
    -- Who comes into a family while its story opens waits here, and is then seen by the check, or sees the story.
    execute format('select 1 from families_family where id = (%s) for no key update', tg_argv[1]) using new.id;
    for asked in execute format(tg_argv[0]) using new.id loop
        if stories_lacks_a_yes(asked) then
            raise exception 'a story would stand open without every parent''s yes'
                using errcode = 'integrity_constraint_violation';
        end if;
    end loop;
    return null;
end $$;
create constraint trigger every_yes after insert or update of published_at, withdrawn_at, audience, family_id on stories_story
    deferrable initially deferred for each row
    execute function stories_refuse_without_every_yes(
        'select $1', 'select family_id from stories_story where id = $1');
create constraint trigger every_yes after insert or update of open_revision_id, story_id on stories_chapter
    deferrable initially deferred for each row
    execute function stories_refuse_without_every_yes(
        'select story_id from stories_chapter where id = $1',
        'select s.family_id from stories_story s join stories_chapter c on c.story_id = s.id where c.id = $1');
create constraint trigger every_yes after insert or update on families_parent
    deferrable initially deferred for each row
    execute function stories_refuse_without_every_yes(
        'select s.id from stories_story s join families_parent p using (family_id) where p.id = $1',
        'select family_id from families_parent where id = $1');
"""
NO_EVERY_YES = """
drop trigger every_yes on families_parent;
drop trigger every_yes on stories_chapter;
drop trigger every_yes on stories_story;
drop function stories_refuse_without_every_yes();
drop function stories_lacks_a_yes(uuid);
"""

ONLY_NARROWER = """
create function stories_consent_only_narrows() returns trigger language plpgsql as $$
begin
    if (new.id, new.parent_id, new.revision_id, new.audience, new.answer, new.wording, new.digest, new.at)
        is distinct from
        (old.id, old.parent_id, old.revision_id, old.audience, old.answer, old.wording, old.digest, old.at)
        or not (new.covers = old.covers or new.covers = 'family' or old.covers = 'open'
            or (old.covers = 'members' and new.covers = 'lived'))
    then
        raise exception 'an answer is never rewritten; what it covers can only be narrowed'
            using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end $$;
create trigger only_narrows before update on stories_consent
    for each row execute function stories_consent_only_narrows();
"""
NO_ONLY_NARROWER = """
drop trigger only_narrows on stories_consent;
drop function stories_consent_only_narrows();
"""


class Migration(migrations.Migration):
    dependencies = [("stories", "0001_initial"), ("database", "0001_viewer")]
    operations = [
        # No rule for update: a revision stays as it was agreed (C6).
        migrations.RunSQL(
            *protect("stories_revision", select=f"{STANDS_OPEN} or {OF_MY_FAMILY}", insert=BY_ME, delete=BY_ME)
        ),
        migrations.RunSQL(
            *protect(
                "stories_consent",
                select=ANSWER_IN_MY_FAMILY,
                insert=MY_OWN_ANSWER,
                update=ANSWER_IN_MY_FAMILY,
            )
        ),
        migrations.RunSQL(EVERY_YES, NO_EVERY_YES),
        migrations.RunSQL(ONLY_NARROWER, NO_ONLY_NARROWER),
    ]
