"""A release: one officer proposes, another looks at the draft and at what is open, and approves.

The draft is computed when it is proposed. What is published then has to say the same to the digit:
otherwise nothing is published, and whoever approves reads what changed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from offices.models import AdministrativeUnit, Office, Proposal, User
from offices.names import in_order, told_apart
from offices.proposals import (
    CannotCarryOut,
    ChangedMeanwhile,
    Kind,
    Line,
    NotProposed,
    Preview,
    differing,
    propose,
    register,
)
from offices.rights import Action
from reports.counting.periods import Span, span_of
from reports.models import Difference, Period, TerritoryMap
from reports.release.drafting import HIDDEN, draft, facts_of, headlines
from reports.release.publish import CannotPublish, alone_to_approve, newest_release, publish
from reports.showing.evidence import waiting_in
from reports.showing.progress import finished_in
from surveys.models import Exclusion, Instrument
from surveys.questionnaires.catalogue import text_in

KIND = "release"
NAMED = 5  # offices in a sentence


def propose_release(unit: AdministrativeUnit, span: Span, by: User, reason: str = "") -> Proposal:
    """Proposes to publish a closed period. Raises PermissionDenied, NotProposed."""
    payload = {"period": span.kind.value, "start": f"{span.first}"}
    try:
        return propose(KIND, unit, payload, by, reason)
    except CannotPublish as refused:
        raise NotProposed(str(refused)) from None


def span_of_proposal(proposal: Proposal) -> Span:
    """The period that would be published."""
    return span_of(proposal.payload["period"], date.fromisoformat(proposal.payload["start"]))


def _unit(proposal: Proposal) -> AdministrativeUnit:
    assert proposal.unit is not None  # noqa: S101 - proposed of a unit only
    return proposal.unit


def _facts(proposal: Proposal) -> Mapping[str, str]:
    return draft(_unit(proposal), span_of_proposal(proposal), proposal.reason)


def _around(proposal: Proposal) -> AbstractContextManager[object]:
    """Nobody else publishes the period; taken before the snapshot, or it would not be seen."""
    return alone_to_approve(span_of_proposal(proposal))


def _carry_out(proposal: Proposal, by: User | None) -> Mapping[str, Any]:  # Any: JSON
    span = span_of_proposal(proposal)
    try:
        release = publish(_unit(proposal), span, by, proposal.reason)
    except CannotPublish as refused:
        raise CannotCarryOut(str(refused)) from None
    changes = list(differing(proposal.facts, facts_of(release)))
    if changes:
        raise ChangedMeanwhile(_on_both_maps(_named(changes, _unit(proposal)), changed_first=True))
    return {"release": release.slug}


def _preview(proposal: Proposal) -> Preview:
    unit, span = _unit(proposal), span_of_proposal(proposal)
    done = proposal.result.get("release", "")
    earlier = newest_release(unit, span) if not done else None
    was = headlines(facts_of(earlier)) if earlier is not None else {}
    now = headlines(proposal.facts)
    about = [(_("Forms behind the figures"), number_format(int(proposal.facts["people"])))]
    if earlier is not None:
        about.append((_("Newest release so far"), earlier.slug))
    lines = [Line(name, was.get(name), now.get(name)) for name in was.keys() | now.keys()]
    points = [] if done else list(open_points(proposal))
    return Preview(about, _on_both_maps(_named(lines, unit), changed_first=bool(was)), points)


def _subject(proposal: Proposal) -> str:
    """The period, as people write it."""
    span = span_of_proposal(proposal)
    month, year = span.first.month, span.first.year
    if span.kind == Period.MONTH:
        return _("month %(month)s/%(year)s") % {"month": month, "year": year}
    if span.kind == Period.QUARTER:
        return _("quarter %(quarter)s/%(year)s") % {"quarter": (month + 2) // 3, "year": year}
    return _("year %(year)s") % {"year": year}


def _on_both_maps(lines: Sequence[Line], *, changed_first: bool) -> list[Line]:
    """Each line once: a unit has one for each map, mostly the same. changed_first: those on top."""
    once = list(dict.fromkeys(lines))
    return sorted(once, key=lambda line: not line.differs) if changed_first else once


def open_points(proposal: Proposal) -> Sequence[str]:
    """What whoever approves should know: doubts of the proof, exclusions, missing counts."""
    unit, span = _unit(proposal), span_of_proposal(proposal)
    there = Office.objects.within(unit) | Office.objects.within(unit, "today_unit")
    offices = [one for one in there.distinct() if one.days.touch(span)]
    keys = [one.pk for one in offices]
    points = []
    doubts = Difference.objects.filter(
        Q(office__in=keys) | Q(unit=unit), ended_at=None, first__lte=span.last, last__gte=span.first
    ).count()
    if doubts:
        points.append(_("Numbers that the proof doubts: %(count)s") % {"count": doubts})
    excluded = Exclusion.objects.filter(
        office__in=keys, lifted_at=None, first_day__lte=span.last, last_day__gte=span.first
    ).count()
    if excluded:
        points.append(_("Exclusions in force in this period: %(count)s") % {"count": excluded})
    waiting = waiting_in(there, span)
    if waiting:
        forms = max(10, waiting // 10 * 10)
        points.append(_("Forms that wait for a decision, about: %(forms)s") % {"forms": forms})
    finished = finished_in(span, keys)
    unknown = [one for one in offices if one.pk not in finished]
    points += _about(_("Offices without numbers of dossiers"), unknown)
    own = [one for one in offices if one.pk in finished and finished[one.pk].own]
    points += _about(_("Offices that tell their numbers of dossiers themselves"), own)
    shown = {
        name.split("|")[1]
        for name, said in headlines(proposal.facts).items()
        if name.startswith("office|") and said != HIDDEN
    }
    silent = [one for one in offices if one.slug not in shown]
    points += _about(_("Offices without a figure in this release"), silent)
    return points


def _about(what: str, offices: Sequence[Office]) -> list[str]:
    if not offices:
        return []
    names = sorted((one.name for one in offices), key=in_order)
    more = " …" if len(names) > NAMED else ""
    return [f"{what}: {len(names)} ({'; '.join(names[:NAMED])}{more})"]


def _named(lines: Sequence[Line], unit: AdministrativeUnit) -> list[Line]:
    """The lines with names that people read: the unit itself, its parts, offices, hashes last."""
    parts = [str(line.label).split("|") for line in lines]
    slugs = [part[1] for part in parts if part[0] == "office"]
    offices = {one.slug: one for one in Office.objects.filter(slug__in=slugs).with_places()}
    listed = told_apart([one.named for one in offices.values()])
    names = dict(zip(offices, listed, strict=True))
    keys = [int(part[2]) for part in parts if part[0] == "unit"]
    units = AdministrativeUnit.objects.in_bulk(keys)
    titles = _titles({part[-1] for part in parts if len(part) > 1})
    facts = [(part, line.was, line.now) for line, part in zip(lines, parts, strict=True)]
    # the figures of a unit on one map are said to be of that map only where the other differs
    values: dict[tuple[str, str], set[object]] = defaultdict(set)
    for part, was, now in facts:
        if part[0] == "unit":
            values[part[2], part[3]].add((was, now))
    found = []
    for part, was, now in facts:
        if part[0] == "office":
            label, order = names.get(part[1], part[1]) + titles[part[2]], 2
        elif part[0] == "unit":
            place = units[int(part[2])]
            same = len(values[part[2], part[3]]) == 1
            territory = "" if same else f" ({TerritoryMap(part[1]).label})"
            label = f"{place.full_name}{territory}{titles[part[3]]}"
            order = 0 if place.pk == unit.pk else 1
        else:
            label, order = str(WORDS.get(part[0], part[0])), 3
        found.append((order, in_order(label), Line(label, _said(was), _said(now))))
    return [line for _order, _name, line in sorted(found, key=lambda one: one[:2])]


def _titles(questionnaires: Collection[str]) -> dict[str, str]:
    """What is added to a name to tell questionnaires apart: nothing where there is one."""
    if len(questionnaires) < 2:
        return dict.fromkeys(questionnaires, "")
    known = {f"{one.slug}.{one.version}": one for one in Instrument.objects.all()}
    language = get_language() or "vi"
    return {
        name: f" · {text_in(known[name].title, language)}" if name in known else f" · {name}"
        for name in questionnaires
    }


def _said(fact: Any) -> str | None:  # Any: a text, or None for nothing
    """`83.07 1204` as people read it."""
    if fact is None:
        return None
    if fact == HIDDEN:
        return _("too few forms")
    percent, space, people = str(fact).partition(" ")
    if not space:
        return str(fact)[:12]
    return _("%(percent)s %%, %(people)s forms") % {
        "percent": number_format(percent, decimal_pos=2, use_l10n=True),
        "people": number_format(int(people), force_grouping=True),
    }


WORDS = {
    "people": gettext_lazy("Forms behind the figures"),
    "data": gettext_lazy("Hash of the data"),
    "figures": gettext_lazy("Hash of the figures"),
}
register(
    Kind(
        KIND,
        gettext_lazy("Release of figures"),
        Action.PUBLISH,
        Action.APPROVE,
        carry_out=_carry_out,
        facts=_facts,
        preview=_preview,
        around=_around,
        checks_itself=True,
        snapshot=True,
        says_why=False,
        words=WORDS,
        subject=_subject,
    )
)

__all__ = ["KIND", "open_points", "propose_release", "span_of_proposal"]
