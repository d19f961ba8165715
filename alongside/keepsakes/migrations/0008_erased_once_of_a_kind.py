from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('keepsakes', '0007_private_files'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='erasure',
            name='erased_once',
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.UniqueConstraint(models.F('kind'), models.F('subject'), condition=models.Q(('done_at', None)), name='erased_once'),
        ),
    ]
