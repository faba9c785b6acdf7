"""Several short lists by one statement, for pages that ask for a little of many things.

found = read_lists(remarks=Remark.objects.filter(…).values("due_on"), plans=None)
found["remarks"]        # [{"due_on": "2026-12-01"}], in the order that was asked for
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

# What the queries are of does not matter here: Any stands for their models and rows.
Asked = QuerySet[Any, Any]
Row = dict[str, Any]


def read_lists(**asked: Asked | None) -> Mapping[str, list[Row]]:
    """The rows of each query that names its values, by its name; empty where None stands for it.

    They come as JSON: days and moments as ISO texts, numbers and words as they are. No statement
    where nothing is asked for, or where nothing can be found.
    """
    found: dict[str, list[Row]] = {name: [] for name in asked}
    names, columns = [], []
    given: list[Any] = []
    for name, query in asked.items():
        if query is None:
            continue
        try:
            statement, values = query.query.sql_with_params()
        except EmptyResultSet:
            continue
        names.append(name)
        # a name with a space, which no value can have: json_agg would take that value alone
        columns.append(f'(SELECT json_agg("a row") FROM ({statement}) "a row")')  # noqa: S608
        given += values
    if names:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(columns)}", given)
            found |= {name: rows or [] for name, rows in zip(names, cursor.fetchone(), strict=True)}
    return found
