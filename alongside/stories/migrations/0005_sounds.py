"""Recordings in stories."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import alongside.ids


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0004_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StorySound",
            fields=[
                ("id", models.UUIDField(default=alongside.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("item", models.UUIDField(editable=False)),
                ("created_at", models.DateTimeField()),
                ("contributed_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("story", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sounds", to="stories.story")),
            ],
        ),
    ]
