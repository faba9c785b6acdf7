"""The rule of what may be shown beside a headline, written down a second time, in plain numbers."""

from collections.abc import Sequence

from reports.counting.policy import POLICY
from reports.proof.forms import Form, FormPart
from reports.proof.numbers import Vector, answers, moments
from reports.proof.opened import apart

FINER, SIDE = 100, 3
APART = ("satisfaction", "reason")  # what opens by rules of its own


def unfolded(form: Form, people: Vector) -> tuple[set[str], tuple[str, ...]]:
    """What a row shows by itself, and which of its factors are closed."""
    k = POLICY.batch
    told = {part.code: _at_most(form, people, part) for part in form.parts}
    columns, closed = set[str](), list[str]()
    if told[form.anchor_part] >= k:
        few = [code for code, number in told.items() if 0 < number < k]
        partners = [c for c, number in told.items() if number >= k and c != form.anchor_part]
        if any(code in form.headline_parts for code in few):
            partners = [code for code in partners if code in form.headline_parts]
        if few and partners:
            closed = [code for code in told if code in few or code == partners[-1]]
        if not few or partners:
            for part in form.parts:
                if part.code not in closed:
                    columns |= {f"f:{part.code}"}
                    columns |= {c for c in _details(form, part) if may_show(form, [people], c)}
    for item in form.items:
        if item.scale not in APART and may_show(form, [people], f"i:{item.code}"):
            columns.add(f"i:{item.code}")
    for position in form.criteria:
        code = form.items[position].code
        for stage in "123":
            before = f"i:{code}" if stage == "1" else f"{int(stage) - 1}:{code}"
            if before in columns and may_show(form, [people], f"{stage}:{code}"):
                columns.add(f"{stage}:{code}")
    for item in form.items:
        below = item.scale == "reason" and f"2:{item.group}" in columns
        if below and may_show(form, [people], f"i:{item.code}"):
            columns.add(f"i:{item.code}")
    return columns, tuple(closed)


def may_show(form: Form, rows: Sequence[Vector], column: str, closed: Sequence[str] = ()) -> bool:
    """Whether a column may be shown of these rows together, by who answered it.

    closed: for a factor that is closed in them, the factors that open with it.
    """
    kind, code = column[0], column[2:]
    whole = sum(rows[1:], rows[0])
    k = POLICY.batch
    if kind in "fp":
        part = next(part for part in form.parts if part.code == code)
        if kind == "p":
            return _hangs_together(form, whole, part)
        together = [one for one in form.parts if one.code in closed] or [part]
        return _opens([[_at_most(form, row, one) for one in together] for row in rows])
    position = next(item.position for item in form.items if item.code == code)
    row = answers(form, whole, position)
    scale = form.items[position].scale
    if scale == "reason":
        given, not_given = int(row[1]), int(row[2])
        return given + not_given >= k and given >= SIDE and not_given >= SIDE
    if scale != "satisfaction":
        return int(row[0 if scale == "box" else 1 : 8].sum()) >= k
    if kind == "i":
        part = next(part for part in form.parts if position in part.positions)
        return _mixed(form, whole) and _criteria_open(form, rows, part)
    if int(row[list(form.valid)].sum()) < FINER:
        return False
    old = apart(form, int(kind) - 1)
    new = [one for one in apart(form, int(kind)) if one not in old]
    return all(int(row[one].sum()) >= SIDE for one in new)


def _details(form: Form, part: FormPart) -> list[str]:
    alone = [f"i:{form.items[position].code}" for position in part.positions]
    return alone if part.group is None else [f"p:{part.code}", *alone]


def _said(form: Form, people: Vector, position: int) -> int:
    return int(answers(form, people, position)[list(form.valid)].sum())


def _at_most(form: Form, people: Vector, part: FormPart) -> int:
    """People who surely answered a part: the most at any of its criteria."""
    return max(_said(form, people, position) for position in part.positions)


def _opens(table: Sequence[Sequence[int]]) -> bool:
    """Each column has k people over the rows, or nobody, and one of them has k in every row."""
    k = POLICY.batch
    columns = [column for column in zip(*table, strict=True) if any(column)]
    if not columns:
        return True
    return all(sum(c) >= k for c in columns) and any(min(c) >= k for c in columns)


def _criteria_open(form: Form, rows: Sequence[Vector], part: FormPart) -> bool:
    """Whether the criteria of a part open: as its own table, or within that of closed factors."""
    if _opens([[_said(form, row, p) for p in part.positions] for row in rows]):
        return True
    k = POLICY.batch
    each = [sum(_said(form, row, p) for row in rows) for p in part.positions]
    return len(rows) > 1 and all(number >= k or number == 0 for number in each)


def _mixed(form: Form, people: Vector) -> bool:
    """Nobody, or surely three people, gave a satisfied answer, and the same for the others."""
    everything = next(n for n, group in enumerate(form.groups) if group == form.criteria)
    y, m, yy, mm, ym = (int(number) for number in moments(form, people, everything))
    few = [
        total > 0 and total**2 <= (SIDE - 1) * squares
        for total, squares in ((y, yy), (m - y, mm + yy - 2 * ym))
    ]
    return not any(few)


def _hangs_together(form: Form, people: Vector, part: FormPart) -> bool:
    """k people, or nobody, surely answered two criteria of a factor."""
    if part.group is None:
        return False
    size = len(part.positions)
    _, m, _, mm, _ = (int(number) for number in moments(form, people, part.group))
    if mm == m:
        return True
    if size < 2:
        return False
    each = sorted(_said(form, people, position) for position in part.positions)
    pairs = (mm - m + size * (size - 1) - 1) // (size * (size - 1))
    return max(pairs, each[-1] + each[-2] - int(people[0])) >= POLICY.batch
