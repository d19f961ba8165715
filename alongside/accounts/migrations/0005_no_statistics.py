"""No copies of addresses in the planner's statistics, from where they would go into the log and every base backup (S10)."""

from django.db import migrations

COLUMNS = ("accounts_account alter column email", "accounts_code alter column address")


def statistics(number: str) -> list[str]:
    # The unique index is over lower(email), of which statistics of its own are kept.
    index = f"alter index one_account_an_address alter column 1 set statistics {number}"
    return [*(f"alter table {column} set statistics {number}" for column in COLUMNS), index]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_private")]
    operations = [migrations.RunSQL(statistics("0"), statistics("-1"))]
