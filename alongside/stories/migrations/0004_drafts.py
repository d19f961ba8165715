"""Working copies of chapters: their writer's alone, before and after a story was asked for (V1), also below the code (S5)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import alongside.ids
import alongside.vault.fields
from alongside.database.rls import protect

MINE = "writer_id = (select alongside_viewer())"
IN_MY_FAMILY = (
    f"{MINE} and exists (select 1 from stories_chapter c join stories_story s on s.id = c.story_id "
    "join families_parent p on p.family_id = s.family_id and p.left_at is null "
    "where c.id = chapter_id and p.account_id = writer_id and (s.asked_at is not null or s.teller_id = p.account_id))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0003_asked"),
        ("families", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="ChapterDraft",
            fields=[
                (
                    "id",
                    models.UUIDField(default=alongside.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("began_from", models.PositiveIntegerField()),
                ("mark", models.PositiveIntegerField()),
                ("tab", models.CharField(help_text="The page it was typed on; says nothing of a person.", max_length=22)),
                ("stroke", models.PositiveIntegerField(default=0)),
                ("at", models.DateTimeField()),
                ("typed_sealed", alongside.vault.fields.SealedField()),
                (
                    "chapter",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="drafts",
                        to="stories.chapter",
                    ),
                ),
                (
                    "writer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        # By the database: whoever erases a story may not see what somebody else is writing at it.
        migrations.RunSQL(
            "alter table stories_chapterdraft add constraint draft_of_a_revision foreign key (chapter_id, began_from) "
            "references stories_revision (chapter_id, number) on delete cascade deferrable initially deferred",
            "alter table stories_chapterdraft drop constraint draft_of_a_revision",
        ),
        migrations.RunSQL(
            *protect("stories_chapterdraft", select=MINE, insert=IN_MY_FAMILY, update=IN_MY_FAMILY, delete=MINE)
        ),
    ]
