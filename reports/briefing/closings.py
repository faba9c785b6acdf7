"""What a person is told of closed periods of the places they asked for: each closing once.

A period is told when it has closed since they asked, again as revised when its figure or its
release is another one, and as no longer shown when a figure that they were told is gone. Rights and
policy are those of the moment: of a place over which somebody holds no role nothing is told.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from django.db.models import Q
from django.utils import timezone

from offices.access import may, visible_units
from offices.models import Office, User
from offices.rights import Action
from reports.briefing.placing import Place, subject_of
from reports.counting.closing import closed_through, is_closed
from reports.counting.layouts import instrument_of
from reports.counting.periods import KEPT, Span, span_of
from reports.models import Following, Release, Score, ToldClosing
from reports.showing.answered import instruments_of
from reports.showing.figures import Figure, headlines
from reports.showing.policy import policy_of
from surveys.questionnaires.catalogue import InstrumentEntry

# Nothing is told of what began longer ago: the year before, whose closing comes in the new one.
LOOKS_BACK = timedelta(days=500)
Key = tuple[str, date]


class Became(Enum):
    """What a closed period is told as."""

    CLOSED = "closed"
    REVISED = "revised"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class News:
    """One closed period of a place, as one person is told of it.

    usual: whether the place's page shows this form before one is chosen. shown: how the figure was
    written, empty where none is shown. before: what they were told of it last.
    """

    following: Following
    place: Place
    span: Span
    became: Became
    instrument: InstrumentEntry
    usual: bool
    shown: str
    simulated: bool
    release: Release | None
    before: ToldClosing | None


def is_asleep(user: User, following: Following) -> bool:
    """Whether nothing is told, because this person holds no role over the place."""
    return not may(user, Action.SEE_FIGURES, following.place)


def followed_by(user: User) -> list[Following]:
    """The places that somebody asked for, in the order in which they did."""
    found = Following.objects.filter(user=user).select_related(
        "office__unit__parent__parent__parent", "unit__parent__parent__parent"
    )
    return list(found.prefetch_related("unit__designations").order_by("pk"))


def news_of(user: User) -> list[News]:
    """What this person has not been told yet, by place, oldest first.

    What closes while they hold no role over a place is not made up for when they hold one again.
    """
    through = closed_through()
    if through is None:
        return []
    held = followed_by(user)
    asleep = [one.pk for one in held if is_asleep(user, one)]
    Following.objects.filter(pk__in=asleep).update(through=through, since=timezone.now())
    return [
        news
        for one in held
        if one.pk not in asleep
        for news in _news(user, one, through - LOOKS_BACK)
    ]


def pass_over_unreachable() -> None:
    """What closes while an account is closed or has no address is not made up for later either."""
    nobody = Following.objects.filter(Q(user__is_active=False) | Q(user__email=""))
    nobody.update(through=closed_through(), since=timezone.now())


def _news(user: User, following: Following, first: date) -> Iterator[News]:
    subject, _territory = subject_of(following.place)
    instruments, policy = instruments_of(subject), policy_of(user)
    closed: dict[Key, dict[int, Score]] = defaultdict(dict)
    for score in subject.stored.filter(period__in=KEPT, closed=True, start__gte=first):
        closed[score.period, score.start][score.instrument_id] = score
    told = {(one.period, one.start): one for one in following.told.filter(start__gte=first)}
    # one that has ended is shown on another map, where its older figures are others: no news
    if following.place.valid_to is not None:
        closed = defaultdict(dict, {key: found for key, found in closed.items() if key not in told})
        told = {}
    revised = _revised(user, following, first)
    for key in sorted(closed.keys() | told.keys(), key=lambda key: (span_of(*key).last, key)):
        before, release = told.get(key), revised.get(key)
        scores: Mapping[int, Score] = closed.get(key, {})
        instrument = _instrument(instruments, scores, before)
        if instrument is None:
            continue
        found = scores.get(instrument.id)
        figure = None if found is None else headlines([found], policy)[0]
        shown = _written(figure)
        became = _became(following, span_of(*key), before, shown, release)
        if became is not None:
            yield News(
                following,
                following.place,
                span_of(*key),
                became,
                instrument,
                instruments[:1] == (instrument,),
                shown,
                bool(found and found.simulated),
                release,
                before,
            )


def _revised(user: User, following: Following, first: date) -> Mapping[Key, Release]:
    """By period the newest revised release that holds the place and that its reader may see."""
    place = following.place
    lowest = place.unit if isinstance(place, Office) else place
    seen = visible_units(user).filter(pk__in=[unit.pk for unit in lowest.chain()])
    found = Release.objects.filter(
        unit__in=seen.values("pk"),
        revision__gt=1,
        period__in=KEPT,
        start__gte=first,
        made_at__gte=following.since,
    )
    return {(one.period, one.start): one for one in found.order_by("made_at", "pk")}


def _instrument(
    instruments: Sequence[InstrumentEntry],
    scores: Mapping[int, Score],
    before: ToldClosing | None,
) -> InstrumentEntry | None:
    """The form that was told, else the first one that the page offers and that has a figure."""
    if before is not None:
        return instrument_of(before.instrument_id)
    return next((one for one in instruments if one.id in scores), None)


def _written(figure: Figure | None) -> str:
    """What of a figure makes it another one: its value as pages write it, and its people."""
    if figure is None or figure.value is None:
        return ""
    return f"{figure.value} {figure.people}"


def _became(
    following: Following,
    span: Span,
    before: ToldClosing | None,
    shown: str,
    release: Release | None,
) -> Became | None:
    if before is None:
        if not is_closed(span, following.through):
            return Became.CLOSED
        return None if release is None else Became.REVISED
    if before.shown and not shown:
        return Became.GONE
    again = release is not None and release.pk != before.release_id
    return Became.REVISED if again or shown != before.shown else None


def told(news: Iterable[News]) -> None:
    """Notes that these are told, so that they are not told again."""
    for one in news:
        ToldClosing.objects.update_or_create(
            following=one.following,
            period=one.span.kind,
            start=one.span.first,
            defaults={
                "instrument_id": one.instrument.id,
                "shown": one.shown,
                "release_id": _release_told(one),
            },
        )


def _release_told(news: News) -> int | None:
    if news.release is not None:
        return news.release.pk
    return None if news.before is None else news.before.release_id


def untold(news: Iterable[News]) -> None:
    """Takes back what `told` noted, because nothing was sent."""
    for one in news:
        if one.before is None:
            ToldClosing.objects.filter(
                following=one.following, period=one.span.kind, start=one.span.first
            ).delete()
        else:
            ToldClosing.objects.filter(pk=one.before.pk).update(
                instrument_id=one.before.instrument_id,
                shown=one.before.shown,
                release_id=one.before.release_id,
            )
