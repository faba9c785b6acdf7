"""The page with the data model is the one that the models make now."""

from django.apps import apps

from scripts.data_model import APPS, FILE, page


def test_the_page_equals_what_the_models_make() -> None:
    assert FILE.read_text("utf-8") == page(), "run `make drawings`"


def test_every_table_of_ours_stands_in_it_with_its_columns() -> None:
    text = page()
    ours = [model for label in APPS for model in apps.get_app_config(label).get_models()]
    assert len(ours) > 30
    for model in ours:
        assert f"| {model.__name__} | `{model._meta.db_table}` | " in text
        box = text.split(f"    {model.__name__} {{\n")[1].split("    }\n")[0]
        columns = [line.split()[1] for line in box.splitlines()]
        assert columns == [f.column for f in model._meta.local_fields if f.column]


def test_keys_and_what_points_where_are_said() -> None:
    text = page()
    response = text.split("    Response {\n")[1].split("    }\n")[0]
    assert "        bigint office_id PK, FK\n" in response
    assert "        uuid id PK\n" in response
    assert "    Response }o--|| Office : office\n" in text
    assert "    Response }o--o| Counter : counter\n" in text
    assert "        slug slug UK\n" in text
