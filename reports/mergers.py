"""Mergers of communes with their figures: one person proposes, another looks and approves.

    propose(province, merger, lan, "Đã kiểm tra …")     # minh approves under /cho-duyet/

What is shown of the commune that ended stays as it was on the map as of then. On today's map its
figures go over into the successor's: they are summed again from its offices, which are not touched.
No release changes, because it names its offices and units.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices import proposals
from offices.changing import merging
from offices.changing.merging import Merger, Preview
from offices.changing.refusal import ChangeRefused
from offices.locks import Lock, wait_for
from offices.models import AdministrativeUnit, Membership, Office, Proposal, User
from offices.proposals import CannotCarryOut, ChangedMeanwhile, Kind, Line, NotProposed, differing
from offices.rights import Action
from reports.counting.periods import span_of
from reports.models import Period, Score, TerritoryMap
from reports.scores.offices import mark_stale
from surveys.models import InvitationCount, Response, Tablet

KIND = "merger"
NAMED = 5  # offices in a sentence


def propose(province: AdministrativeUnit, merger: Merger, by: User, reason: str) -> Proposal:
    """Puts a merger before a second person. Raises Missing, NotProposed."""
    try:
        return proposals.propose(KIND, province, merger.payload(), by, reason)
    except CannotCarryOut as refused:
        raise NotProposed(str(refused)) from None


def last_answers(offices: list[int]) -> dict[int, date]:
    """By office, the last day on which people answered there."""
    answered = Response.objects.filter(office__in=offices).order_by()
    return dict(answered.values_list("office").annotate(last=Max("day")))


def carry_out(payload: Mapping[str, Any]) -> Preview:  # Any: JSON
    """Merges as `payload` says, in one transaction. Raises ChangeRefused; then nothing is stored.

    Figures of today's map follow with the next count; until then the proof leaves them out.
    """
    merger = Merger.of(payload)
    with transaction.atomic():
        for province in _provinces(merger):
            wait_for(Lock.UNIT_COUNT, province)
        before = merging.preview(merger)
        done = merging.carry_out(merger, last_answers([one.pk for one in before.ending]))
        ended = [unit.pk for unit in done.predecessors]
        Score.objects.filter(unit__in=ended, map=TerritoryMap.TODAY).delete()
        for office in done.moving:
            spans = Score.objects.filter(office=office).values_list("period", "start").distinct()
            mark_stale(office.pk, {span_of(*span) for span in spans})
    return done


def _provinces(merger: Merger) -> list[int]:
    units = AdministrativeUnit.objects.filter(pk__in=merger.predecessors).order_by("parent")
    found = units.values_list("parent", flat=True).distinct()
    return [key for key in found if key is not None]


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows beyond offices.

    losing: who hold something that ends, and keep sight of nothing else by it; gaining: who hold
    the office that takes over, and see the ended ones too. tablets: to be paired again. links:
    invitations that are out and will say that the office has closed. months: figures of months that
    go over on today's map. late: offices that end on a later day, because people answered then.
    """

    losing: Sequence[Membership]
    gaining: Sequence[Membership]
    tablets: int
    links: int
    months: int
    late: Sequence[Office]


def consequences(seen: Preview, day: date) -> Consequences:
    """What follows of a merger that takes effect on `day`, as things stand now."""
    ending = [office.pk for office in seen.ending]
    units = [unit.pk for unit in seen.predecessors]
    held = Membership.objects.filter(user__is_active=True).select_related("user", "unit", "office")
    above = Q(office=seen.heir) if seen.heir else Q(pk__in=[])
    if seen.successor.pk:
        above |= Q(unit=seen.successor.pk)
    since = timezone.localdate() - timedelta(days=settings.INVITATION_DAYS)
    issued = InvitationCount.objects.filter(office__in=ending, day__gte=since)
    scores = Score.objects.filter(unit__in=units, map=TerritoryMap.TODAY, period=Period.MONTH)
    eve = day - timedelta(days=1)
    last = last_answers(ending)
    return Consequences(
        losing=list(held.filter(Q(office__in=ending) | Q(unit__in=units)).order_by("pk")),
        gaining=list(held.filter(above).order_by("pk")),
        tablets=Tablet.objects.filter(office__in=ending, revoked_on=None).count(),
        links=issued.aggregate(links=Sum("issued"))["links"] or 0,
        months=scores.count(),
        late=[one for one in seen.ending if last.get(one.pk, eve) > eve],
    )


