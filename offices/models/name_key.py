"""The column by which names are sorted, filled by the database whoever writes the name."""

from django.db import models


def name_key() -> "models.GeneratedField":
    """The column beside a `name`: `offices.names.in_order`, compared byte by byte."""
    return models.GeneratedField(
        expression=models.Func("name", function="offices_name_key"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
