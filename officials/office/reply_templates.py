"""Beginnings of replies, with blanks that have to be filled in before a reply is kept.

In Vietnamese and English: whoever replies chooses the one in which the remark is written.
"""

from dataclasses import dataclass

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


@dataclass(frozen=True, slots=True)
class ReplyTemplate:
    """What it is for, and its text with blanks such as […]."""

    name: str
    title: Promise
    text: Promise


TEMPLATES = (
    ReplyTemplate(
        "xin-loi",
        _("An apology, and what was done"),
        _(
            "Thank you for telling us. We are sorry that […]. We have […]. "
            "From […] on it should be better; if it is not, please tell us again."
        ),
    ),
    ReplyTemplate(
        "dang-lam",
        _("It is being done, and by when"),
        _("Thank you for your remark. We are […]. It will be done by […], and shown at […]."),
    ),
    ReplyTemplate(
        "giai-thich",
        _("An explanation"),
        _(
            "Thank you for your question. By […], […]. You may do this at […], or online at […]; "
            "the staff at the counter will help you."
        ),
    ),
    ReplyTemplate(
        "de-nghi",
        _("A suggestion that is taken up, or not"),
        _(
            "Thank you for your suggestion. We have looked at it together and […], because […]. "
            "We will look at it again on […]."
        ),
    ),
    ReplyTemplate(
        "noi-khac",
        _("Another office deals with it"),
        _(
            "Thank you for your remark. This is dealt with by […]. Please turn to them at […]; "
            "what we could do ourselves was […]."
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """One in one language, as the page offers it. value: its name and language."""

    value: str
    title: Promise
    text: str
    language: str


def templates() -> list[tuple[str, list[TemplateChoice]]]:
    """All of them by language, the language in its own words."""
    return [(LANGUAGES[code], _in(code)) for code in LANGUAGES]


def _in(code: str) -> list[TemplateChoice]:
    with translation.override(code):
        texts = [str(one.text) for one in TEMPLATES]
    return [
        TemplateChoice(f"{one.name}.{code}", one.title, text, code)
        for one, text in zip(TEMPLATES, texts, strict=True)
    ]


def template_text(asked: str) -> str:
    """The text of `name.language`; empty where there is none such."""
    for _language, choices in templates():
        for one in choices:
            if one.value == asked:
                return one.text
    return ""
