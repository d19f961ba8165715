from django.db import migrations
from django.db.models import F

from alongside.accounts import addresses


def known(apps, schema_editor):
    Account = apps.get_model("accounts", "Account")
    accounts = Account.objects.using(schema_editor.connection.alias)
    accounts.filter(admitted_at=None).update(admitted_at=F("created_at"))
    for account in accounts.filter(address_digest=None).iterator():
        account.address_digest = addresses.digest(account.email)
        account.save(update_fields=["address_digest"])


class Migration(migrations.Migration):
    """Whoever was here before joining was asked about is one of us, and their address can be compared."""

    dependencies = [("accounts", "0002_people")]
    operations = [migrations.RunPython(known, migrations.RunPython.noop)]
