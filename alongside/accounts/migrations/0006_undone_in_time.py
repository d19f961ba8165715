import alongside.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from alongside.database.rls import protect

MINE = "account_id = (select alongside_viewer())"
# As of accounts_account.email: no copies in the planner's statistics (S10).
STATISTICS = "alter table accounts_formeraddress alter column address set statistics {}"


def a_row(name, *fields):
    own = models.UUIDField(default=alongside.ids.new_id, editable=False, primary_key=True, serialize=False)
    return migrations.CreateModel(name=name, fields=[("id", own), *fields])


def of_account(related_name):
    to = settings.AUTH_USER_MODEL
    return models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name=related_name, to=to)


class Migration(migrations.Migration):
    """A change of address can be undone, naming an address tells nothing, and an invitation opens joining once."""

    dependencies = [("accounts", "0005_no_statistics")]
    operations = [
        migrations.AddField(
            model_name="block",
            name="hidden_from_blocker_at",
            field=models.DateTimeField(blank=True, help_text="Null: from the beginning.", null=True),
        ),
        migrations.AddField(
            model_name="block",
            name="lifts_at",
            field=models.DateTimeField(
                blank=True, help_text="When it ends, once the naming was taken back.", null=True
            ),
        ),
        a_row(
            "FormerAddress",
            ("address", models.EmailField(max_length=254)),
            ("until", models.DateTimeField()),
            ("account", of_account("former_addresses")),
        ),
        a_row("Naming", ("at", models.DateTimeField()), ("account", of_account("+"))),
        migrations.CreateModel(
            name="UsedInvitation",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("used_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(STATISTICS.format(0), STATISTICS.format(-1)),
        migrations.RunSQL(*protect("accounts_naming", select=MINE, insert=MINE, delete=MINE)),
    ]
