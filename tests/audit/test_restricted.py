"""The system itself at work under a role that only adds to the audit, and owns no table."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import chain
from audit.models import Entry, Link
from audit.recurring import record_sparingly, sum_up
from offices.models import DossierChange, DossierCount, DossierSource, Membership, Proposal
from reports.models import NightStep
from reports.night import nights, steps
from tests import factories
from tests.accounts.people import PASSWORD, is_signed_in, sign_in
from tests.officials.two import client_of, holder

pytestmark = pytest.mark.django_db
Role = Membership.Role
# As docs/operations.md says it; the audit's own tables after the others.
RIGHTS = """
CREATE ROLE "hailong-app" NOLOGIN;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "hailong-app";
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "hailong-app";
"""


@pytest.fixture
def _restricted() -> Iterator[None]:
    """Whatever the test does is done with the rights of that role."""
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS)
        call_command("audit_role", "hailong-app", verbosity=0)
        cursor.execute('SET ROLE "hailong-app"')
        yield
        cursor.execute("RESET ROLE")


@pytest.mark.usefixtures("_restricted")
def test_an_official_signs_in_and_is_refused_a_page() -> None:
    client = Client()
    lan = factories.user("lan", PASSWORD)
    Membership.objects.create(user=lan, role=Role.CLERK, office=factories.office())
    assert sign_in(client, name="lan").status_code == 302
    assert is_signed_in(client)
    assert client.get(reverse("officials:audit")).status_code == 403
    assert chain.seal() > 0
    actions = set(Entry.objects.values_list("action", flat=True))
    assert actions >= {"signin.done", "access.refused", "row.added"}


@pytest.mark.usefixtures("_restricted")
def test_one_proposes_another_approves_and_a_night_closes_the_day() -> None:
    day = timezone.localdate() - timedelta(days=1)
    eve = day.replace(day=1) - timedelta(days=1)
    factories.instrument({"A": 2, "B": 1})
    province = factories.province("An Giang", code="91")
    office = factories.office(factories.unit(parent=province), slug="phuong-ha-tien")
    factories.responses(office, 12, day=day)
    first = nights.start(eve)
    list(steps.run_all(first))
    DossierCount.objects.create(office=office, day=eve, finished=500, source=DossierSource.OWN)

    content = f"office,day,finished\n{office.slug},{eve},481\n".encode()
    sent = {"file": SimpleUploadedFile("ho-so.csv", content), "reason": "Đếm trùng 19 hồ sơ"}
    client_of(holder(office, Role.OFFICE_HEAD)).post(reverse("officials:dossiers"), sent)
    made = Proposal.objects.get()
    above = client_of(holder(province, Role.PROVINCIAL_OFFICER))
    above.post(reverse("officials:proposal", args=[made.pk]), {"step": "approve"})
    assert DossierCount.objects.get().finished == 481
    assert DossierChange.objects.filter(approved=made).exists()

    record_sparingly("key.used", most=2)
    sum_up()
    night = nights.start(day)
    ran = list(steps.run_all(night))
    assert [failure for one in ran for failure in one.parts.failures] == []
    assert {step.state for step in night.steps.all()} == {NightStep.State.DONE}
    assert Link.objects.exists()


@pytest.mark.usefixtures("_restricted")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET account = 'somebody'",
        "DELETE FROM audit_link",
        "TRUNCATE audit_entry CASCADE",
        "ALTER TABLE offices_membership DISABLE TRIGGER audit_watches_rows",
        "ALTER TABLE offices_dossierchange DISABLE TRIGGER ALL",
        "DROP TRIGGER proposal_is_decided_once ON offices_proposal",
        "CREATE OR REPLACE FUNCTION audit_note_row() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NULL; END'",
        "INSERT INTO audit_entry (id, action, outcome, account, subject, details)"
        " VALUES (1000000, 'x', 'done', '', '', '{}')",
    ],
)
def test_but_it_takes_nothing_back(statement: str) -> None:
    """Nor does it choose the number of an entry: the next that are due would all be refused."""
    with (
        pytest.raises(ProgrammingError, match=r"permission|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
