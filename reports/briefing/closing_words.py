"""How closed periods are told in a mail: the sentence and the interval of their page, and links."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from offices.access import may
from offices.addresses import public_url
from offices.models import Office, User
from offices.rights import Action
from reports.briefing.closings import Became, News
from reports.briefing.pages import Page, path_of
from reports.briefing.placing import is_checked, name_of, offices_of, subject_of
from reports.briefing.sentences import closed_words
from reports.counting.closing import closed_through
from reports.counting.periods import previous
from reports.showing.change import Change, change_of
from reports.showing.evidence import breaks_of, waiting_words
from reports.showing.policy import policy_of
from reports.showing.waiting import period_name
from reports.showing.waiting import waiting_words as coming_words
from reports.showing.written import decimal


def closing_lines(user: User, news: Sequence[News], today: date) -> list[str]:
    """A paragraph for each closed period: what its page says to this person, and where that is."""
    return ["\n".join(_lines(user, one, today)) for one in news]


def _lines(user: User, news: News, today: date) -> Iterator[str]:
    yield _title(news, name_of(news.place, today))
    if news.simulated:
        yield _("Simulated data")
    yield from _figure(user, news, today)
    asked = f"ky={news.span.kind.value}&tu={news.span.first.isoformat()}"
    if not news.usual:
        asked += f"&phieu={news.instrument.slug}.{news.instrument.version}"
    yield _("Page: %(address)s") % {"address": _address(news, "", asked)}
    if news.shown and may(user, Action.EXPORT, news.place):
        for ending in ("pdf", "xlsx"):
            address = _address(news, f"_{ending}", asked)
            yield _("Report (%(kind)s): %(address)s") % {
                "kind": ending.upper(),
                "address": address,
            }
    if news.became is not Became.CLOSED and news.release is not None:
        release = public_url(path_of(Page("release", (news.release.slug,))))
        yield _("Revised release: %(address)s") % {"address": release}


def _title(news: News, name: str) -> str:
    said = {"place": name, "period": period_name(news.span)}
    if news.became is Became.GONE:
        return _("%(place)s: the figure of %(period)s is withdrawn, no longer shown") % said
    if news.became is Became.REVISED:
        return _("%(place)s: %(period)s was revised") % said
    return _("%(place)s: %(period)s is closed") % said


def _figure(user: User, news: News, today: date) -> Iterator[str]:
    """The sentence of Hôm nay with the interval of the page; why none, where none is shown."""
    subject, territory = subject_of(news.place)
    offices = offices_of(news.place, territory)
    breaks = frozenset(breaks_of(offices))
    change = change_of(subject, news.span, news.instrument, policy_of(user), breaks)
    if change is None:
        yield coming_words(
            news.span,
            shown=False,
            through=closed_through(),
            today=today,
            working_days=settings.CLOSING_WORKING_DAYS,
        )
    else:
        yield closed_words(news.span, change)
        yield from _doubt(change)
        spans = [news.span, *([previous(news.span)] if change.earlier else [])]
        if any(is_checked(news.place, territory, news.instrument.id, span) for span in spans):
            yield _("This figure is being checked: the proof found another number.")
    yield from waiting_words(offices, news.span, closed=True)


def _doubt(change: Change) -> Iterator[str]:
    low, high = change.figure.low, change.figure.high
    if low is not None and high is not None:
        limits = {"low": decimal(low), "high": decimal(high)}
        said = _("95 %% interval: from %(low)s to %(high)s") % limits
        yield said[:1].upper() + said[1:]


def _address(news: News, file: str, asked: str) -> str:
    """Of the place's page, or of one of its reports, for the period."""
    place = news.place
    if isinstance(place, Office):
        return public_url(path_of(Page(f"office{file}", (place.slug,), asked)))
    return public_url(path_of(Page(f"unit{file}", (place.pk,), asked)))
