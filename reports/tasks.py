"""What Celery runs for reports: the count every few seconds, and the night spread by province."""

from collections import defaultdict
from datetime import date, timedelta

from celery import chord, shared_task
from django.utils import timezone

from reports.models import NightlyRun
from reports.night import steps as night
from reports.scores.units import provinces_today

# Celery has no types, so its decorator is untyped.


@shared_task(name="reports.tasks.count_marked")  # type: ignore[untyped-decorator]
def count_marked() -> None:
    """Counts every office that is marked."""
    night.count_marked()


@shared_task(name="reports.tasks.nightly")  # type: ignore[untyped-decorator]
def nightly(day: str | None = None) -> None:
    """Closes a day (default: yesterday), one task a province, and checks the whole at the end."""
    closing = date.fromisoformat(day) if day else timezone.localdate() - timedelta(days=1)
    night.begin(closing)
    province_of = provinces_today()
    by_province: dict[int, list[int]] = defaultdict(list)
    for office in night.offices_to_close(closing):
        by_province[province_of.get(office, 0)].append(office)  # 0: counts in no province
    finishing = finish_night.s(closing.isoformat())
    if not by_province:
        finishing.delay([])
        return
    parts = [close_offices.s(closing.isoformat(), group) for group in by_province.values()]
    chord(parts)(finishing)


@shared_task(name="reports.tasks.close_offices", ignore_result=False)  # type: ignore[untyped-decorator]
def close_offices(day: str, offices: list[int]) -> None:
    """Closes the offices of one province."""
    night.close_offices(date.fromisoformat(day), offices)


@shared_task(name="reports.tasks.finish_night")  # type: ignore[untyped-decorator]
def finish_night(closed: list[None], day: str) -> None:
    """Writes the country's scores and checks the tallies; `closed` is only waited for."""
    night.finish(NightlyRun.objects.get(day=date.fromisoformat(day)))
