"""Only what forms use is kept of Bootstrap."""

from scripts.vendor_assets import bootstrap_forms, cut_down


def test_other_classes_and_bare_elements_are_left_out() -> None:
    css = ".row > * { a: b }\n.carousel { c: d }\nbody { e: f }\n.form-label, .nav { g: h }"
    assert cut_down(css) == ".row > * { a: b }\n.form-label { g: h }\n"


def test_a_media_rule_stays_only_with_something_in_it() -> None:
    css = "@media (min-width: 1px) { .col { a: b } }\n@media print { .nav { c: d } }"
    assert cut_down(css) == "@media (min-width: 1px) {\n.col { a: b }\n}\n"


def test_the_notice_stays_on_top() -> None:
    cut = bootstrap_forms("@charset 'x';\n/*! Bootstrap */\n/* other */ .row { a: b }")
    assert cut.startswith("/*! Bootstrap */\n")
    assert cut.endswith("\n.row { a: b }\n")
