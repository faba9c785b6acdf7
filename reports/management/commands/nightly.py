"""`manage.py nightly`: the night's steps in this process, for an operator."""

from argparse import ArgumentParser
from datetime import date, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.models import NightStep
from reports.night import nights, steps
from reports.night.running import Ran


class Command(BaseCommand):
    """Makes a night or goes on with it. Beside workers that do the same nothing is done twice."""

    help = "Closes a day (default: yesterday) step by step, and says what failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="the day to close, YYYY-MM-DD")
        parser.add_argument("--again", action="store_true", help="repeat steps that are done")

    def handle(
        self, *args: object, day: date | None = None, again: bool = False, **options: object
    ) -> None:
        try:
            night = nights.start(day or timezone.localdate() - timedelta(days=1))
        except ValueError as error:
            raise CommandError(str(error)) from None
        if again:
            nights.repeat(night)
        for step in night.steps.filter(state=NightStep.State.FAILED):
            nights.try_again(step)
        for ran in steps.run_all(night):
            self.stdout.write(_line(ran) + (" (taken over by another process)" if ran.lost else ""))
        night.refresh_from_db()
        self.stdout.write(
            f"{night.day}: {night.responses} responses proved, {night.differences} differences"
        )
        for difference in night.details:
            self.stderr.write(difference)
        failed = list(night.steps.filter(state=NightStep.State.FAILED))
        for step in failed:
            self.stderr.write(f"{_title(step)}:\n{step.last_error}")
        if failed:
            names = ", ".join(_title(step) for step in failed)
            raise CommandError(f"steps that failed: {names}. Workers will try them again.")
        if night.differences:
            raise CommandError("what is shown is not what the responses give: manage.py prove")


def _title(step: NightStep) -> str:
    return f"{step.name} {step.province or ''}".strip()


def _line(ran: Ran) -> str:
    step, took = ran.step, ""
    if ran.lost:
        return f"{_title(step)}: another process goes on with it"
    if step.began_at and step.ended_at:
        took = f" in {(step.ended_at - step.began_at).total_seconds():.1f} s"
    return f"{_title(step)}: {step.state}{took}"
