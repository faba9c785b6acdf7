"""Publishing: the figures of one closed period are chosen, computed and stored for ever."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import SerializationFailure

from offices.locks import Lock, holding
from offices.models import AdministrativeUnit, User
from offices.proposals import CannotCarryOut
from reports.counting.closing import closed_through, closing_day, is_closed
from reports.counting.periods import Span
from reports.models import Period, Release
from reports.release.making import CannotPublish, Press
from reports.release.members import ROOTS

__all__ = ["PERIODS", "CannotPublish", "newest_release", "publish", "refusal"]

PERIODS = (Period.MONTH, Period.QUARTER, Period.YEAR)


def publish(
    unit: AdministrativeUnit, span: Span, by: User | None = None, reason: str = ""
) -> Release:
    """Freezes the figures of a province or the country for a closed month, quarter or year.

    The first release of a unit and period is revision 1; every later one needs a `reason`. Runs
    in one REPEATABLE READ transaction, unless the caller is inside one, and holds the responses
    of one office and questionnaire in memory at a time. Raises CannotPublish; then nothing is
    stored.
    """
    snapshot = not connection.in_atomic_block
    with alone(span):
        try:
            with transaction.atomic():
                if snapshot:
                    # All offices must be seen at one moment, while counting goes on.
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                return _publish(unit, span, by, reason.strip())
        except OperationalError as error:
            # An office or account that the release names was edited since the snapshot was taken.
            if not isinstance(error.__cause__, SerializationFailure):
                raise
            raise CannotPublish(
                _("Offices or accounts were edited while this was being published. Try once more.")
            ) from None


@contextmanager
def alone(span: Span) -> Iterator[None]:
    """Keeps others from publishing the period, of whatever unit.

    Two releases that are made at the same time could not be told apart from each other.
    """
    with holding(Lock.PUBLISHING, span.first.toordinal()) as held:
        if not held:
            raise CannotPublish(
                _("Somebody else is publishing this period right now. Wait until that is done.")
            )
        yield


@contextmanager
def alone_to_approve(span: Span) -> Iterator[None]:
    """The same around an approval: raises CannotCarryOut while somebody else publishes."""
    with ExitStack() as held:
        try:
            held.enter_context(alone(span))
        except CannotPublish as busy:
            raise CannotCarryOut(str(busy)) from None
        yield


def newest_release(unit: AdministrativeUnit, span: Span) -> Release | None:
    """The newest revision of a unit's period."""
    return Release.objects.filter(unit=unit, period=span.kind, start=span.first).first()


def refusal(unit: AdministrativeUnit, span: Span) -> str:
    """Why this unit and period cannot be published whoever asks; empty when it can."""
    if unit.level not in ROOTS:
        return _("Only figures of a province or of the country are published.")
    if span.kind not in PERIODS:
        return _("Only months, quarters and years are published.")
    if not is_closed(span, closed_through()):
        return _("The period is not closed yet: it closes in the night after %(day)s.") % {
            "day": f"{closing_day(span):%d/%m/%Y}"
        }
    return ""


def _publish(unit: AdministrativeUnit, span: Span, by: User | None, reason: str) -> Release:
    if refused := refusal(unit, span):
        raise CannotPublish(refused)
    earlier = newest_release(unit, span)
    if earlier is not None and not reason:
        raise CannotPublish(
            _("This period has been published as %(release)s. A revision needs a reason.")
            % {"release": earlier.slug}
        )
    press = Press(unit, span, earlier)
    press.run()
    if earlier is None and not press.people:
        raise CannotPublish(_("There is nothing to publish: no figure is shown in this period."))
    release = press.release(by, reason)
    if earlier is not None and _says_the_same(earlier, release):
        raise CannotPublish(
            _("Nothing differs from %(release)s; no revision was made.") % {"release": earlier.slug}
        )
    release.save(force_insert=True)
    return release


def _says_the_same(earlier: Release, later: Release) -> bool:
    compared = ("data_hash", "figures_hash", "policy", "method", "instruments")
    return all(getattr(earlier, name) == getattr(later, name) for name in compared)
