"""What happened to the offices behind a line of months, for its marks."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from reports.showing.circumstances import Circumstances

NEW_METHOD = date(2022, 1, 1)


def happened(
    found: Circumstances,
    breaks: Collection[date],
    one_by_one_since: date | None = None,
    stage_first_since: date | None = None,
) -> list[tuple[date, str]]:
    """Days and words: the method of 2022, other evidence, offices that merged, revisions.

    Offices merge into new or into standing ones, on the first day after the last of the old; a
    revised release stands at the first month of its period. breaks: first days of months with which
    the line begins anew (`reports.showing.evidence`). one_by_one_since: when phones began to ask
    the questionnaire one question a screen; stage_first_since: when it began to ask for the stage
    first, and nobody who waits about the result.
    """
    days = {
        _("the ministry's method of 2022"): [NEW_METHOD],
        _("phones ask in another way"): [one_by_one_since] if one_by_one_since else [],
        _("the stage is asked first"): [stage_first_since] if stage_first_since else [],
        _("other evidence counts"): breaks,
        _("took over from other offices"): found.merged,
        _("its release was revised"): found.revised,
    }
    return sorted({(day, words) for words, some in days.items() for day in some})
