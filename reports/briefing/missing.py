"""What an office has, what is missing and what is to be expected, in sentences."""

from django.utils.translation import gettext as _

from reports.counting.periods import Span
from reports.showing.collecting import Collecting, OfficeCollecting, Outlook
from reports.showing.written import grouped


def missing_words(found: OfficeCollecting, span: Span) -> list[str]:
    """What an office has, what is missing and what is to be expected: a sentence each."""
    state = found.state
    said = [_have(state)]
    if state.target is None:
        said.append(_("Nobody has told how many dossiers were finished: bring in their number."))
    if state.needed is not None:
        said.append(needed_words(state, span))
    return [*said, *expected_words(state, span)]


def expected_words(state: Collecting, span: Span) -> list[str]:
    """A sentence on what is to be expected; none where nobody knows."""
    if state.forecast is None:
        hidden = state.outlook == Outlook.HIDDEN
        return [_("There may be too few forms for a figure of this period.")] if hidden else []
    said = {
        "forecast": grouped(state.forecast),
        "day": f"{span.last:%d/%m/%Y}",
        "outlook": outlook_words(state.outlook),
    }
    return [_("As it goes, about %(forecast)s forms by %(day)s: %(outlook)s.") % said]


def _have(state: Collecting) -> str:
    have = {"people": grouped(state.people or 0), "target": grouped(state.target or 0)}
    if state.people is None and state.target is None:
        return _("No number of forms is shown yet.")
    if state.people is None:
        return _("No number of forms is shown yet; the target is %(target)s.") % have
    if state.target is None:
        return _("%(people)s forms so far.") % have
    return _("%(people)s forms so far; the target is %(target)s.") % have


def needed_words(state: Collecting, span: Span) -> str:
    """How many forms a working day would be enough; only where any are needed."""
    said = {"needed": grouped(state.needed or 0), "day": f"{span.last:%d/%m/%Y}"}
    if state.most:
        return (
            _("At most ~%(needed)s forms a working day are needed to reach it by %(day)s.") % said
        )
    return _("~%(needed)s forms a working day are needed to reach it by %(day)s.") % said


def outlook_words(outlook: Outlook) -> str:
    """One word or two for a forecast."""
    return {
        Outlook.ENOUGH: _("enough"),
        Outlook.SHORT: _("not enough"),
        Outlook.HIDDEN: _("may be hidden"),
        Outlook.UNKNOWN: _("not clear yet"),
    }[outlook]
