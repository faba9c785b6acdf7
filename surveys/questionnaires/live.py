"""Which versions are asked: the one place that writes it, for people's decisions and for files.

go_live(instrument)                  # citizens can answer it
go_live(instrument, default=True)    # and are asked it unless another is chosen
retire(instrument)                   # nobody is asked it any more

Call these inside a transaction, after `alone()`. What people decided (`decided_on`) no file undoes.
"""

from datetime import date

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from audit.recording import record
from surveys.models import Instrument, QuestionnaireDraft
from surveys.questionnaires.questionnaire import Status

LIVE, DEFAULT, RETIRED = "live", "default", "retired"
Brought = QuestionnaireDraft.State


class StillAsked(Exception):
    """The version is asked unless another is chosen, so another has to take its place first."""


def alone() -> None:
    """Nobody else brings, puts live or retires until this transaction ends; reading goes on."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE surveys_instrument IN SHARE ROW EXCLUSIVE MODE")


def state_of(instrument: Instrument) -> str:
    """LIVE, DEFAULT or RETIRED; a version that was never asked is RETIRED as well."""
    if instrument.is_default:
        return DEFAULT
    return LIVE if instrument.offered else RETIRED


def others(instrument: Instrument) -> tuple[str, ...]:
    """The states into which it could go; none for the default, which another has to replace."""
    if instrument.is_default:
        return ()
    return (DEFAULT, RETIRED) if instrument.offered else (LIVE, DEFAULT)


def go_live(instrument: Instrument, *, default: bool = False) -> None:
    """From now on citizens can answer it; default: it is asked unless another is chosen.

    Raises StillAsked where it is the default and would be so no more.
    """
    today = timezone.localdate()
    standing = Instrument.objects.filter(is_default=True)
    if default:
        standing.exclude(pk=instrument.pk).update(is_default=False, decided_on=today)
    elif standing.filter(pk=instrument.pk).exists():
        raise StillAsked
    Instrument.objects.filter(pk=instrument.pk).update(
        offered=True, was_offered=True, is_default=default, decided_on=today
    )
    _brought(instrument).update(state=Brought.LIVE, retired_on=None)


def retire(instrument: Instrument) -> None:
    """Nobody is asked it any more; what waits on devices without network still counts.

    Raises StillAsked for the default.
    """
    today = timezone.localdate()
    if Instrument.objects.filter(pk=instrument.pk, is_default=True).exists():
        raise StillAsked
    Instrument.objects.filter(pk=instrument.pk).update(offered=False, decided_on=today)
    _brought(instrument).update(state=Brought.RETIRED, retired_on=today)


def ask_one_by_one(instrument: Instrument) -> date:
    """From today on phones ask it one question a screen; returns the day, an earlier one stays.

    Another way of asking may bring other answers: lines of its figures bear a mark on that day.
    """
    return _begin(instrument, "one_by_one_since", "questionnaire.one_by_one")


class NothingAboutResults(Exception):
    """The version has no question about the result, or one already in its first factor."""


def ask_stage_first(instrument: Instrument) -> date:
    """From today on it asks the stage first; returns the day, an earlier one stays.

    Whoever waits is not asked about the result, and more people say that they wait when they are
    asked first: lines of its figures bear a mark on that day. Raises NothingAboutResults.
    """
    asked = instrument.criteria.exclude(factor=None).order_by("position")
    factors = list(asked.values_list("factor", "about_result"))
    about = {factor for factor, is_about in factors if is_about}
    # as `reader` demands of files: the stage is asked on the first page, before any of it
    if not about or factors[0][0] in about:
        raise NothingAboutResults
    return _begin(instrument, "stage_first_since", "questionnaire.stage_first")


@transaction.atomic
def _begin(instrument: Instrument, column: str, act: str) -> date:
    """Notes today as the first day of a way of asking, once."""
    today = timezone.localdate()
    waiting = Instrument.objects.filter(pk=instrument.pk, **{column: None})
    if waiting.update(**{column: today}):
        subject = f"{instrument.slug} v{instrument.version}"
        record(act, subject=subject, details={"day": today.isoformat()})
    instrument.refresh_from_db(fields=[column])
    since: date = getattr(instrument, column)
    return since


def named(name: str) -> Instrument:
    """The version that is called `slug.version`. Raises LookupError, which names all versions."""
    slug, _dot, version = name.rpartition(".")
    number = int(version) if version.isascii() and version.isdecimal() else 0
    found = Instrument.objects.filter(slug=slug, version=number).first()
    if found is None:
        names = [f"{one.slug}.{one.version}" for one in Instrument.objects.all()]
        raise LookupError("\n".join(["There is no such questionnaire. There are:", *names]))
    return found


def _brought(instrument: Instrument) -> QuerySet[QuestionnaireDraft]:
    """The file from which the version came, if people brought it."""
    return QuestionnaireDraft.objects.filter(
        slug=instrument.slug,
        version=instrument.version,
        state__in=(Brought.LIVE, Brought.RETIRED),
    )


def as_filed(status: Status, instrument: Instrument | None, *, chosen: bool) -> dict[str, bool]:
    """The columns of a version whose file has this status; what people decided of it stays.

    instrument: its row, None for a new one. chosen: see `people_chose`.
    """
    if instrument is not None and instrument.decided_on is not None:
        offered, default = instrument.offered, instrument.is_default
    else:
        offered = status is not Status.ARCHIVE
        default = status is Status.DEFAULT and not chosen
    before = instrument is not None and (instrument.was_offered or instrument.offered)
    return {"offered": offered, "is_default": default, "was_offered": before or offered}


def people_chose() -> bool:
    """Whether the default was chosen by people, so that no file chooses it."""
    return Instrument.objects.filter(is_default=True, decided_on__isnull=False).exists()


def people_retired(slug: str) -> bool:
    """Whether people took the newest version of a questionnaire away: no file brings it back.

    Earlier ones may still be called offered, yet addresses and tablets lead to the newest alone.
    """
    newest = Instrument.objects.filter(slug=slug).order_by("-version").first()
    return newest is not None and newest.decided_on is not None and not newest.offered


def people_brought(slug: str, version: int) -> bool:
    """Whether the version is people's own: no file of ours says anything of it."""
    return QuestionnaireDraft.objects.filter(
        slug=slug, version=version, state__in=(Brought.LIVE, Brought.RETIRED)
    ).exists()


def make_room(slug: str, version: int) -> None:
    """Takes the default away from whichever version has it, if it is not this one."""
    standing = Instrument.objects.filter(is_default=True).exclude(slug=slug, version=version)
    # No statement that changes nothing: it would still tell every process to read anew.
    if standing.exists():
        standing.update(is_default=False)
