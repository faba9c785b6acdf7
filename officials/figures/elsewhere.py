"""What others published about the country or a province, at the foot of its page.

It stands in files of this program, so that what was written once in a language holds as long as the
process: the only part of a page that is kept, because nothing in it is a figure of ours.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from offices.models import AdministrativeUnit
from reports.showing.other_measures import other_measures
from reports.showing.reference import reference_figures

Level = AdministrativeUnit.Level


def elsewhere(unit: AdministrativeUnit) -> SafeString:
    """The tables of a unit, in the language of the page; empty below a province."""
    if unit.level not in (Level.COUNTRY, Level.PROVINCE):
        return SafeString()
    return published(get_language() or "vi", unit.level, unit.code, unit.valid_to is None)


@lru_cache(maxsize=400)
def published(_language: str, level: str, code: str, of_today: bool) -> SafeString:
    """The tables of a place, as `reference_figures` and `other_measures` name it."""
    place = (level, code, of_today)
    found = {"references": reference_figures(*place), "other_measures": other_measures(*place)}
    return render_to_string("officials/figures/parts/elsewhere.html", found)
