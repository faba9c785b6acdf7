"""The offices that serve today, found by whatever their place is or was called.

Each process keeps the names of all units, of today and of before, and looks through them without
any statement. A name of before leads to the offices of the units that took the place over.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from offices import directory
from offices.chain import upward
from offices.directory import OfficeEntry
from offices.letters import composed
from offices.models import AdministrativeUnit, Designation, Office, Succession
from offices.names import plain
from offices.typed import KINDS, Typed, Words, take_apart, without_fixed, words_in

MOST_FOUND = 50
# How well a name fits, the best first. What is less is only shown where nothing is better.
CALLED_SO, CALLED_SO_THERE, IN_THE_NAME, PARTS_OF_WORDS, SOMEWHERE = range(5)


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A name of a unit, or of an office where it is another. `text` stands between blanks.

    above: the names of what the unit lies in, without and with their kinds, in the same form.
    shown: with its kind. letters: the name with its diacritics, in small letters.
    """

    unit: int
    words: Words
    text: str
    kind: str
    letters: str
    shown: str
    above: tuple[str, str]
    province: str


@dataclass(frozen=True, slots=True)
class FoundOffice:
    """An office that serves today. `former`: under what it was found, where that is no more.

    today: where the former place lies now; both empty where the office was found by its own place.
    """

    office: OfficeEntry
    former: str = ""
    today: str = ""


@dataclass(frozen=True)
class Places:
    """All names at one moment, what became of the units, and the offices that stand in them."""

    names: Sequence[PlaceName]
    by_words: Mapping[Words, Sequence[PlaceName]]
    by_letters: Mapping[str, Sequence[PlaceName]]
    units: Mapping[int, tuple[str, date | None]]
    heirs: Mapping[int, Sequence[int]]
    parts: Mapping[int, Sequence[int]]
    offices: Mapping[int, Sequence[int]]

    def units_today(self, unit: int, day: date) -> list[int]:
        """The units that stand on `day` in the place of one: itself, its heirs, those of its parts.

        A district has no heir of its own where it was divided; its communes have.
        """
        found: dict[int, None] = {}
        seen: set[int] = set()
        waiting = [unit]
        while waiting:
            here = waiting.pop()
            if here in seen or here not in self.units:
                continue
            seen.add(here)
            last = self.units[here][1]
            if last is None or day <= last:
                found[here] = None
            else:
                waiting += self.heirs.get(here, ()) or self.parts.get(here, ())
        return list(found)


def _read() -> Places:
    units = {unit.pk: unit for unit in AdministrativeUnit.objects.defer("search_key", "name_key")}
    own_words = {key: (_said(unit.name), _said(unit.full_name)) for key, unit in units.items()}
    above = {key: _above(unit, units, own_words) for key, unit in units.items()}
    names: dict[PlaceName, None] = {}
    parts: dict[int, list[int]] = {}
    for unit in units.values():
        if unit.level != AdministrativeUnit.Level.COUNTRY:
            names[_name(unit.pk, unit.kind, unit.name, above[unit.pk])] = None
        if unit.parent_id is not None:
            parts.setdefault(unit.parent_id, []).append(unit.pk)
    for unit_id, kind, name in Designation.objects.values_list("unit_id", "kind", "name"):
        names[_name(unit_id, kind, name, above[unit_id])] = None
    offices: dict[int, list[int]] = {}
    for key, unit_id, name in Office.objects.values_list("pk", "unit_id", "name"):
        offices.setdefault(unit_id, []).append(key)
        own = without_fixed(words_in(name))[0]
        if own and " ".join(own) != own_words[unit_id][0]:
            names[_name(unit_id, "", name, above[unit_id], tuple(own))] = None
    heirs: dict[int, list[int]] = {}
    for before, after in Succession.objects.values_list("predecessor_id", "successor_id"):
        heirs.setdefault(before, []).append(after)
    by_words: dict[Words, list[PlaceName]] = {}
    by_letters: dict[str, list[PlaceName]] = {}
    for place in names:
        by_words.setdefault(place.words, []).append(place)
        by_letters.setdefault("".join(place.words), []).append(place)
    return Places(
        names=list(names),
        by_words=by_words,
        by_letters=by_letters,
        units={key: (unit.full_name, unit.valid_to) for key, unit in units.items()},
        heirs=heirs,
        parts=parts,
        offices=offices,
    )


def _above(
    unit: AdministrativeUnit,
    units: Mapping[int, AdministrativeUnit],
    words: Mapping[int, tuple[str, str]],
) -> tuple[str, str, str]:
    """The names of what it lies in, without kinds and with them, and its province's."""
    chain = list(upward(unit, lambda step: units.get(step.parent_id or 0)))
    below = [step for step in chain[1:] if step.level != AdministrativeUnit.Level.COUNTRY]
    names = " ".join(words[step.pk][0] for step in below)
    kinds = " ".join(words[step.pk][1] for step in below)
    provinces = (step for step in chain if step.level == AdministrativeUnit.Level.PROVINCE)
    return f" {names} ", f" {kinds} ", next((step.full_name for step in provinces), "")


def _said(name: str) -> str:
    return " ".join(words_in(name))


def _name(
    unit: int, kind: str, name: str, above: tuple[str, str, str], words: Words = ()
) -> PlaceName:
    words = words or tuple(words_in(name))
    return PlaceName(
        unit=unit,
        words=words,
        text=f" {' '.join(words)} ",
        kind=plain(kind),
        letters=composed(name).casefold(),
        shown=f"{kind[:1].upper()}{kind[1:]} {name}".strip(),
        above=above[:2],
        province=above[2],
    )


_places = directory.Remembered(_read)


