"""The drawings of pages as SVG, and rows of tables that hold one, as HTML.

`charts` and `trends` say where things lie, this writes them.

In Python, because a page has a hundred of them, and a template costs more for each than it draws.
Every value is a number of ours but for words, which are escaped.
"""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from officials.figures.charts import WIDTH, Piece, Whisker
from officials.figures.results import CriterionRow
from officials.figures.rows import FigureRow
from officials.figures.trends import Dot, Trend
from reports.showing.figures import Figure
from reports.showing.figures import Level as Together
from reports.showing.questions import Level
from reports.showing.wording import question_words
from reports.showing.written import decimal, grouped, percentage
from reports.sipas.index.percentages import percent
from surveys.questionnaires.catalogue import text_in

THINNEST = 2.0  # an interval is never so narrow that it cannot be seen
# One path for the line of a scale and its three marks: a page has a hundred of them.
SCALE = SafeString(
    f'<path class="grid" d="M0 12H{WIDTH}M0 4V20M{WIDTH // 2} 7V17M{WIDTH} 4V20"></path>'
)


def whisker_drawing(
    figure: Figure | Level, whisker: Whisker | None, beside: float | None = None
) -> SafeString:
    """A dot with its interval on a line; nothing where the figure is hidden.

    beside: where another figure lies, in the same units as the whisker.
    """
    if whisker is None or figure.low is None or figure.high is None:
        return SafeString()
    words = _("from %(low)s to %(high)s") % {
        "low": decimal(figure.low, 1),
        "high": decimal(figure.high, 1),
    }
    width = max(round(whisker.high - whisker.low, 1), THINNEST)
    x = whisker.x
    other = "" if beside is None else _upright("other", beside, 0, 24)
    return SafeString(
        '<svg class="whisker" viewBox="0 0 640 24" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(words)}">{SCALE}'
        f'<rect class="interval" x="{whisker.low}" y="8" width="{width}" height="8"></rect>'
        f"{_upright('value', x, 2, 22)}{other}</svg>"
    )


def place_row(row: FigureRow, whisker: Whisker | None, all_simulated: bool) -> SafeString:
    """One unit or office in the table below a figure: name, forms, percentage, interval.

    all_simulated: then it is not said of each.
    """
    name: str = escape(row.name)
    name = f'<a href="{escape(row.address)}">{name}</a>' if row.address else f"<em>{name}</em>"
    if row.simulated and not all_simulated:
        said = _("simulated")
        name += f' <small class="label-simulated">{escape(said)}</small>'
    if row.lived:
        name += f" <small>{escape(row.lived)}</small>"
    figure = row.figure
    if figure.value is None or figure.people is None:
        few = _("too few forms")
        cells = f'<td class="number" colspan="3">{escape(few)}</td>'
    else:
        cells = (
            f'<td class="number">{grouped(figure.people)}</td>'
            f'<td class="number">{percentage(figure.value)}{checked_mark(figure.checked)}</td>'
            f"<td>{whisker_drawing(figure, whisker)}</td>"
        )
    return SafeString(f'<tr><th scope="row">{name}</th>{cells}</tr>')


def criterion_row(row: CriterionRow, middle: float, address: str) -> SafeString:
    """One criterion in its table: words, percentage, bar, valid answers. address: of its page."""
    criterion = row.criterion
    words = question_words(text_in(criterion.text, get_language() or "vi"))
    name = f'<a href="{escape(address)}">{escape(criterion.code)}. {escape(words)}</a>'
    figure = criterion.figure
    if figure.value is None or figure.answers is None:
        few = _("too few answers")
        cells = f'<td class="number" colspan="3">{escape(few)}</td>'
        return SafeString(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    drawn = levels_drawing(row.pieces, criterion.levels, middle)
    without = ""
    if row.without is not None:
        unanswered = _("no answer %(share)s") % {"share": percentage(percent(row.without))}
        without = f" <small>{escape(unanswered)}</small>"
    return SafeString(
        f'<tr><th scope="row">{name}</th>'
        f'<td class="number">{percentage(figure.value)}{checked_mark(figure.checked)}</td>'
        f"<td>{drawn or _untold()}</td>"
        f'<td class="number">{grouped(figure.answers)}{without}</td></tr>'
    )


def _untold() -> str:
    said = _("single answers are not told apart")
    return f"<small>{escape(said)}</small>"


def checked_mark(checked: bool) -> SafeString:
    """The mark of a number that the last proof computed otherwise, for the eye and the ear."""
    if not checked:
        return SafeString()
    said, why = _("being checked"), _("the last proof computed another number from the forms")
    return SafeString(
        f' <small class="being-checked">{escape(said)}'
        f'<span class="visually-hidden">: {escape(why)}</span></small>'
    )


def levels_drawing(
    pieces: Sequence[Piece], levels: Sequence[Together], middle: float
) -> SafeString:
    """The answers to a criterion as one bar around its middle; nothing where none are shown."""
    if not pieces:
        return SafeString()
    words = "; ".join(
        f"{'–'.join(map(str, level.answers))}: {grouped(level.people)}" for level in levels
    )
    bars = "".join(
        f'<rect class="level-{one.level}" x="{one.x}" y="2" width="{one.width}" height="24"></rect>'
        for one in pieces
    )
    return SafeString(
        '<svg class="stack" viewBox="0 0 640 28" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(words)}">{bars}{_upright("middle", middle, 0, 28)}</svg>'
    )


def trend_drawing(trend: Trend, words: str) -> SafeString:
    """A line of months with its interval, its axis, and the numbers of what happened.

    words: what it is, for whoever does not see it.
    """
    parts = []
    for tick in trend.ticks:
        parts.append(
            f'<line class="grid" x1="60" x2="{trend.width}" y1="{tick.y}" y2="{tick.y}"></line>'
            f'<text class="axis" x="54" y="{tick.y}" text-anchor="end" '
            f'dominant-baseline="middle">{tick.percent}&nbsp;%</text>'
        )
    for label in trend.labels:
        parts.append(_words(label.x, trend.below, f"{label.day:%m/%y}"))
    for mark in trend.marks:
        parts.append(_upright("mark", mark.x, 12, 212) + _words(mark.x, 10, str(mark.number)))
    parts += [f'<polygon class="band" points="{band}"></polygon>' for band in trend.bands]
    parts += [f'<polyline class="line" points="{line}"></polyline>' for line in trend.lines]
    parts += [_dot(dot) for dot in trend.dots]
    return SafeString(
        f'<svg class="trend" viewBox="0 0 {trend.width} {trend.height}" role="img" '
        f'aria-label="{escape(words)}">{"".join(parts)}</svg>'
    )


def _dot(dot: Dot) -> str:
    point = dot.point
    value = "" if point.figure.value is None else percentage(point.figure.value)
    kinds = f"dot{'' if point.closed else ' open'}{' checked' if point.figure.checked else ''}"
    return (
        f'<circle class="{kinds}" cx="{dot.x}" cy="{dot.y}" r="4">'
        f"<title>{point.day:%m/%Y}: {escape(value)}</title></circle>"
    )


def _upright(kind: str, x: float, top: int, bottom: int) -> str:
    return f'<line class="{kind}" x1="{x}" x2="{x}" y1="{top}" y2="{bottom}"></line>'


def _words(x: float, y: float, words: str) -> str:
    return f'<text class="axis" x="{x}" y="{y}" text-anchor="middle">{escape(words)}</text>'
