"""Releases: frozen for ever, and anyone can compute them again."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from offices.models import AdministrativeUnit, Office
from reports.counting.periods import Span, span_of
from reports.models import (
    Period,
    Release,
    ReleaseCheck,
    ReleaseFigure,
    ReleaseMembership,
    TerritoryMap,
)
from reports.night import steps
from reports.release import CannotPublish, CannotReproduce, publish, reproduce
from surveys.models import Instrument, Response
from tests import factories
from tests.reports.release.released import CLOSED, DAY, JUNE, answered, frozen, office_in, published

pytestmark = pytest.mark.django_db
END = date(2025, 6, 30)


@pytest.fixture(autouse=True)
def form() -> Instrument:
    """Three criteria in two factors."""
    return factories.instrument({"A": 2, "B": 1})


@pytest.fixture
def province() -> AdministrativeUnit:
    """A province without offices."""
    return factories.province("An Giang", code="91")


def test_it_works(province: AdministrativeUnit) -> None:
    release = published(province)
    assert (release.revision, release.people, release.period) == (1, 14, "month")
    assert release.slug == "91-20080801-2025-06-1"
    root = release.figures.get(unit=province, map=TerritoryMap.TODAY, kind="headline")
    assert (root.people, root.satisfied, root.answered) == (14, 28, 42)
    assert root.percent == Decimal("66.67")
    assert root.low is not None
    assert root.high is not None
    assert 0 < root.low < root.percent < root.high < 100
    again = reproduce(release)
    assert again.differences == ()
    # headline, two factors and three criteria of the office, and of two units on two maps
    assert again.figures == release.figures.count() == 6 * (1 + 2 * 2)
    assert ReleaseCheck.objects.get(release=release).differences == 0


def test_the_published_figures_are_those_of_the_pages(province: AdministrativeUnit) -> None:
    release = published(province)
    score = province.scores.get(period="month", start=JUNE.first, map=TerritoryMap.TODAY)
    root = release.figures.get(unit=province, map=TerritoryMap.TODAY, kind="headline")
    assert (score.people, score.satisfied, score.answered) == (
        root.people,
        root.satisfied,
        root.answered,
    )


def test_few_people_are_published_as_hidden_without_a_number(province: AdministrativeUnit) -> None:
    office = office_in(province)
    answered(office, 14, answers=(5, 4, 5))
    answered(office, 1, answers=(5, 4, 2))
    steps.close(CLOSED)
    release = publish(province, JUNE)
    hidden = release.figures.filter(hidden=True)
    # one alone is unhappy: bars of all criteria would be their form
    assert set(hidden.values_list("kind", "code")) == {
        ("criterion", "A1"),
        ("criterion", "A2"),
        ("criterion", "B1"),
    }
    assert (
        list(hidden.values_list("people", "satisfied", "answered", "percent", "low", "high"))
        == [(None,) * 6] * hidden.count()
    )
    assert reproduce(release).differences == ()


def test_late_answers_and_new_batches_change_nothing(province: AdministrativeUnit) -> None:
    release = published(province)
    before = frozen(release)
    for office in Office.objects.all():
        answered(office, 25, answers=(1, 1, 1))
    answered(office_in(province), 30)
    steps.close(CLOSED + timedelta(days=1))
    assert frozen(release) == before
    assert reproduce(release).differences == ()


def test_exclusions_change_nothing_and_lifting_them_neither(province: AdministrativeUnit) -> None:
    office = office_in(province)
    answered(office, 30)
    left_out = list(Response.objects.order_by("id").values_list("id", flat=True)[:12])
    Response.objects.filter(id__in=left_out).update(excluded=True, withdrawn=True)
    steps.close(CLOSED)
    release = publish(province, JUNE)
    assert release.people == 18
    assert sorted(release.memberships.get().withdrawn) == sorted(left_out)
    before = frozen(release)
    Response.objects.update(excluded=True, withdrawn=True)
    assert frozen(release) == before
    assert reproduce(release).differences == ()
    Response.objects.update(excluded=False, withdrawn=False)
    assert reproduce(release).differences == ()


def test_a_voided_response_stays_in_what_was_published(province: AdministrativeUnit) -> None:
    release = published(province)
    Response.objects.filter(id=Response.objects.first().id).update(valid=False)  # type: ignore[union-attr]
    assert reproduce(release).differences == ()


def test_a_revision_stands_beside_the_first(province: AdministrativeUnit) -> None:
    first = published(province)
    before = frozen(first)
    answered(Office.objects.get(), 11, answers=(1, 1, 1))
    steps.close(CLOSED + timedelta(days=1))
    with pytest.raises(CannotPublish, match="lý do"):
        publish(province, JUNE)
    second = publish(province, JUNE, reason="Phiếu giấy gửi muộn")
    assert (second.revision, second.revises, second.people) == (2, first, 25)
    assert second.slug.endswith("-2025-06-2")
    assert frozen(first) == before
    assert reproduce(first).differences == ()
    assert reproduce(second).differences == ()
    membership = second.memberships.get()
    assert (membership.added, membership.removed) == (11, 0)


def test_where_nothing_differs_no_revision_is_made(province: AdministrativeUnit) -> None:
    published(province)
    with pytest.raises(CannotPublish, match="Không có gì khác"):
        publish(province, JUNE, reason="Thử lại")
    assert Release.objects.count() == 1
    assert ReleaseMembership.objects.count() == 1
    assert ReleaseFigure.objects.values("release").distinct().count() == 1


def test_two_releases_never_differ_by_a_few_people(province: AdministrativeUnit) -> None:
    office = office_in(province)
    answered(office, 30)
    answered(office_in(province), 20)
    steps.close(CLOSED)
    first = publish(province, JUNE)
    few = Response.objects.filter(office=office).values_list("id", flat=True)[:4]
    Response.objects.filter(id__in=list(few)).update(withdrawn=True)
    with pytest.raises(CannotPublish, match="Không có gì khác"):
        publish(province, JUNE, reason="Loại bốn phiếu")
    # nor the release of another unit that holds the same office
    country = publish(factories.country(), JUNE)
    assert country.people == first.people == 50
    many = Response.objects.filter(office=office, withdrawn=False).values_list("id", flat=True)[:8]
    Response.objects.filter(id__in=list(many)).update(withdrawn=True)
    assert publish(province, JUNE, reason="Loại mười hai phiếu").people == 38


def test_a_few_that_remain_are_not_published_at_all(province: AdministrativeUnit) -> None:
    office, other = office_in(province), office_in(province)
    answered(office, 14)
    answered(other, 14)
    steps.close(CLOSED)
    gone = Response.objects.filter(office=office).values_list("id", flat=True)[:10]
    Response.objects.filter(id__in=list(gone)).update(withdrawn=True)
    release = publish(province, JUNE)
    assert release.people == 14
    assert not release.figures.filter(office=office).exists()


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (span_of(Period.MONTH, date(2025, 8, 1)), "chưa khóa sổ"),
        (span_of(Period.YEAR, date(2025, 1, 1)), "chưa khóa sổ"),
        (span_of(Period.DAY, DAY), "tháng, quý"),
        (span_of(Period.MONTH, date(2025, 5, 1)), "Không có gì để chốt"),
    ],
)
def test_only_closed_periods_with_figures_are_published(
    province: AdministrativeUnit, span: Span, said: str
) -> None:
    answered(office_in(province), 14)
    steps.close(CLOSED)
    with pytest.raises(CannotPublish, match=said):
        publish(province, span)
    assert not Release.objects.exists()


def test_a_province_without_offices_has_nothing_to_publish(province: AdministrativeUnit) -> None:
    answered(office_in(factories.province()), 14)
    steps.close(CLOSED)
    with pytest.raises(CannotPublish, match="Không có gì để chốt"):
        publish(province, JUNE)


def test_a_revision_may_take_everything_back(province: AdministrativeUnit) -> None:
    first = published(province)
    Response.objects.update(withdrawn=True)
    second = publish(province, JUNE, reason="Rút toàn bộ phiếu")
    assert (second.people, second.figures.count()) == (0, 0)
    membership = second.memberships.get()
    assert (membership.people, membership.added, membership.removed) == (0, 0, 14)
    assert reproduce(first).differences == reproduce(second).differences == ()
    Response.objects.update(withdrawn=False)
    third = publish(province, JUNE, reason="Khôi phục")
    assert (third.people, third.memberships.get().added) == (14, 14)
    assert third.data_hash == first.data_hash
    assert reproduce(third).differences == ()


def test_no_published_figure_has_fewer_people_than_the_policy(
    province: AdministrativeUnit,
) -> None:
    for people in (10, 13, 21, 9):
        answered(office_in(province), people, answers=(5, 9 if people > 12 else 2, 1))
    steps.close(CLOSED)
    release = publish(province, JUNE)
    shown = release.figures.filter(hidden=False)
    assert shown.exists()
    assert not shown.filter(people__lt=release.policy["minimum_people"]).exists()
    assert not shown.filter(answered__lt=release.policy["minimum_people"]).exists()


def test_a_commune_is_not_published_by_itself(province: AdministrativeUnit) -> None:
    office = office_in(province)
    answered(office, 14)
    steps.close(CLOSED)
    with pytest.raises(CannotPublish, match="cấp tỉnh"):
        publish(office.unit, JUNE)


def test_both_maps_have_the_same_total(province: AdministrativeUnit) -> None:
    old = factories.province("Kiên Giang", code="91", valid_from=date(2004, 1, 1), valid_to=END)
    heir = office_in(province)
    whole = factories.office(factories.unit(parent=old, valid_to=END), heir=heir, valid_to=END)
    divided = factories.office(
        factories.unit("district", old, valid_to=END), today_unit=province, valid_to=END
    )
    answered(whole, 14)
    answered(divided, 11, answers=(1, 2, 3))
    steps.close(CLOSED)
    country = publish(factories.country(), JUNE)
    roots = country.figures.filter(unit=factories.country(), kind="headline")
    assert list(roots.values_list("people", "satisfied", "answered")) == [(25, 28, 75)] * 2
    for territory in TerritoryMap:
        provinces = country.figures.filter(unit__level="province", map=territory, kind="headline")
        assert provinces.aggregate(n=Sum("people"))["n"] == 25
    was, became = publish(old, JUNE), publish(province, JUNE)
    assert set(was.figures.exclude(map="").values_list("map", flat=True)) == {"then"}
    assert set(became.figures.exclude(map="").values_list("map", flat=True)) == {"today"}
    assert was.people == became.people == 25
    for release in (country, was, became):
        assert reproduce(release).differences == ()


def test_offices_that_move_later_change_nothing(province: AdministrativeUnit) -> None:
    release = published(province)
    elsewhere = factories.unit(parent=factories.province())
    Office.objects.update(unit=elsewhere, today_unit=elsewhere)
    assert reproduce(release).differences == ()


def test_another_method_is_not_passed_off_as_a_difference(province: AdministrativeUnit) -> None:
    release = published(province)
    release.method = "pooled-345"
    with pytest.raises(CannotReproduce, match="pooled-345"):
        reproduce(release)


def test_a_release_is_computed_by_the_revision_that_it_names(province: AdministrativeUnit) -> None:
    """Of 0.1.0 there are whole releases in tests/upgrade; here one names the wrong revision."""
    release = published(province)
    shown = release.figures.filter(kind="headline", office__isnull=False).get()
    release.method = "arithmetic-2"
    differences = reproduce(release).differences
    assert any("hash of the figures" in sentence for sentence in differences)
    limits = [sentence for sentence in differences if "headline" in sentence]
    assert len(limits) == 5  # the office, and two units on two maps
    for sentence in limits:
        said, computed = sentence.split(", recomputed")
        assert f"{shown.percent} {shown.low}" in said
        assert str(shown.low) not in computed


def test_the_commands_publish_and_reproduce(
    province: AdministrativeUnit, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(office_in(province), 14)
    steps.close(CLOSED)
    call_command("release", "91", "month", "2025-06-20")
    assert "91-20080801-2025-06-1: Tỉnh An Giang, 14 forms" in capsys.readouterr().out
    call_command("reproduce", "91-20080801-2025-06-1")
    assert "0 differences" in capsys.readouterr().out
    with pytest.raises(CommandError, match="needs a reason"):
        call_command("release", "91", "month", "2025-06-20")
    with pytest.raises(CommandError, match="Nothing differs"):
        call_command("release", "91", "month", "2025-06-20", reason="again")
    with pytest.raises(CommandError, match="no province has the code 92"):
        call_command("release", "92", "month", "2025-06-20")
    Response.objects.filter(id=Response.objects.values("id")[:1]).delete()
    with pytest.raises(CommandError, match="cannot be reproduced"):
        call_command("reproduce", "91-20080801-2025-06-1", "--json")
    assert '"13 of 14' not in (said := capsys.readouterr().out)
    assert "1 of 14 responses are missing" in said
