"""Choosing a procedure: everyday names, fields, and what is in no list."""

from html import unescape

import pytest
from django.test import Client

from launch.page import Form
from offices.registry.plain import plain_names
from offices.registry.rows import ProcedureRow, read
from surveys.models import Response
from tests import factories

pytestmark = pytest.mark.django_db


def last_page(**said: str) -> str:
    """The last page of an office's form, or what comes after it."""
    factories.instrument({"A": 1}, slug="phieu")
    office = factories.office(slug="ha-tien")
    sent = {"form": "phieu.1", "page": "0", "A1": "4"}
    client = Client()
    html = client.post(f"/ks/{office.slug}/", sent).content.decode()
    if said:
        html = client.post(f"/ks/{office.slug}/", Form(html).filled | said).content.decode()
    return unescape(html)


def test_everyday_names_stand_before_official_ones_under_their_fields() -> None:
    one = factories.procedure("1.012786")
    html = last_page()
    options = html.partition('name="procedure"')[2].partition("</select>")[0]
    assert f'<optgroup label="{one.field.name}">' in options
    assert "Làm lại sổ đỏ bị mất – Thủ tục 1.012786" in options
    assert Form(html).offered["procedure"] == ["", "1.012786", "khac", "nhieu"]


@pytest.mark.parametrize("choice", ["khac", "nhieu"])
def test_what_is_in_no_list_counts_for_the_office_and_no_procedure(choice: str) -> None:
    assert 'id="thanks"' in last_page(procedure=choice)
    assert Response.objects.get().procedure is None


def test_everyday_names_are_of_procedures_that_the_registry_knows() -> None:
    known = {row.code: row.name for row in read(ProcedureRow, "procedures.csv")}
    assert plain_names().keys() <= known.keys()
    assert len(set(plain_names().values())) == len(plain_names())
