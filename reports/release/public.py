"""Letting everybody read a release: one officer proposes it, another approves, never undone.

A release that is not public is there for officials only (docs/releases.md). Of a period only the
newest revision can be made public; what was public before stays at its address, and says so.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.recording import record
from offices.models import Proposal, User
from offices.proposals import CannotCarryOut, Kind, NotProposed, Preview, propose, register
from offices.rights import Action
from reports.counting.periods import span_of
from reports.counting.policy import POLICY
from reports.models import Difference, Part, PublicRelease, Release, ReleaseCheck
from reports.release.former import FORMER_METHOD
from reports.release.publish import alone_to_approve

__all__ = ["KIND", "propose_public", "public_releases", "refused_to_public", "still_said"]

KIND = "public_release"


def public_releases() -> QuerySet[Release]:
    """The releases that everybody may read, with their units; those revised since as well."""
    return Release.objects.filter(public__isnull=False).select_related("unit", "public")


def still_said() -> QuerySet[Release]:
    """Of these the newest public revision of each unit and period."""
    later = Release.objects.filter(
        public__isnull=False,
        unit=OuterRef("unit"),
        period=OuterRef("period"),
        start=OuterRef("start"),
        revision__gt=OuterRef("revision"),
    )
    return public_releases().filter(~Exists(later))


def refused_to_public(release: Release) -> str:
    """Why nobody can make it public, whoever asks; empty when it can be."""
    if PublicRelease.objects.filter(release=release).exists():
        return _("This release is public already.")
    if Release.objects.filter(revises=release).exists():
        return _("There is a later revision of this period: only the newest can be made public.")
    if release.method == FORMER_METHOD or _asks_for_fewer(release.policy):
        return _(
            "It was made by a method that tells too much when periods are combined. Make a "
            "revision first: that is made by today's."
        )
    if _differs(release):
        return _(
            "The proof or the last check found other numbers in it. What that is has to be known "
            "before anybody else reads it."
        )
    return ""


def _asks_for_fewer(policy: Mapping[str, Any]) -> bool:  # Any: JSON
    return int(policy.get("minimum_people", 0)) < POLICY.minimum_people


def _differs(release: Release) -> bool:
    """Whether what it holds is not what its responses give, as far as anybody has looked."""
    newest = ReleaseCheck.objects.filter(release=release).first()
    standing = Difference.objects.filter(ended_at=None, part=Part.RELEASES)
    own = Q(key=release.slug) | Q(key__startswith=f"{release.slug}:")
    return bool(newest and newest.differences) or standing.filter(own).exists()


def propose_public(release: Release, by: User) -> Proposal:
    """Proposes that everybody may read it. Raises Missing, NotProposed."""
    if refused := refused_to_public(release):
        raise NotProposed(refused)
    return propose(KIND, release.unit, {"release": release.slug}, by, "")


def _release(proposal: Proposal) -> Release | None:
    slug = proposal.payload["release"]
    return Release.objects.select_related("unit", "made_by").filter(slug=slug).first()


def _facts(proposal: Proposal) -> Mapping[str, str]:
    release = _release(proposal)
    if release is None:
        return {}
    return {"data": release.data_hash, "figures": release.figures_hash}


@contextmanager
def _around(proposal: Proposal) -> Iterator[None]:
    """Nobody makes a revision of the period meanwhile."""
    release = _release(proposal)
    if release is None:
        raise CannotCarryOut(_("There is no such release."), final=True)
    with alone_to_approve(span_of(release.period, release.start)):
        yield


def _carry_out(proposal: Proposal, by: User | None) -> Mapping[str, Any]:  # Any: JSON
    release = _release(proposal)
    refused = _("There is no such release.") if release is None else refused_to_public(release)
    if refused or release is None:
        raise CannotCarryOut(refused, final=True)
    PublicRelease.objects.create(release=release, made_at=timezone.now(), made_by=by)
    record("release.public", subject=release.slug, unit_id=release.unit_id)
    return {"public": release.slug}


def _preview(proposal: Proposal) -> Preview:
    release = _release(proposal)
    if release is None:
        return Preview()
    made_at = date_format(timezone.localtime(release.made_at), "H:i d/m/Y")
    about = [
        (_("Release"), release.slug),
        (_("Made at"), made_at),
        (_("Forms behind the figures"), number_format(release.people, force_grouping=True)),
    ]
    if release.reason:
        about.append((_("Reason of the revision, which everybody will read"), release.reason))
    points = [_("Everybody can read it from then on, for ever: nobody can take it back.")]
    if not ReleaseCheck.objects.filter(release=release).exists():
        points.append(_("Nobody has computed this release again yet."))
    if release.simulated:
        points.append(_("Its data are simulated, and its page says so."))
    return Preview(about, (), points)


def _subject(proposal: Proposal) -> str:
    return str(proposal.payload["release"])


register(
    Kind(
        KIND,
        gettext_lazy("Making a release public"),
        Action.PUBLISH,
        Action.APPROVE,
        carry_out=_carry_out,
        facts=_facts,
        preview=_preview,
        around=_around,
        says_why=False,
        subject=_subject,
    )
)
