"""The gate of the officials' pages. That every page asks it is walked in `tests/rights`."""

import pytest
from django.http import Http404

from offices.access import Missing
from offices.rights import Action, Role
from officials.access import office_or_404, province_or_404, release_or_404, unit_or_404
from tests import factories
from tests.rights.world import Province, province

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine() -> Province:
    """A province with a form to answer."""
    factories.instrument({"A": 2, "B": 1})
    return province()


def test_the_gate_tells_seeing_from_doing(mine: Province) -> None:
    user = factories.official(mine.office)
    slug = mine.office.slug
    assert office_or_404(user, slug) == mine.office
    assert office_or_404(user, slug, Action.ANSWER) == mine.office
    with pytest.raises(Missing) as refused:
        office_or_404(user, slug, Action.EXCLUDE)
    assert (refused.value.action, refused.value.place) == (Action.EXCLUDE, mine.office)
    with pytest.raises(Http404):
        office_or_404(user, province().office.slug, Action.ANSWER)


def test_a_unit_is_shown_to_more_than_may_publish_it(mine: Province) -> None:
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


def test_figures_are_taken_away_by_whoever_may(mine: Province) -> None:
    operator = factories.official(factories.country(), Role.OPERATOR)
    assert release_or_404(operator, mine.release.slug) == mine.release
    with pytest.raises(Missing):
        release_or_404(operator, mine.release.slug, Action.EXPORT)
