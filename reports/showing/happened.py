"""What happened to the offices behind a line of months, for its marks."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from offices.models import Office
from reports.models import Release

NEW_METHOD = date(2022, 1, 1)


def happened(
    offices: QuerySet[Office], breaks: Collection[date], one_by_one_since: date | None = None
) -> list[tuple[date, str]]:
    """Days and words: the method of 2022, other evidence, offices that merged, revisions.

    breaks: first days of months with which other forms count (`breaks_of`). one_by_one_since: when
    phones began to ask the questionnaire one question a screen.
    """
    found = [(NEW_METHOD, _("the ministry's method of 2022"))]
    if one_by_one_since is not None:
        found.append((one_by_one_since, _("phones ask in another way")))
    found += [(day, _("other evidence counts")) for day in breaks]
    return sorted({*found, *_mergers(offices), *_revisions(offices)})


def _mergers(offices: QuerySet[Office]) -> Iterator[tuple[date, str]]:
    """The first days on which offices had taken over from others: from new or to standing ones."""
    heirs = offices.filter(predecessors__valid_to__isnull=False)
    for began, ended in heirs.values_list("valid_from", "predecessors__valid_to").distinct():
        if ended is not None:  # as the filter says
            yield max(began, ended + timedelta(days=1)), _("took over from other offices")


def _revisions(offices: QuerySet[Office]) -> Iterator[tuple[date, str]]:
    """The first months of the periods whose release was revised where these offices changed."""
    changed = Q(memberships__added__gt=0) | Q(memberships__removed__gt=0)
    revised = Release.objects.filter(
        changed, revision__gt=1, memberships__office__in=offices.values("pk")
    ).distinct()
    for start in revised.values_list("start", flat=True):
        yield start, _("its release was revised")
