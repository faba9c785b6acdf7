"""What the shipped files say of offices and procedures."""

import re
from datetime import date
from functools import cache

from offices.registry.load import Registry, read_registry

FIRST_NEW = date(2025, 7, 1)


@cache
def registry() -> Registry:
    """The files, read once."""
    return read_registry()


def test_slugs_of_offices_are_short_ascii_and_stable() -> None:
    slugs = {office.slug for office in registry().offices}
    assert len(slugs) == len(registry().offices) == 63 + 34 + 15 + 143 + 48
    assert all(re.fullmatch(r"[a-z0-9-]{1,40}", slug) for slug in slugs)
    for slug in [
        "tp-ha-tien-2025",
        "phuong-ha-tien",
        "phuong-to-chau",
        "xa-tien-hai",
        "dac-khu-phu-quoc",
        "tinh-kien-giang-2025",
        "tinh-an-giang",
        "tinh-dong-nai",
    ]:
        assert slug in slugs


def test_the_desk_of_ha_tien_city_has_three_successors_and_no_heir() -> None:
    followed = registry().followed
    after = {
        slug for slug, follows in followed.items() if "tp-ha-tien-2025" in follows.predecessors
    }
    assert after == {"phuong-ha-tien", "phuong-to-chau", "xa-tien-hai"}
    assert followed["tp-ha-tien-2025"].heir is None
    assert followed["tp-ha-tien-2025"].today_unit == ("91", FIRST_NEW)


def test_a_whole_communes_desk_has_the_new_centre_as_its_heir() -> None:
    followed = registry().followed
    assert followed["xa-duong-hoa-2025"].heir == "phuong-to-chau"
    assert followed["xa-duong-hoa-2025"].today_unit == ("30766", FIRST_NEW)
    assert followed["huyen-kien-hai-2025"].heir == "dac-khu-kien-hai"
    assert followed["tinh-kien-giang-2025"].heir == "tinh-an-giang"
    assert followed["phuong-to-chau"].today_unit == ("30766", FIRST_NEW)


def test_an_office_has_at_most_one_heir_and_follows_back() -> None:
    followed = registry().followed
    for slug, follows in followed.items():
        if follows.heir:
            assert slug in followed[follows.heir].predecessors


def test_forty_eight_procedures_of_known_fields() -> None:
    fields = {field.slug for field in registry().fields}
    procedures = registry().procedures
    assert len({procedure.code for procedure in procedures}) == len(procedures) == 48
    assert all(re.fullmatch(r"\d\.\d{6}", procedure.code) for procedure in procedures)
    assert {procedure.field for procedure in procedures} == fields
    assert sum(procedure.confirmed == "yes" for procedure in procedures) == 37
    assert all("commune" in procedure.levels.split(",") for procedure in procedures)
    assert all(procedure.source for procedure in procedures)


def test_the_two_repealed_procedures_have_a_last_day_that_is_marked_as_assumed() -> None:
    ended = {p.code: p for p in registry().procedures if p.valid_to or p.valid_from}
    assert {code: (p.valid_from, p.valid_to) for code, p in ended.items()} == {
        "2.001009": (None, date(2025, 12, 31)),
        "2.000986": (None, date(2026, 9, 7)),
    }
    assert all("ngày cuối: giả định" in p.source for p in ended.values())
