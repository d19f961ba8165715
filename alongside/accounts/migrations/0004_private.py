from django.db import migrations

from alongside.database.rls import protect

MINE = "account_id = (select alongside_viewer())"
NAMED_BY = (
    """create function accounts_named_by(asked bytea[]) returns table (account uuid, said uuid)
    language sql stable security definer set search_path = public, pg_temp as $$
        select n.account_id, n.id from accounts_mustnotsee n where n.digest = any(asked)
    $$""",
    "drop function accounts_named_by(bytea[])",
)
CACHE = (
    """create unlogged table accounts_cache
    (cache_key varchar(255) primary key, value text not null, expires timestamp with time zone not null);
    create index accounts_cache_expires on accounts_cache (expires)""",
    "drop table accounts_cache",
)


class Migration(migrations.Migration):
    """Whom I must not meet and what I agreed to are mine alone (S5); codes and limits are in no log and no backup."""

    dependencies = [("accounts", "0003_known"), ("database", "0001_viewer")]
    operations = [
        migrations.RunSQL(*protect("accounts_mustnotsee", select=MINE, insert=MINE, delete=MINE)),
        migrations.RunSQL(*protect("accounts_agreement", select=MINE, insert=MINE, update=MINE)),
        # Joining compares an address with what was named, which nobody can read: this says who named it, no more.
        migrations.RunSQL(*NAMED_BY),
        migrations.RunSQL("alter table accounts_code set unlogged", "alter table accounts_code set logged"),
        migrations.RunSQL(*CACHE),
    ]
