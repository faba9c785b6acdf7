"""What the columns of a release's CSV and the marks in them mean; the file has codes (0018)."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from offices.models import AdministrativeUnit
from reports.models import Period, ReleaseFigure, TerritoryMap
from reports.sipas.hiding.suppression import WithheldReason

Kind = ReleaseFigure.Kind

COLUMNS: Mapping[str, str | Promise] = {
    "release": _("the release's code, as in the address of its page"),
    "revision": _("number of the revision"),
    "period": _("kind of period"),
    "start": _("first day of the period"),
    "of": _("whose figure it is"),
    "code_of": _("short name of the office, or code of the unit"),
    "name": _("name of the office or unit"),
    "map": _("the map by which offices are counted"),
    "instrument": _("code and version of the questionnaire"),
    "kind": _("kind of figure"),
    "code": _("code of the factor or criterion"),
    "percent": _("percentage of satisfied answers"),
    "satisfied": _("number of satisfied answers"),
    "answered": _("number of answers that count"),
    "people": _("number of forms"),
    "low": _("lower limit of the interval (95 %)"),
    "high": _("upper limit of the interval (95 %)"),
    "not_shown_because": _("why there are no numbers"),
    "simulated": _("1 where the answers are simulated, else 0"),
}
MARKS: Mapping[str, str | Promise] = {
    **{kind.value: kind.label for kind in (Period.MONTH, Period.QUARTER, Period.YEAR)},
    "office": _("office"),
    **{level.value: level.label for level in AdministrativeUnit.Level},
    **{territory.value: territory.label for territory in TerritoryMap},
    Kind.HEADLINE.value: _("the questionnaire as a whole"),
    Kind.FACTOR.value: _("a factor"),
    Kind.CRITERION.value: _("a criterion"),
    WithheldReason.TOO_FEW.value: _("too few answers"),
}
