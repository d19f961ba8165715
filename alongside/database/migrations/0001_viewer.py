from django.db import migrations

from alongside.database.rls import VIEWER_FUNCTION


class Migration(migrations.Migration):
    initial = True
    operations = [migrations.RunSQL(*VIEWER_FUNCTION)]
