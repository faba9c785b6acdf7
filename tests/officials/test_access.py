"""The gate of the officials' pages; `tests/rights` walks all addresses against the table."""

from dataclasses import dataclass
from datetime import date

import pytest
from django.http import Http404
from django.utils import timezone

from offices.access import Missing
from offices.models import AdministrativeUnit, Office
from offices.rights import Action, Role
from officials.access import office_or_404, province_or_404, release_or_404, unit_or_404
from reports.models import Release
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 1)


@dataclass(frozen=True)
class Place:
    """An office in a province, with a release."""

    province: AdministrativeUnit
    office: Office
    release: Release


def place() -> Place:
    """An office in a province of its own."""
    province = factories.province()
    office = factories.office(factories.unit(parent=province))
    release = Release.objects.create(
        slug=f"{province.code}-thang-7",
        unit=province,
        period="month",
        start=DAY,
        revision=1,
        made_at=timezone.now(),
        policy={"batch": 10},
        instruments={},
        people=0,
        simulated=False,
    )
    return Place(province, office, release)


@pytest.fixture
def mine() -> Place:
    """A place with a release."""
    return place()


def test_the_gate_tells_seeing_from_doing(mine: Place) -> None:
    user = factories.official(mine.office)
    slug = mine.office.slug
    assert office_or_404(user, slug) == mine.office
    assert office_or_404(user, slug, Action.ANSWER) == mine.office
    with pytest.raises(Missing) as refused:
        office_or_404(user, slug, Action.EXCLUDE)
    assert (refused.value.action, refused.value.place) == (Action.EXCLUDE, mine.office)
    with pytest.raises(Http404):
        office_or_404(user, place().office.slug, Action.ANSWER)


def test_a_unit_is_shown_to_more_than_may_publish_it(mine: Place) -> None:
    auditor = factories.official(mine.province, Role.AUDITOR)
    officer = factories.official(factories.country())
    for user in (auditor, officer):
        assert unit_or_404(user, mine.province.pk) == mine.province
        assert release_or_404(user, mine.release.slug) == mine.release
    assert province_or_404(officer, mine.province.pk, Action.PUBLISH) == mine.province
    with pytest.raises(Missing):
        province_or_404(auditor, mine.province.pk, Action.PUBLISH)
    with pytest.raises(Http404):
        province_or_404(officer, factories.country().pk, Action.PUBLISH)


def test_figures_are_taken_away_by_whoever_may(mine: Place) -> None:
    operator = factories.official(factories.country(), Role.OPERATOR)
    assert release_or_404(operator, mine.release.slug) == mine.release
    with pytest.raises(Missing):
        release_or_404(operator, mine.release.slug, Action.EXPORT)
