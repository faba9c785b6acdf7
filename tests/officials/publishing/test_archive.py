"""Files that were made beforehand: handed out while they say what the page says, never after."""

import re
import zlib
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit.models import Entry
from offices.models import DossierCount, Office
from offices.rights import Role
from reports.models import Difference, Night, Paper, PaperFile, Part, Period, Score
from reports.night import papers, steps
from reports.release import publish
from tests import factories
from tests.officials.publishing.test_papers import addresses, client_of
from tests.reports.night.test_papers import make_all, paper_of, spoil
from tests.reports.papers.opening import text
from tests.reports.papers.reporting import CLOSED, JUNE, Reported, answer, reported

pytestmark = pytest.mark.django_db
KEPT = b"made beforehand"


@pytest.fixture
def world() -> Reported:
    """Two months of a province, with their reports, whose bytes are ones that nobody writes."""
    world = reported(months=(5, 6))
    make_all()
    stand_in()
    return world


def stand_in() -> None:
    """Puts bytes into the place of all files, so that one sees where they are handed out."""
    for file in PaperFile.objects.all():
        file.content, file.size = zlib.compress(KEPT), len(KEPT)
        file.seal = PaperFile.seal_of(file.fingerprint, KEPT)
        file.save()


def kept(client: Client, world: Reported) -> set[str]:
    """Which of the four files of June are handed out as they were made beforehand."""
    answers = {name: client.get(address) for name, address in addresses(world).items()}
    return {name for name, one in answers.items() if one.content == KEPT}


ALL = {"office.pdf", "office.xlsx", "unit.pdf", "unit.xlsx"}
UNIT = {"unit.pdf", "unit.xlsx"}
OFFICE = ALL - UNIT


def test_what_was_made_beforehand_is_handed_out(world: Reported) -> None:
    assert kept(client_of(world.province), world) == ALL
    head = client_of(world.office)
    assert kept(head, world) == OFFICE
    sizes = [one.details for one in Entry.objects.filter(action="report.exported")]
    assert sizes == [{"size": len(KEPT)}] * 6


def test_the_bytes_are_those_that_are_made_on_request() -> None:
    world = reported(months=(5, 6))
    client = client_of(world.province)
    asked = {name: client.get(address).content for name, address in addresses(world).items()}
    make_all()
    for name, place in (("office", world.office), ("unit", world.province)):
        for file in paper_of(place).files.all():
            assert file.unpacked() == asked[f"{name}.{file.ending}"]


def test_bytes_that_are_not_the_ones_that_were_written_are_not_handed_out(world: Reported) -> None:
    client = client_of(world.province)
    for content in (zlib.compress(KEPT + b"!"), KEPT):
        PaperFile.objects.update(content=content)
        for address in addresses(world).values():
            assert KEPT not in client.get(address).content


def test_whoever_alters_the_table_without_the_key_has_no_file_handed_out(world: Reported) -> None:
    with override_settings(SECRET_KEY="k" * 64):
        stand_in()
    assert kept(client_of(world.province), world) == set()


def test_what_was_emptied_is_made_when_asked_for(world: Reported) -> None:
    PaperFile.objects.update(content=None)
    answered = client_of(world.province).get(addresses(world)["unit.pdf"])
    assert "An Giang" in text(answered.content)


def test_a_release_outdates_files_for_whoever_it_is_named_to(world: Reported) -> None:
    officer, head = client_of(world.province), client_of(world.office)
    first = publish(world.province, JUNE)
    assert kept(officer, world) == set()
    assert first.slug in text(officer.get(addresses(world)["unit.pdf"]).content)
    assert kept(head, world) == OFFICE
    steps.close(CLOSED + timedelta(days=1))
    make_all()
    stand_in()
    assert kept(officer, world) == UNIT


def test_forms_that_came_late_outdate_files_and_so_does_the_revision_with_them(
    world: Reported,
) -> None:
    first = publish(world.province, JUNE)
    make_again()
    officer, head = client_of(world.province), client_of(world.office)
    assert kept(officer, world) == UNIT
    for _ in range(12):
        answer(world.office, [1, 1, 1], JUNE.last)
    steps.close(CLOSED + timedelta(days=2))
    assert kept(officer, world) == kept(head, world) == set()
    make_all()
    stand_in()
    assert kept(officer, world) == UNIT
    assert kept(head, world) == OFFICE
    second = publish(world.province, JUNE, reason="phiếu giấy gửi muộn")
    assert kept(officer, world) == set()
    said = text(officer.get(addresses(world)["unit.pdf"]).content)
    assert second.slug in said
    assert first.slug not in said


