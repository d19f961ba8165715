"""Versions that were written before their writer joined name her (V1, C5); until now they named nobody."""

from django.db import migrations

OF_A_SHEET = (
    "update sheets_sheetversion v set by_id = s.writer_id from sheets_sheet s "
    "where s.id = v.text_id and v.by_id is null and s.writer_id is not null"
)
# Only what was once such a sheet has versions that name nobody, and who put it in is who wrote it.
OF_A_KEEPSAKE = (
    "update keepsakes_memoryversion v set by_id = m.contributed_by_id from keepsakes_memory m "
    "where m.id = v.text_id and v.by_id is null"
)


class Migration(migrations.Migration):
    dependencies = [("sheets", "0003_whose"), ("keepsakes", "0005_slips")]
    operations = [
        migrations.RunSQL(OF_A_SHEET, migrations.RunSQL.noop),
        migrations.RunSQL(OF_A_KEEPSAKE, migrations.RunSQL.noop),
    ]
