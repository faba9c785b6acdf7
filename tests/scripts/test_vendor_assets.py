"""Only what forms use is kept of Bootstrap."""

import re

from scripts.vendor_assets import CLASS, ROOT, VENDOR, bootstrap_forms, cut_down


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


def test_what_is_in_the_repository_is_what_the_script_makes() -> None:
    forms = (VENDOR / "bootstrap" / "bootstrap-forms.css").read_text()
    citizen = (VENDOR / "bootstrap" / "bootstrap-citizen.css").read_text()
    assert bootstrap_forms(forms) == forms
    # of citizens it is a part of that of officials
    assert bootstrap_forms(forms, "bootstrap-citizen.css") == citizen


def test_citizens_pages_use_no_class_that_was_cut() -> None:
    forms = (VENDOR / "bootstrap" / "bootstrap-forms.css").read_text()
    citizen = (VENDOR / "bootstrap" / "bootstrap-citizen.css").read_text()
    cut = set(CLASS.findall(forms)) - set(CLASS.findall(citizen))
    pages = [
        *(ROOT / "templates" / "surveys").rglob("*.html"),
        *(ROOT / "templates" / "includes").rglob("*.html"),
        *(ROOT / "static" / "js").rglob("*.js"),
    ]
    for page in pages:
        for classes in re.findall(r"""class(?:="|: ")([^"]*)\"""", page.read_text("utf-8")):
            assert not cut & set(classes.split()), (page.name, classes)
