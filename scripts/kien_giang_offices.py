"""The offices the product ships: all provincial centres, and everything in old Kiên Giang."""

from collections import Counter
from collections.abc import Sequence

from offices.registry.rows import OfficeRow, SuccessionRow, UnitRow
from offices.registry.slugs import ascii_slug

OLD_KIEN_GIANG = "91"
CENTRE = "Trung tâm Phục vụ hành chính công"
DESK = "Bộ phận Tiếp nhận và Trả kết quả"
SHORT = {"thành phố": "tp", "thị trấn": "tt", "thị xã": "tx"}
KINDS = {
    "province": "provincial_centre",
    "district": "district_desk",
    "commune": "commune_centre",
}


def offices_of(units: Sequence[UnitRow], successions: Sequence[SuccessionRow]) -> list[OfficeRow]:
    """One office per chosen unit, with a slug that is readable and unique."""
    new_map = successions[0].effective_on
    old = {unit.code: unit for unit in units if unit.valid_to}
    old_communes = {unit.code for unit in old.values() if _in_kien_giang(unit, old)}
    heirs = {row.successor for row in successions if row.predecessor in old_communes}
    chosen = [
        unit
        for unit in units
        if unit.level == "province"
        or (unit.valid_to and unit.code in old_communes)
        or (unit.valid_from == new_map and unit.code in heirs)
    ]
    often = Counter(_slug(unit) for unit in chosen)
    rows = []
    for unit in chosen:
        slug = _slug(unit)
        if often[slug] > 1:
            slug = _slug(unit, ascii_slug(old[unit.parent].name))
        rows.append(_office(unit, slug))
    doubled = [slug for slug, times in Counter(row.slug for row in rows).items() if times > 1]
    if doubled:
        raise ValueError(f"Two offices have one slug: {doubled}")
    return rows


def _in_kien_giang(unit: UnitRow, old: dict[str, UnitRow]) -> bool:
    parent = old.get(unit.parent)
    return unit.parent == OLD_KIEN_GIANG or (parent is not None and parent.parent == OLD_KIEN_GIANG)


def _slug(unit: UnitRow, *more: str) -> str:
    # A province that became a city keeps the slug its QR codes were printed with.
    kind = "tỉnh" if unit.code in {"22", "24", "75"} and not unit.valid_to else unit.kind
    parts = [SHORT.get(kind, ascii_slug(kind)), ascii_slug(unit.name), *more]
    return "-".join([*parts, "2025"] if unit.valid_to else parts)


def _office(unit: UnitRow, slug: str) -> OfficeRow:
    old_desk = unit.valid_to is not None and unit.level != "province"
    kind = "commune_desk" if old_desk and unit.level == "commune" else KINDS[unit.level]
    word = DESK if old_desk else CENTRE
    name = f"{word} {unit.kind} {unit.name}"
    return OfficeRow(slug, kind, name, unit.code, unit.valid_from, unit.valid_to)
