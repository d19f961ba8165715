"""A sheet is its writer's alone, or its device's (V1), also for a view that forgets to ask (S5)."""

from django.db import migrations

from alongside.database.rls import protect

MINE = "(writer_id = (select alongside_viewer()) or guest = (select alongside_viewer()))"
OF_MINE = "exists (select 1 from sheets_sheet s where s.id = text_id)"


class Migration(migrations.Migration):
    dependencies = [("sheets", "0001_initial"), ("database", "0001_viewer")]
    operations = [
        migrations.RunSQL(*protect("sheets_sheet", select=MINE, insert=MINE, update=MINE, delete=MINE)),
        migrations.RunSQL(
            *protect("sheets_sheetversion", select=OF_MINE, insert=OF_MINE, update=OF_MINE, delete=OF_MINE)
        ),
    ]
