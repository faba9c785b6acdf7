"""A style sheet within a page."""

from surveys.templatetags.inlined import style_text, with_addresses


def test_relative_addresses_hold_on_any_page() -> None:
    sheet = 'a { src: url("../fonts/x.woff2") } b { src: url(y.png) }'
    assert with_addresses(sheet, "/static/css/citizen.1f.css") == (
        'a { src: url("/static/fonts/x.woff2") } b { src: url("/static/css/y.png") }'
    )


def test_other_addresses_stay() -> None:
    sheet = """a { b: url("data:image/svg+xml,%3Csvg xmlns='x'/%3E"), url(/z.png), url(#mark) }"""
    assert with_addresses(sheet, "/static/css/citizen.css") == sheet


def test_the_citizens_sheet_is_whole_and_cannot_end_its_element() -> None:
    text = style_text("css/citizen.css")
    assert "@font-face" in text
    assert ".answer" in text
    assert "@import" not in text
    assert "</" not in text
    assert 'url("../' not in text
