"""The column in which names are searched, filled by the database whoever writes the names."""

from django.db import models
from django.db.models.functions import Concat


def search_key(*columns: str) -> "models.GeneratedField":
    """These columns without case and diacritics, as `offices.names.plain` says: ha tien."""
    texts: list[models.Value | str] = [columns[0]]
    for column in columns[1:]:
        texts += [models.Value(" "), column]
    whole = Concat(*texts, output_field=models.TextField()) if columns[1:] else models.F(columns[0])
    return models.GeneratedField(
        expression=models.Func(whole, function="offices_plain"),
        output_field=models.TextField(),
        db_persist=True,
    )