def facts_of(seen: Preview) -> dict[str, str]:
    """What a merger rests on, in words of no language: units, and what becomes of each office.

    Not what daily work changes: people's roles, tablets, how many answered.
    """
    wish = seen.wish
    begins = f"{wish.name} ({wish.slug})" if wish is not None else ""
    return {
        "communes": "; ".join(f"{one.full_name} ({one.code})" for one in seen.predecessors),
        "successor": f"{seen.successor.full_name} ({seen.successor.code})",
        "closing": "; ".join(f"{one.name} ({one.slug})" for one in seen.ending),
        "heir": f"{seen.heir.name} ({seen.heir.slug})" if seen.heir else begins,
        "moving": "; ".join(sorted(one.slug for one in seen.moving)),
    }


def _facts(proposal: Proposal) -> Mapping[str, str]:
    return facts_of(_seen(proposal))


def _seen(proposal: Proposal) -> Preview:
    """Raises CannotCarryOut with everything that is in the way."""
    try:
        seen = merging.preview(Merger.of(proposal.payload))
    except ChangeRefused as refused:
        raise CannotCarryOut(str(refused)) from None
    if seen.province.pk != proposal.unit_id:
        raise CannotCarryOut(_("The communes lie in another province."), final=True)
    return seen


def _carry_out(proposal: Proposal, _by: User | None) -> Mapping[str, Any]:  # Any: JSON
    _seen(proposal)
    try:
        done = carry_out(proposal.payload)
    except ChangeRefused as refused:
        raise CannotCarryOut(str(refused)) from None
    # compared after it was done, in the same transaction: between looking and doing is no moment
    changes = [_in_words(one) for one in differing(proposal.facts, facts_of(done))]
    if changes:
        raise ChangedMeanwhile(changes)
    return {"successor": done.successor.pk, "offices": len(done.moving)}


def _in_words(line: Line) -> Line:
    return proposals.KINDS[KIND].in_words(line)


def _preview(proposal: Proposal) -> proposals.Preview:
    """The same that the wizard shows: what closes, who takes over, roles, tablets, figures."""
    merger, facts = Merger.of(proposal.payload), proposal.facts
    about = [
        (_("Communes that go over"), facts["communes"]),
        (_("Commune that takes over"), facts["successor"]),
        (_("Effective on"), f"{merger.effective_on:%d/%m/%Y}"),
        (_("Resolution"), merger.basis),
        (_("Offices that close"), facts["closing"] or _("no office")),
        (_("Office that takes over"), facts["heir"]),
    ]
    if proposal.state != Proposal.State.OPEN:
        return proposals.Preview(about)
    try:
        seen = _seen(proposal)
    except CannotCarryOut as refused:
        return proposals.Preview(about, points=[str(refused)])
    follows = consequences(seen, merger.effective_on)
    return proposals.Preview([*about, *_beyond(seen, follows)], points=_points(seen, follows))


def _beyond(seen: Preview, follows: Consequences) -> list[tuple[str, str]]:
    return [
        (_("Keep sight of what ended only"), _people(follows.losing)),
        (_("See what ended as well"), _people(follows.gaining)),
        (_("Tablets to be paired again"), str(follows.tablets)),
        (_("Invitations that are out"), str(follows.links)),
        (_("Offices, also of the past, that go over on today's map"), str(len(seen.moving))),
        (_("Months of figures that go over"), str(follows.months)),
    ]


def _people(held: Sequence[Membership]) -> str:
    named = (
        f"{one.user.get_full_name() or one.user.get_username()} ({one.get_role_display()})"
        for one in held
    )
    return "; ".join(named) or _("nobody")


def _points(seen: Preview, follows: Consequences) -> list[str]:
    points = [_("Afterwards no page undoes a merger: only the registry corrects it.")]
    if seen.ending:
        points.append(_("Posters and cards of the offices that close have to be replaced."))
    if follows.late:
        names = "; ".join(one.name for one in follows.late[:NAMED])
        more = " …" if len(follows.late) > NAMED else ""
        said = _("People answered on the merger's day or later, so these close later: %(names)s")
        points.append(said % {"names": f"{names}{more}"})
    return points


proposals.register(
    Kind(
        KIND,
        gettext_lazy("Merger of communes"),
        Action.MANAGE_OFFICES,
        Action.APPROVE,
        carry_out=_carry_out,
        facts=_facts,
        preview=_preview,
        checks_itself=True,
        words={
            "communes": gettext_lazy("Communes that go over"),
            "successor": gettext_lazy("Commune that takes over"),
            "closing": gettext_lazy("Offices that close"),
            "heir": gettext_lazy("Office that takes over"),
            "moving": gettext_lazy("Offices that go over on today's map"),
        },
    )
)
