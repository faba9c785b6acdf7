"""What the demonstration has published: the newest closed month and quarter of its province.

Frozen by one officer and made public by another, as in service.
"""

from demo.responses import PROVINCE
from offices.models import AdministrativeUnit, User
from offices.proposals import approve
from reports.counting.closing import closed_through
from reports.counting.periods import previous, span_of
from reports.models import Period, Release
from reports.release import CannotPublish, publish
from reports.release.public import propose_public

PROPOSER, APPROVER = "tinh", "duyet"


def make_releases() -> list[Release]:
    """Makes and opens them, the longer period first; none where there are some or no night was."""
    through = closed_through()
    if through is None or Release.objects.exists():
        return []
    unit = AdministrativeUnit.objects.get(
        level=AdministrativeUnit.Level.PROVINCE, code=PROVINCE, valid_to=None
    )
    one, other = (User.objects.get(username=name) for name in (PROPOSER, APPROVER))
    made = []
    for kind in (Period.QUARTER, Period.MONTH):
        span = span_of(kind, through)
        if span.last > through:
            span = previous(span)
        try:
            release = publish(unit, span, one)
        except CannotPublish:  # too few people for any figure
            continue
        approve(propose_public(release, one), other)
        made.append(release)
    return made
