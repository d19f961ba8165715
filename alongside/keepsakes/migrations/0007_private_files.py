"""Files are seen by whoever sees their keepsake; what is on its way is its sender's alone (V1), also below the code (S5)."""

from django.db import migrations

from alongside.database.rls import protect

ME = "(select alongside_viewer())"
# Asks the memory's own lock: whoever sees the keepsake sees its file.
OF_A_MEMORY = "exists (select 1 from keepsakes_memory m where m.id = memory_id)"
OF_A_PARENT = (
    "exists (select 1 from keepsakes_memory m join keepsakes_keepsakebox b on b.id = m.box_id "
    "join families_parent p on p.family_id = b.family_id "
    f"where m.id = memory_id and p.left_at is null and p.account_id = {ME})"
)
MINE = f"by_id = {ME}"
OF_MINE = "exists (select 1 from keepsakes_upload u where u.id = upload_id)"


def _file(table: str) -> tuple[str, str]:
    return protect(table, select=OF_A_MEMORY, insert=OF_A_PARENT, update=OF_A_PARENT, delete=OF_A_PARENT)


class Migration(migrations.Migration):
    dependencies = [("keepsakes", "0006_files"), ("database", "0001_viewer"), ("families", "0002_people")]
    operations = [
        migrations.RunSQL(*_file("keepsakes_memoryfile")),
        migrations.RunSQL(*_file("keepsakes_memoryobject")),
        migrations.RunSQL(*protect("keepsakes_upload", select=MINE, insert=MINE, update=MINE, delete=MINE)),
        migrations.RunSQL(*protect("keepsakes_uploadpiece", select=OF_MINE, insert=OF_MINE, delete=OF_MINE)),
    ]
