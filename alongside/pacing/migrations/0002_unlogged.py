from django.db import migrations


class Migration(migrations.Migration):
    """Who came how often is in no log and no backup."""

    dependencies = [("pacing", "0001_initial")]
    operations = [
        migrations.RunSQL("alter table pacing_bucket set unlogged", "alter table pacing_bucket set logged")
    ]
