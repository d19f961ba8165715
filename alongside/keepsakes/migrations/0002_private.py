from django.db import migrations

from alongside.database.rls import protect

MINE = (
    "exists (select 1 from families_parent p where p.family_id = keepsakes_keepsakebox.family_id "
    "and p.left_at is null and p.account_id = (select alongside_viewer()))"
)


class Migration(migrations.Migration):
    """A box is its parents' alone (V1), also for a view that forgets to ask (S5)."""

    dependencies = [("keepsakes", "0001_initial"), ("database", "0001_viewer"), ("families", "0001_initial")]
    operations = [
        migrations.RunSQL(*protect("keepsakes_keepsakebox", select=MINE, insert=MINE, update=MINE, delete=MINE))
    ]
