"""No page of the officials is open to anyone beside its office or unit: all addresses are walked.

The addresses come from the list itself, so that a page that is added is walked as well.
"""

import re
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import pytest
from django.http import Http404, HttpResponseBase
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone

from offices.access import Missing
from offices.models import AdministrativeUnit, Office, User
from offices.rights import Action, Role
from officials import urls
from officials.access import office_or_404, province_or_404, release_or_404, unit_or_404
from reports.models import Release
from surveys.models import Exclusion, Remark
from surveys.remarks.workdays import after_working_days
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 1)
METHODS = ("get", "post")
PARAMETER = re.compile(r"([\w-]+)/<\w+:(\w+)>")  # with the word before it
# Addresses that name no office, unit or release: each has its own test of who may see what.
OF_NOBODY = {  # whether one must sign in
    "home": True,
    "dossiers": True,
    "methodology": False,
    "administration": True,
    "nights": True,
    "proofs": True,
}


@dataclass(frozen=True)
class Place:
    """An office in a province, with one of everything that an address may name."""

    province: AdministrativeUnit
    office: Office
    release: Release
    exclusion: Exclusion
    remark: Remark

    def words(self, route: str) -> dict[str, object]:
        """What stands in an address of this route; KeyError for what is not known here yet."""
        known = {
            ("don-vi", "pk"): self.province.pk,
            ("co-quan", "slug"): self.office.slug,
            ("cong-bo", "slug"): self.release.slug,
            ("loai-tru", "pk"): self.exclusion.pk,
            ("gop-y", "key"): self.remark.key,
        }
        return {name: known[room, name] for room, name in PARAMETER.findall(route)}

    def official(self) -> User:
        """Somebody who may do everything here, and nothing elsewhere."""
        user = factories.user()
        for place in (self.province, self.office.unit, self.office):
            for role in factories.roles_of(place):
                factories.official(place, role, account=user)
        return user


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
    exclusion = Exclusion.objects.create(
        office=office,
        first_day=DAY,
        last_day=DAY,
        reason="Phiếu do cán bộ tự bấm",
        made_by=factories.user(),
        made_at=timezone.now(),
    )
    remark = Remark.objects.create(
        office=office,
        response_id=uuid4(),
        day=DAY,
        text="Thiếu ghế",
        released_on=DAY,
        due_on=after_working_days(DAY, 5),
    )
    return Place(province, office, release, exclusion, remark)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def patterns() -> dict[str, str]:
    """By name, the routes of the list. A list within the list would have to be walked as well."""
    found = {}
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        assert pattern.name
        found[pattern.name] = str(pattern.pattern)
    return found


NAMED = sorted(name for name, route in patterns().items() if "<" in route)


def asked(client: Client, name: str, there: Place) -> dict[str, HttpResponseBase]:
    """The answers of an address by method, without those that say the method is not allowed."""
    address = reverse(f"officials:{name}", kwargs=there.words(patterns()[name]))
    answers = {method: getattr(client, method)(address) for method in METHODS}
    return {method: answer for method, answer in answers.items() if answer.status_code != 405}


@pytest.fixture
def mine() -> Place:
    """A place with a form to answer."""
    factories.instrument({"A": 2, "B": 1})
    return place()


def test_all_addresses_are_known() -> None:
    assert len(NAMED) >= 16
    assert {name for name, route in patterns().items() if "<" not in route} == set(OF_NOBODY)


@pytest.mark.parametrize("name", NAMED)
def test_an_official_of_another_unit_finds_nothing(mine: Place, name: str) -> None:
    answers = asked(signed_in(place().official()), name, mine)
    assert answers
    assert {answer.status_code for answer in answers.values()} == {404}


@pytest.mark.parametrize("name", NAMED)
def test_an_official_of_the_unit_finds_the_page(mine: Place, name: str) -> None:
    answers = asked(signed_in(mine.official()), name, mine)
    assert answers
    read = answers.get("get")
    assert read is None or read.status_code in (200, 302)
    assert read is not None or answers["post"].status_code == 422


@pytest.mark.parametrize("name", NAMED)
def test_a_head_of_the_next_office_finds_nothing(mine: Place, name: str) -> None:
    user = factories.official(factories.office(factories.unit(parent=mine.province)))
    assert {answer.status_code for answer in asked(signed_in(user), name, mine).values()} == {404}


@pytest.mark.parametrize("name", NAMED)
def test_whoever_is_not_signed_in_is_asked_to_sign_in(
    client: Client, mine: Place, name: str
) -> None:
    answers = asked(client, name, mine)
    assert set(answers) == set(METHODS)
    for answer in answers.values():
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("login"))


@pytest.mark.parametrize(("name", "closed"), OF_NOBODY.items())
def test_what_names_no_office_asks_to_sign_in_unless_it_is_for_everybody(
    client: Client, name: str, closed: bool
) -> None:
    answer = client.get(reverse(f"officials:{name}"))
    assert answer.status_code == (302 if closed else 200)


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
