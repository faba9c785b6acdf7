"""A hold in words: counts in tens, days and hours; never a score, never an answer."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from surveys.models import Evidence, Hold

MOST_DAYS = 6


def about(forms: int) -> str:
    """So many forms, in tens: less would tell of single ones."""
    return _("fewer than 10") if forms < 10 else _("about %(forms)s") % {"forms": forms // 10 * 10}


def days_of(hold: Hold) -> str:
    """The days of a hold, and its hours."""
    days = [date_format(day, "d/m/Y") for day in hold.days]
    if len(days) > MOST_DAYS:
        said = _("%(count)s days from %(first)s to %(last)s") % {
            "count": len(days),
            "first": days[0],
            "last": days[-1],
        }
    else:
        said = ", ".join(days)
    if not hold.hours:
        return said
    hours = ", ".join(f"{hour}–{hour + 1}" for hour in hold.hours)
    return _("%(days)s, %(hours)s o'clock") % {"days": said, "hours": hours}


def sentence_of(hold: Hold) -> str:
    """What exceeded what, as a question and no accusation."""
    said = _(
        "%(days)s: %(forms)s forms (%(evidence)s). Seen %(seen)s, ordinary is at most %(bound)s: "
        "%(rule)s."
    ) % {
        "days": days_of(hold),
        "forms": about(hold.forms),
        "evidence": Evidence(hold.evidence).label,
        "seen": about(hold.seen),
        "bound": hold.bound,
        "rule": Hold.Rule(hold.rule).label,
    }
    if hold.startless >= 10:
        said += " " + _("%(forms)s of them never opened our page.") % {
            "forms": about(hold.startless).capitalize()
        }
    return said
