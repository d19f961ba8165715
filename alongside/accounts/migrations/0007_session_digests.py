"""Of a session the database holds a digest from now on; those that are open stay open (S15)."""

from django.db import migrations

# As alongside.accounts.sessions.kept_as does.
KEPT_AS = (
    "translate(encode(substring(sha256(convert_to({0}, 'UTF8')) from 1 for 30), 'base64'), '+/', '-_')"
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_undone_in_time"), ("sessions", "0001_initial")]
    operations = [
        migrations.RunSQL(
            f"update {table} set {column} = {KEPT_AS.format(column)}",
            f"delete from {table}",
        )
        for table, column in (("django_session", "session_key"), ("accounts_signin", "session"))
    ]
