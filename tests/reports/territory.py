"""A small country drawn at random: reforms over time, offices, and what people answered there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import strategies as st

from offices.registry.load import Registry
from offices.registry.rows import COUNTRY, DesignationRow, OfficeRow, SuccessionRow, UnitRow
from offices.registry.territory import Territory, UnitKey, follow_offices

# The map of the second reform is the last one; both years fall into two maps.
REFORMS = (date(2008, 8, 1), date(2015, 7, 1), date(2025, 7, 1))
YEARS = (2015, 2025)
A_DAY = timedelta(days=1)
DIGITS = {"province": 2, "district": 3, "commune": 5}
KINDS = {
    "province": "provincial_centre",
    "district": "district_desk",
    "commune": "commune_desk",
}


@dataclass(frozen=True)
class Answers:
    """What people said in a year: so many satisfied, dissatisfied, and with the last left out."""

    satisfied: int
    dissatisfied: int
    blank: int


@dataclass(frozen=True)
class Country:
    """A registry and the answers by slug and year; only offices that were open have any."""

    registry: Registry
    answers: Mapping[tuple[str, int], Answers]

    def chain(self, office: str, *, today: bool) -> list[UnitKey]:
        """The units the office counts in, from the lowest to the country."""
        followed = self.registry.followed[office]
        territory = self.registry.territory
        step: UnitKey | None = followed.today_unit if today else followed.unit
        found = []
        while step is not None:
            found.append(step)
            step = territory.parent(step)
        return found

    def standing_heir(self, office: str) -> str | None:
        """The office of today that took over the whole of this one; None without a single one."""
        ended = {row.slug: row.valid_to is not None for row in self.registry.offices}
        step: str | None = office
        while step is not None and ended[step]:
            step = self.registry.followed[step].heir
        return step


@dataclass
class Unit:
    """A unit while it is drawn; `parent` is None for a province."""

    level: str
    code: str
    begin: date
    parent: "Unit | None" = None
    end: date | None = None

    def province(self) -> "Unit":
        return self if self.parent is None else self.parent.province()


class Drawing:
    """Draws one reform after the other. Codes that were given up are given out again, as 91 was."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.units: list[Unit] = []
        self.successions: list[SuccessionRow] = []
        self.whole: dict[str, str] = {}  # by code: the single heir in the reform being drawn

    def standing(self, level: str) -> list[Unit]:
        return [unit for unit in self.units if unit.level == level and unit.end is None]

    def add(self, level: str, day: date, parent: Unit | None = None) -> Unit:
        taken = {unit.code for unit in self.standing(level)}
        first = 10 ** (DIGITS[level] - 1)
        code = next(str(n) for n in range(first, 10 * first) if str(n) not in taken)
        unit = Unit(level, code, day, parent)
        self.units.append(unit)
        return unit

    def found(self, day: date, *, least: int) -> None:
        """New provinces with their communes, some of them in a district, as until 2025."""
        for _ in range(self.draw(st.integers(least, 2))):
            province = self.add("province", day)
            districts = day < REFORMS[-1] and self.draw(st.booleans())
            above = self.add("district", day, province) if districts else province
            for number in range(self.draw(st.integers(0, 3))):
                self.add("commune", day, above if number else province)

    def reform(self, day: date) -> None:
        """Some provinces end with all in them, new ones begin, and each old unit has its fate."""
        leaving = [p for p in self.standing("province") if self.draw(st.booleans())]
        old = [u for u in self.units if u.end is None and u.province() in leaving]
        for unit in old:
            unit.end = day - A_DAY
        self.found(day, least=0 if self.standing("province") else 1)
        provinces, communes = self.standing("province"), self.standing("commune")
        self.whole.clear()
        for unit in old:
            if unit.level == "province":
                ends = st.lists(st.sampled_from(range(len(provinces))), max_size=2, unique=True)
                self.follow(unit, [provinces[heir] for heir in self.draw(ends)], day)
            elif unit.level == "commune" and communes:
                heirs = self.draw(st.sets(st.integers(0, len(communes) - 1), max_size=3))
                self.follow(unit, [communes[heir] for heir in sorted(heirs)], day)
        for unit in old:
            if unit.level == "district":
                self.follow_district(unit, [u for u in old if u.parent is unit], day)

    def follow_district(self, unit: Unit, communes: list[Unit], day: date) -> None:
        """As in the registry: a district has an heir where all its communes went whole into it."""
        heirs = {self.whole.get(commune.code) for commune in communes}
        if len(heirs) == 1 and (heir := heirs.pop()) is not None:
            self.successions.append(SuccessionRow(unit.code, heir, day, "merged"))

    def follow(self, unit: Unit, heirs: list[Unit], day: date) -> None:
        whole = len(heirs) == 1 and self.draw(st.booleans())
        relation = self.draw(st.sampled_from(["merged", "unchanged"])) if whole else "split"
        if whole:
            self.whole[unit.code] = heirs[0].code
        for heir in heirs:
            self.successions.append(SuccessionRow(unit.code, heir.code, day, relation))


@st.composite
def countries(draw: st.DrawFn) -> Country:
    """Two reforms of a few provinces and communes; an office in most units; answers in two years.

    A commune or province goes over whole, is divided among several, or just ends; some provinces
    are renamed. An office has answers of nobody or of ten to forty people in a year.
    """
    drawing = Drawing(draw)
    drawing.found(REFORMS[0], least=1)
    for day in REFORMS[1:]:
        drawing.reform(day)
    rows = [UnitRow(COUNTRY, "nước", "Việt Nam", "", REFORMS[0])] + [
        UnitRow(u.code, u.level, f"{u.level} {n}", u.parent.code if u.parent else COUNTRY, u.begin,
                u.end)
        for n, u in enumerate(drawing.units)
    ]  # fmt: skip
    offices = [
        OfficeRow(f"o{n}", KINDS[u.level], f"Office {n}", u.code, u.begin, u.end)
        for n, u in enumerate(drawing.units)
        if draw(st.integers(0, 4))
    ]
    renamed = [
        DesignationRow(u.code, u.begin, "tỉnh", f"renamed {n}", u.begin, u.end)
        for n, u in enumerate(drawing.units)
        if u.level == "province" and draw(st.booleans())
    ]
    territory = Territory.of(rows, drawing.successions)
    registry = Registry(territory, renamed, offices, follow_offices(territory, offices), (), (), ())
    return Country(
        registry,
        {
            (row.slug, year): draw(answers)
            for row in offices
            for year in YEARS
            if row.valid_from.year <= year <= (row.valid_to or date.max).year
            and draw(st.booleans())
        },
    )


answers = st.builds(
    Answers,
    satisfied=st.integers(10, 20),
    dissatisfied=st.integers(0, 10),
    blank=st.integers(0, 10),
)
