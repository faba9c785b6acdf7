"""What happened to the offices behind a line of months, for its marks."""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from offices.models import Office
from reports.models import Release

NEW_METHOD = date(2022, 1, 1)


def happened(offices: QuerySet[Office], breaks: Collection[date]) -> list[tuple[date, str]]:
    """Days and words: the method of 2022, other evidence, offices that merged, revisions.

    breaks: first days of months with which the line begins anew (`breaks_of`).
    """
    found = [(NEW_METHOD, _("the ministry's method of 2022"))]
    found += [(day, _("other evidence counts")) for day in breaks]
    return sorted({*found, *_mergers(offices), *_revisions(offices)})


def _mergers(offices: QuerySet[Office]) -> Iterator[tuple[date, str]]:
    """The first day of offices that took over from others, once a day."""
    heirs = offices.filter(predecessors__isnull=False).order_by("valid_from")
    for day in heirs.values_list("valid_from", flat=True).distinct():
        yield day, _("took over from other offices")


def _revisions(offices: QuerySet[Office]) -> Iterator[tuple[date, str]]:
    """The first months of the periods whose release was revised."""
    revised = Release.objects.filter(
        revision__gt=1, memberships__office__in=offices.values("pk")
    ).distinct()
    for start in revised.values_list("start", flat=True):
        yield start, _("its release was revised")
