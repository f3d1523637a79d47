from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0008_fill_regulations")]
    operations = [migrations.RemoveField(model_name="regulationadoption", name="clause_set")]
