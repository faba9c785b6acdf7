"""What a revision changed: how many people came in and went out, never who or what they said."""

from dataclasses import dataclass

from offices.names import in_order, told_apart
from reports.models import Release
from reports.release.membership import instrument_name


@dataclass(frozen=True, slots=True)
class Change:
    """One office and questionnaire; None stands for a few: fewer people than the policy's k."""

    office: str
    instrument: str
    added: int | None
    removed: int | None


def changes(release: Release) -> list[Change]:
    """The offices whose people differ from the release that this one revises, by name."""
    if release.revises_id is None:
        return []
    k = int(release.policy["batch"])
    places = "office__unit__parent__parent__parent"
    changed = list(release.memberships.exclude(added=0, removed=0).select_related(places))
    names = told_apart([membership.office.named for membership in changed])
    return sorted(
        (
            Change(
                name,
                instrument_name(membership.instrument_id),
                membership.added if not 0 < membership.added < k else None,
                membership.removed if not 0 < membership.removed < k else None,
            )
            for name, membership in zip(names, changed, strict=True)
        ),
        key=lambda change: (in_order(change.office), change.instrument),
    )
