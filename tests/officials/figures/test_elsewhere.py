"""What others published stands in the language of the page, whoever read it before."""

from django.utils.translation import override

from offices.models import AdministrativeUnit
from officials.figures.elsewhere import elsewhere

Level = AdministrativeUnit.Level


def test_each_language_has_its_own_and_each_place() -> None:
    country = AdministrativeUnit(level=Level.COUNTRY, code="", name="Việt Nam")
    written = {}
    for language in ("vi", "en", "vi"):
        with override(language):
            written[language] = elsewhere(country)
    assert "Published elsewhere" in written["en"]
    assert "Published elsewhere" not in written["vi"]
    assert "Đã công bố ở nơi khác" in written["vi"] or "công bố" in written["vi"]
    commune = AdministrativeUnit(level=Level.COMMUNE, code="30766", name="Hà Tiên")
    with override("vi"):
        assert elsewhere(commune) == ""
