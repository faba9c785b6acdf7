"""`manage.py prove`: computes what is shown again from the responses and says what differs."""

from argparse import ArgumentParser
from datetime import date, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from offices.models import Office
from reports.counting.closing import closed_through
from reports.models import Difference, Proof
from reports.proof.run import Chosen, prove, prove_night
from reports.proof.scope import Days


class Command(BaseCommand):
    """Ends with 1 where a difference stands."""

    help = (
        "Computes what is shown again from the responses: without arguments as the night does "
        "(open periods, and the provinces whose turn it is)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", dest="everything", help="all days")
        parser.add_argument("--office", nargs="+", default=[], metavar="SLUG", help="only these")
        parser.add_argument("--from", type=date.fromisoformat, dest="first", help="YYYY-MM-DD")
        parser.add_argument("--to", type=date.fromisoformat, dest="last", help="YYYY-MM-DD")

    def handle(
        self,
        *args: object,
        everything: bool,
        office: list[str],
        first: date | None,
        last: date | None,
        **options: object,
    ) -> None:
        """Raises CommandError for an unknown office, contradictory days, or a difference."""
        if everything and (office or first or last):
            raise CommandError("--all takes neither offices nor days")
        if first and last and last < first:
            raise CommandError("--to is before --from")
        offices = dict(Office.objects.filter(slug__in=office).values_list("slug", "pk"))
        if unknown := sorted(set(office) - offices.keys()):
            raise CommandError(f"there is no office {', '.join(unknown)}")
        if everything or office or first or last:
            proofs = prove(Chosen(frozenset(offices.values()), Days.of(first, last)))
        else:
            day = closed_through() or timezone.localdate() - timedelta(days=1)
            proofs = prove_night(day)
        for proof in proofs:
            self.stdout.write(told(proof))
        standing = Difference.objects.filter(ended_at=None).select_related(
            "office", "unit", "instrument"
        )
        for difference in standing.order_by("part", "pk"):
            self.stdout.write(sentence(difference))
        count = len(standing)
        responses = sum(proof.responses for proof in proofs)
        figures = sum(proof.figures for proof in proofs)
        self.stdout.write(
            f"{responses} responses, {figures} figures, "
            f"{count} {'difference stands' if count == 1 else 'differences stand'}"
        )
        if count:
            raise CommandError("what is shown is not what the responses give")


def told(proof: Proof) -> str:
    """One line of a proof."""
    where = proof.province.full_name if proof.province else "the country, and what is in none"
    days = "all days" if proof.whole else "some days"
    parts = ", ".join(f"{part} {figures}" for part, figures in proof.parts.items() if figures)
    line = f"{where}, {days}: {proof.responses} responses; {parts or 'nothing'}"
    if proof.behind:
        line += f"; {proof.behind} rows wait to be counted and were left out"
    if proof.unproved:
        line += f"; {proof.unproved} cannot be proved"
    return line


def sentence(difference: Difference) -> str:
    """One line of a difference."""
    where = " ".join(
        filter(
            None,
            (
                difference.office.slug if difference.office else "",
                difference.unit.full_name if difference.unit else "",
                difference.map,
            ),
        )
    )
    days = f"{difference.first} to {difference.last}"
    key = f", {difference.key}" if difference.key else ""
    return (
        f"{difference.table}.{difference.column}: {where or '-'}, {days}{key}: "
        f"stored {difference.shown}, computed {difference.proved or '-'}"
    )
