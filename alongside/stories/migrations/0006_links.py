"""Named readers: links, every parent's yes to each, and their devices (V2, C2)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import alongside.ids
import alongside.vault.fields
from alongside.database.rls import protect

# Nobody says another parent's yes, nor one to a story that was not shown to them (V1).
MY_OWN_YES = (
    "exists (select 1 from families_parent p join stories_link l on l.id = stories_linkyes.link_id "
    "join stories_story s on s.id = l.story_id and s.family_id = p.family_id "
    "where p.id = stories_linkyes.parent_id and p.left_at is null and p.account_id = (select alongside_viewer()) "
    "and (s.asked_at is not null or s.teller_id = p.account_id))"
)

USED_UP = """
create function stories_use_up_names() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
    -- Going back up always asks again (C2): no yes to a name outlives that the story was for named people.
    delete from stories_linkyes y using stories_link l where l.id = y.link_id and l.story_id = new.id;
    return null;
end $$;
create trigger use_up_names after update of audience on stories_story for each row
    when (old.audience in ('invited', 'open') and new.audience not in ('invited', 'open'))
    execute function stories_use_up_names();
"""
NOT_USED_UP = """
drop trigger use_up_names on stories_story;
drop function stories_use_up_names();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("families", "0003_yes"),
        ("stories", "0005_sounds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.UUIDField(default=alongside.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("code_hash", models.BinaryField(max_length=32)),
                (
                    "opened",
                    models.BooleanField(
                        default=False, help_text="Whether the code was ever typed; not when, nor how often."
                    ),
                ),
                ("name_sealed", alongside.vault.fields.SealedField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "story",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="stories.story"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["story", "-made_at"], name="links_made")]},
        ),
        migrations.CreateModel(
            name="LinkYes",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="yeses", to="stories.link"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="families.parent"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "link yeses",
                "constraints": [models.UniqueConstraint("link", "parent", name="one_yes_a_parent_to_a_link")],
            },
        ),
        migrations.CreateModel(
            name="LinkDevice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="devices", to="stories.link"
                    ),
                ),
            ],
        ),
        # Whether a link stands is asked for every reader; to take a yes away only narrows.
        migrations.RunSQL(*protect("stories_linkyes", select="true", insert=MY_OWN_YES, delete="true")),
        migrations.RunSQL(USED_UP, NOT_USED_UP),
    ]