def find(text: str, day: date, among: Collection[int] | None = None) -> list[FoundOffice]:
    """At most MOST_FOUND of the offices that serve on `day` there, the best first.

    among: only offices with these keys, so that namesakes elsewhere take none of their room.
    No statement on a warm process but the revision check. Nothing found, or no word: empty.
    """
    typed = take_apart(text)
    known = directory.current()
    if not typed.words:
        return []
    places = _places.current()
    if typed.only_fixed and not any(words in places.by_words for words, _ in typed.readings):
        return _by_office_name(typed, known, day, among)
    found: dict[int, FoundOffice] = {}
    for place in _in_order(typed, _fitting(typed, places), places, day):
        for one in _offices_of(place, places, known, day):
            if among is not None and one.office.id not in among:
                continue
            found.setdefault(one.office.id, one)
            if len(found) == MOST_FOUND:
                return list(found.values())
    return list(found.values())


def serving_after(office: OfficeEntry, day: date) -> list[OfficeEntry]:
    """The offices that serve on `day` in the place of one that ended: its heir, or its unit's."""
    known = directory.current()
    single = known.carrying_on(office, day)
    if single is not None:
        return [single]
    if office.valid_to is None or day <= office.valid_to:
        return []
    places = _places.current()
    unit = next((unit for unit, keys in places.offices.items() if office.id in keys), None)
    if unit is None:
        return []
    return [one for one, _ in _open_in(places.units_today(unit, day), places, known, day)]


def _fitting(typed: Typed, places: Places) -> list[tuple[int, PlaceName, str]]:
    """The names that fit, each with how well, and with the kind of place that was said."""
    found: list[tuple[int, PlaceName, str]] = []
    for words, kind in typed.readings:
        found += [(how, place, kind) for how, place in _called(words, places)]
        if found:
            break
    words, kind = typed.readings[-1]
    text = f" {' '.join(words)} "
    found += [(IN_THE_NAME, place, kind) for place in places.names if text in place.text]
    if not found:
        begins = text[:-1]
        found = [(PARTS_OF_WORDS, place, kind) for place in places.names if begins in place.text]
    if not found:
        wanted = [f" {word} " for word in words]
        for place in places.names:
            around = place.text + place.above[1]
            if all(word in around for word in wanted) and any(w in place.text for w in wanted):
                found.append((SOMEWHERE, place, kind))
    return found


def _called(words: Words, places: Places) -> Iterator[tuple[int, PlaceName]]:
    """The places called so, and those called so in the place that stands before or behind."""
    for place in places.by_words.get(words, ()):
        yield CALLED_SO, place
    for place in places.by_letters.get("".join(words), ()):
        yield CALLED_SO_THERE, place
    for at in range(1, len(words)):
        for name, there in ((words[:at], words[at:]), (words[at:], words[:at])):
            if there in KINDS:
                continue  # `quận 1` is no place called 1 in some district
            spelt = (KINDS.get((word,), word) if len(word) > 1 else word for word in there)
            place_of = f" {' '.join(spelt)} "
            for place in places.by_words.get(name, ()):
                if place_of in place.above[0] or place_of in place.above[1]:
                    yield CALLED_SO_THERE, place


def _in_order(
    typed: Typed, fitting: Iterable[tuple[int, PlaceName, str]], places: Places, day: date
) -> list[PlaceName]:
    """The best first: how well, the diacritics, the kind, places of today, then by name."""

    def rank(one: tuple[int, PlaceName, str]) -> tuple[int, bool, bool, bool, str, str]:
        how, place, kind = one
        last = places.units[place.unit][1]
        return (
            how,
            bool(typed.letters) and place.letters not in typed.letters,
            bool(kind) and place.kind != kind,
            last is not None and day > last,
            place.text,
            place.province,
        )

    return list(dict.fromkeys(place for _, place, _ in sorted(fitting, key=rank)))


def _offices_of(
    place: PlaceName, places: Places, known: directory.Directory, day: date
) -> Iterator[FoundOffice]:
    """The offices that serve the place on `day`; those in a unit of the same name first."""
    units = places.units_today(place.unit, day)
    for office, unit in _open_in(units, places, known, day, first=place.words):
        today = places.units[unit][0]
        same = unit == place.unit and today == place.shown
        if same or place.kind == "" or today == place.shown:
            yield FoundOffice(office)
        else:
            before = f"{place.shown} ({place.province})" if _apart(place, office) else place.shown
            yield FoundOffice(office, before, today)


def _apart(place: PlaceName, office: OfficeEntry) -> bool:
    """Whether the former province has to be said."""
    return place.province not in ("", place.shown, office.province_name)


def _open_in(
    units: Iterable[int],
    places: Places,
    known: directory.Directory,
    day: date,
    first: Words = (),
) -> list[tuple[OfficeEntry, int]]:
    """The offices open on `day` in these units, each with its unit."""
    found = [
        (known.offices_by_id[key], unit)
        for unit in units
        for key in places.offices.get(unit, ())
        if key in known.offices_by_id and known.offices_by_id[key].is_open_on(day)
    ]
    wanted = f" {' '.join(first)} "
    return sorted(
        found,
        key=lambda one: (
            wanted not in f" {' '.join(words_in(places.units[one[1]][0]))} ",
            one[0].name,
        ),
    )


def _by_office_name(
    typed: Typed, known: directory.Directory, day: date, among: Collection[int] | None
) -> list[FoundOffice]:
    """For who typed nothing but such words: the first offices with them in their names."""
    text = f" {' '.join(typed.words)} "
    found = [
        FoundOffice(office)
        for office in known.offices.values()
        if (among is None or office.id in among)
        and office.is_open_on(day)
        and text in f" {' '.join(words_in(office.name))} "
    ]
    return sorted(found, key=lambda one: one.office.name)[:MOST_FOUND]
