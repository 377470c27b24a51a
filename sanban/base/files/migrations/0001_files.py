import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=200)),
                ("level", models.PositiveSmallIntegerField()),
                ("about_type", models.CharField(default="", max_length=24)),
                ("about_id", models.BigIntegerField(null=True)),
                ("unit_id", models.BigIntegerField(null=True)),
                ("uploaded_by", models.CharField(max_length=32)),
                ("uploaded_at", models.DateTimeField()),
                ("current_no", models.PositiveIntegerField(default=1)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["about_type", "about_id"], name="files_storedfile_about"),
                    models.Index(fields=["-uploaded_at", "-id"], name="files_storedfile_newest"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FileShare",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "file_id", "unit_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("unit_id", models.BigIntegerField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="files.storedfile",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FileVersion",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("no", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=16)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("sm3", models.CharField(max_length=64)),
                ("encoding", models.CharField(default="", max_length=20)),
                ("pages", models.PositiveIntegerField(default=0)),
                ("gaps", models.JSONField(default=list)),
                ("text_state", models.CharField(max_length=40)),
                ("text_length", models.PositiveIntegerField(default=0)),
                ("text_sha256", models.CharField(default="", max_length=64)),
                ("scan_state", models.CharField(default="held", max_length=12)),
                ("scan_detail", models.CharField(default="", max_length=200)),
                ("scanned_at", models.DateTimeField(null=True)),
                ("uploaded_by", models.CharField(max_length=32)),
                ("uploaded_at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="files.storedfile",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sha256"], name="files_fileversion_sha256"),
                    models.Index(fields=["scan_state", "id"], name="files_fileversion_scan"),
                ],
                "constraints": [models.UniqueConstraint(fields=("file", "no"), name="files_fileversion_no")],
            },
        ),
    ]
