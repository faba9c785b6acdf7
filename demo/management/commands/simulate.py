"""`manage.py simulate`: believable responses of people who do not exist."""

from argparse import ArgumentTypeError
from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from demo.simulation import (
    Attack,
    CannotSimulate,
    NotSimulable,
    NoWorkingDays,
    load,
    load_attack,
    make_plan,
    spread_wishes,
)
from offices import directory
from offices.directory import OfficeEntry
from offices.models import AdministrativeUnit, Office
from surveys.questionnaires import catalogue

SIX_WEEKS = timedelta(days=41)


def day(text: str) -> date:
    """A day as 2025-01-31; argparse prints the error."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a day; write it as 2025-01-31") from None


class Command(BaseCommand):
    """Writes simulated responses; `demo.simulation` says what they are like."""

    help = "Loads simulated responses, which every page labels as simulated."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, when, where and how satisfied."""
        yesterday = timezone.localdate() - timedelta(days=1)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--responses", type=int, help="how many")
        what.add_argument(
            "--attack",
            choices=[*Attack],
            help="instead of people, somebody who makes open forms up at one of --offices: 290 "
            "within an hour of the last day (burst) or over six weeks (thin), 23 percent more in "
            "the office's own rhythm (mimicry), 2000 at once that claim any of the days (file)",
        )
        parser.add_argument(
            "--from",
            dest="first",
            type=day,
            help="first day; of an attack, where it is not given, six weeks before the last",
        )
        parser.add_argument(
            "--to", dest="last", type=day, default=yesterday, help="last day, not after yesterday"
        )
        where = parser.add_mutually_exclusive_group()
        where.add_argument(
            "--province",
            help="code of the statistics office: the offices of every province that bears it in "
            "these days (91 is Kiên Giang to 2025-06-30 and An Giang after)",
        )
        where.add_argument("--offices", nargs="+", metavar="SLUG", help="these offices only")
        parser.add_argument("--seed", type=int, default=1, help="another seed, other people")
        parser.add_argument(
            "--level", type=float, default=0.83, help="true share of satisfied answers, 0.05-0.99"
        )
        parser.add_argument("--instrument", help="short name; else the default one")
        parser.add_argument(
            "--beside-real-data", action="store_true", help="although real responses are there"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # Any: Django's signature
        """Prints one line. Raises CommandError with one clear sentence."""
        first, last, attack = options["first"], options["last"], options["attack"]
        if first is None and attack is None:
            raise CommandError("--responses need --from, the first day.")
        first = first or last - SIX_WEEKS
        if attack is None and options["responses"] < 1:
            raise CommandError("--responses must be at least 1.")
        if options["seed"] < 0:
            raise CommandError("--seed must not be negative.")
        if first > last:
            raise CommandError(f"--from {first} is after --to {last}.")
        if last >= timezone.localdate():
            raise CommandError(f"--to {last} is not over. The last possible day is yesterday.")
        offices = self._offices(first, last, options["province"], options["offices"])
        try:
            plan = make_plan(
                spread_wishes(offices, options["level"], options["seed"]),
                first,
                last,
                self._instrument(options["instrument"]),
                directory.current(),
                options["seed"],
            )
            beside = options["beside_real_data"]
            if attack is not None:
                loaded = load_attack(plan, Attack(attack), options["seed"], beside)
            else:
                loaded = load(plan, options["responses"], options["seed"], beside_real_data=beside)
        except (CannotSimulate, NotSimulable, NoWorkingDays, ValueError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{loaded.responses} simulated responses and {loaded.remarks} remarks at "
            f"{len(plan.wishes)} offices; {loaded.marks} days of offices are marked for counting."
        )

    def _offices(
        self, first: date, last: date, province: str | None, slugs: list[str] | None
    ) -> list[OfficeEntry]:
        known = directory.current()
        if slugs:
            unknown = [slug for slug in slugs if known.office(slug) is None]
            if unknown:
                raise CommandError(f"There is no office {', '.join(unknown)}.")
            return [known.offices[slug] for slug in dict.fromkeys(slugs)]
        wanted = Office.objects.all()
        if province is not None:
            named = AdministrativeUnit.objects.filter(level="province", code=province)
            units = list(named.during(first, last))
            if not units:
                raise CommandError(f"No province has the code {province} in these days.")
            wanted = Office.objects.none()
            for unit in units:
                wanted |= Office.objects.within(unit)
        offices = [known.offices_by_id[key] for key in wanted.values_list("pk", flat=True)]
        if not offices:
            raise CommandError("There are no offices. Load them first: manage.py load_registry")
        return offices

    def _instrument(self, slug: str | None) -> catalogue.InstrumentEntry:
        known = catalogue.current()
        found = known.instrument(slug) if slug else known.default
        if found is None:
            raise CommandError(
                f"There is no questionnaire {slug}."
                if slug
                else "There is no default questionnaire. Load them: manage.py load_instruments"
            )
        return found
