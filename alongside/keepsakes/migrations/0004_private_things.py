"""Keepsakes are their box's parents' alone, and a relative's as far as they were given (V1), also for a view that forgets to ask (S5)."""

from django.db import migrations

from alongside.database.rls import protect

ME = "(select alongside_viewer())"


def parent_of(box: str) -> str:
    """The viewer is a current parent of the box whose id is ``box``."""
    return (
        "exists (select 1 from keepsakes_keepsakebox b join families_parent p on p.family_id = b.family_id "
        f"where b.id = {box} and p.left_at is null and p.account_id = {ME})"
    )


def relative_of(box: str) -> str:
    """The viewer is a current relative of the box whose id is ``box``."""
    return (
        "exists (select 1 from keepsakes_keepsakebox b join families_relative r on r.family_id = b.family_id "
        f"where b.id = {box} and r.left_at is null and r.account_id = {ME})"
    )


OF_A_RELATIVE = (
    "exists (select 1 from families_relative r where r.family_id = keepsakes_keepsakebox.family_id "
    f"and r.left_at is null and r.account_id = {ME})"
)
PARENT = parent_of("box_id")
RELATIVE = relative_of("box_id")
MY_TRIBUTE = f"kind = 'tribute' and contributed_by_id = {ME} and {RELATIVE}"
SHOWN_TO_ME = (
    "exists (select 1 from keepsakes_shown s join families_relative r on r.id = s.relative_id "
    f"where s.memory_id = keepsakes_memory.id and r.left_at is null and r.account_id = {ME})"
)
# Asks the memory's own lock: whoever sees the keepsake sees its words.
OF_A_MEMORY = "exists (select 1 from keepsakes_memory m where m.id = text_id)"
MAY_WRITE = (
    "exists (select 1 from keepsakes_memory m join keepsakes_keepsakebox b on b.id = m.box_id "
    f"where m.id = text_id and (m.contributed_by_id = {ME} or exists (select 1 from families_parent p "
    f"where p.family_id = b.family_id and p.left_at is null and p.account_id = {ME})))"
)
SHOWN = (
    f"{PARENT} or exists (select 1 from families_relative r where r.id = relative_id "
    f"and r.left_at is null and r.account_id = {ME})"
)


class Migration(migrations.Migration):
    dependencies = [("keepsakes", "0003_kept"), ("database", "0001_viewer"), ("families", "0002_people")]
    operations = [
        migrations.RunSQL(
            f"create policy select_shown on keepsakes_keepsakebox for select using ({OF_A_RELATIVE})",
            "drop policy select_shown on keepsakes_keepsakebox",
        ),
        migrations.RunSQL(*protect("keepsakes_baby", select=PARENT, insert=PARENT, update=PARENT, delete=PARENT)),
        migrations.RunSQL(*protect("keepsakes_shown", select=SHOWN, insert=PARENT, delete=PARENT)),
        migrations.RunSQL(
            *protect(
                "keepsakes_memory",
                select=f"{PARENT} or ({MY_TRIBUTE}) or {SHOWN_TO_ME}",
                insert=f"{PARENT} or ({MY_TRIBUTE})",
                update=f"{PARENT} or ({MY_TRIBUTE})",
                delete=f"{PARENT} or ({MY_TRIBUTE})",
            )
        ),
        migrations.RunSQL(
            *protect(
                "keepsakes_memoryversion", select=OF_A_MEMORY, insert=MAY_WRITE, update=MAY_WRITE, delete=MAY_WRITE
            )
        ),
    ]