def test_a_figure_that_was_altered_is_in_no_file_of_before(world: Reported) -> None:
    head = client_of(world.office)
    june = Score.objects.filter(office=world.office, period=Period.MONTH, start=JUNE.first)
    june.update(satisfied=F("satisfied") - 1)
    assert kept(head, world) == set()
    june.update(satisfied=F("satisfied") + 1)
    assert kept(head, world) == OFFICE


def test_what_is_being_checked_is_said_and_no_file_of_before_is_handed_out(
    world: Reported,
) -> None:
    client = client_of(world.province)
    difference = Difference.objects.create(
        part=Part.OFFICES, table="reports_score", column="people", office=world.office,
        period=Period.MONTH, first=JUNE.first, last=JUNE.last, shown="999", proved="23",
        found_at=timezone.now(),
    )  # fmt: skip
    assert kept(client, world) == set()
    file = text(client.get(addresses(world)["office.pdf"]).content)
    assert "kiểm tra" in file
    papers.ask(Night.objects.get())
    make_all()
    stand_in()
    assert kept(client, world) == ALL
    # and once it agrees, no file goes on saying so
    Difference.objects.filter(pk=difference.pk).update(
        ended_at=timezone.now(), ended_how="recounted"
    )
    assert kept(client, world) == set()


def make_again() -> None:
    """Another night with its reports."""
    steps.close(CLOSED + timedelta(days=1))
    make_all()
    stand_in()


def test_whoever_needs_more_people_gets_no_file_that_others_may_have(
    world: Reported, settings: Settings
) -> None:
    settings.MINIMUM_PEOPLE = {Role.PROVINCIAL_OFFICER.value: 30}
    client = client_of(world.province)
    assert client.get(addresses(world)["office.pdf"]).status_code == 404
    assert kept(client, world) == set()
    settings.MINIMUM_PEOPLE = {}
    assert kept(client, world) == ALL


def test_a_figure_that_is_withheld_now_leaves_no_file_to_be_had(world: Reported) -> None:
    Score.objects.filter(office=world.office, period=Period.MONTH, start=JUNE.first).update(
        people=5
    )
    client = client_of(world.office)
    for name in OFFICE:
        assert client.get(addresses(world)[name]).status_code == 404
    assert "tu=2025-06-01" not in re.findall(
        r'href="[^"]*bao-cao\.pdf[^"]*"', listing(client, world.office)
    )


def test_dossiers_that_came_late_outdate_files_that_tell_their_number(world: Reported) -> None:
    DossierCount.objects.filter(office=world.office).update(finished=61)
    assert kept(client_of(world.province), world) == set()


def test_another_language_map_or_questionnaire_is_no_file_of_these(world: Reported) -> None:
    client = client_of(world.province)
    address = addresses(world)["unit.pdf"]
    assert client.get(f"{address}&ban-do=then").content != KEPT
    client.cookies["django_language"] = "en"
    assert client.get(address).content != KEPT


def listing(client: Client, place: Office) -> str:
    """The page of an office's reports."""
    return client.get(reverse("officials:office_papers", args=[place.slug])).content.decode()


def test_the_page_says_what_lies_ready_and_what_is_made_when_asked_for(world: Reported) -> None:
    shown = listing(client_of(world.office), world.office)
    assert len(re.findall(r"có sẵn, lập lúc \d\d:\d\d \d\d/\d\d/\d{4}", shown)) == 2
    assert len(re.findall(r"<td>\s*lập khi mở", shown)) == 1  # May
    assert shown.index("Tháng 6/2025") < shown.index("Tháng 5/2025")
    PaperFile.objects.update(content=None)
    assert "có sẵn, lập lúc" not in listing(client_of(world.office), world.office)
    Paper.objects.update(state=Paper.State.WAITING)
    assert listing(client_of(world.office), world.office).count("đang chờ lập") == 2


