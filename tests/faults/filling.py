"""What the system of a fault test holds; run in a process of its own, on that system's database."""

import django

SLUG = "phuong-ha-tien"
NAME = "dau-ha-tien"
PASSWORD = "only-for-fault-tests"


def fill() -> None:
    """An office with a small questionnaire, 30 counted people and the account of its head."""
    from offices.models import Membership
    from reports.night import steps
    from tests import factories

    factories.instrument({"A": 2, "B": 1}, slug="phieu")
    office = factories.office(slug=SLUG, name="Trung tâm Phục vụ hành chính công")
    head = factories.user(NAME, PASSWORD)
    Membership.objects.create(user=head, role=Membership.Role.OFFICE_HEAD, office=office)
    last = factories.last_month_end()
    for number in range(30):
        factories.answer(office, [5, 4, 1 + number % 5], now=factories.at(last))
    steps.close(last)


if __name__ == "__main__":
    django.setup()
    fill()