def test_a_report_that_failed_is_made_again_with_one_press() -> None:
    world = reported(months=(5, 6))
    june = spoil(world.office)
    make_all()
    paper = paper_of(world.office)
    sums = Score.objects.get(office=world.other, period=Period.MONTH, start=JUNE.first).sums
    head = client_of(world.office)
    page = reverse("officials:office_papers", args=[world.office.slug])
    # while its figure cannot be read, there is no page of it either
    Score.objects.filter(pk=june).update(sums=sums)
    shown = listing(head, world.office)
    assert "không gom được số liệu" in shown
    (key,) = {int(one) for one in re.findall(r'name="paper" value="(\d+)"', shown)} & {paper.pk}
    told = head.post(page, {"step": "remake", "paper": key}, follow=True).content.decode()
    assert "Báo cáo đã lập xong." in told
    paper.refresh_from_db()
    assert paper.state == Paper.State.MADE
    entry = Entry.objects.get(action="report.remade")
    assert (entry.office_id, entry.unit_id) == (world.office.pk, None)
    assert entry.details == {"state": "made"}
    assert entry.subject == "month-2025-06-01"
    again = head.post(page, {"step": "remake", "paper": key}, follow=True).content.decode()
    assert "không còn chờ lập lại" in again
    assert Entry.objects.filter(action="report.remade").count() == 1


def fail(paper: Paper) -> Paper:
    """The report as one at which processes died."""
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.FAILED, reason=Paper.Reason.ENDED)
    return paper


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.OFFICE_HEAD, True), (Role.CLERK, False)],
)
def test_who_heads_an_office_has_its_report_made_again(
    world: Reported, role: Role, may: bool
) -> None:
    paper = fail(paper_of(world.office))
    page = reverse("officials:office_papers", args=[world.office.slug])
    answered = client_of(world.office, role).post(page, {"step": "remake", "paper": paper.pk})
    assert (answered.status_code == 302) == may
    paper.refresh_from_db()
    assert (paper.state == Paper.State.MADE) == may


def test_an_auditor_reads_that_it_failed_and_makes_nothing(world: Reported) -> None:
    paper = fail(paper_of(world.office))
    auditor = client_of(world.province, Role.AUDITOR)
    shown = listing(auditor, world.office)
    assert "tiến trình dừng giữa chừng" in shown
    assert 'name="paper"' not in shown
    page = reverse("officials:office_papers", args=[world.office.slug])
    assert auditor.post(page, {"step": "remake", "paper": paper.pk}).status_code == 403


def test_nobody_has_the_report_of_another_place_made_again(world: Reported) -> None:
    paper = fail(paper_of(world.other))
    page = reverse("officials:office_papers", args=[world.office.slug])
    for key in (str(paper.pk), "0", "x", ""):
        client_of(world.office).post(page, {"step": "remake", "paper": key})
    paper.refresh_from_db()
    assert paper.state == Paper.State.FAILED


def test_the_page_of_nights_names_what_failed_and_how_far_the_reports_are(world: Reported) -> None:
    paper, page = fail(paper_of(world.office)), reverse("officials:nights")
    total = Paper.objects.count()
    operator = client_of(factories.country(), Role.OPERATOR)
    shown = operator.get(page).content.decode()
    assert f"đã lập {total - 1} trên {total} báo cáo" in shown
    assert "Trung tâm Mỹ Thới" in shown
    assert f'name="paper" value="{paper.pk}"' in shown
    told = operator.post(page, {"paper": paper.pk}, follow=True).content.decode()
    assert "Báo cáo đã lập xong." in told
    assert "Trung tâm Mỹ Thới" not in told


def test_the_page_of_nights_names_places_only_to_who_sees_them(world: Reported) -> None:
    paper, page = fail(paper_of(world.office)), reverse("officials:nights")
    auditor = client_of(world.province, Role.AUDITOR)
    shown = auditor.get(page).content.decode()
    assert "Trung tâm Mỹ Thới" in shown
    assert 'name="paper"' not in shown
    assert auditor.post(page, {"paper": paper.pk}).status_code == 403
    stranger = client_of(factories.province("Cà Mau"), Role.AUDITOR)
    assert "Trung tâm Mỹ Thới" not in stranger.get(page).content.decode()


def test_one_that_fails_again_says_why_and_nothing_of_the_error() -> None:
    world = reported(months=(5, 6))
    spoil(world.office)
    make_all()
    paper = paper_of(world.office)
    operator = client_of(factories.country(), Role.OPERATOR)
    told = operator.post(
        reverse("officials:nights"), {"paper": paper.pk}, follow=True
    ).content.decode()
    assert "Báo cáo vẫn chưa lập được: không gom được số liệu" in told
    assert "Error" not in told
    assert Entry.objects.get(action="report.remade").details == {"state": "failed"}
    assert papers.are_waiting() is False
    answer(world.office, [5, 5, 5], JUNE.last)
