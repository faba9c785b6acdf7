"""The texts of pages that build themselves in the browser: the tablet, and phones without network.

They go through the translation system like all others and are sent in every offered language at
once, because the language may change where there is no network.
"""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: Mapping[str, Promise] = {
    "dont_know": _("Don't know, no opinion"),
    "part": _("Part %(number)s of %(count)s"),
    "continue": _("Continue"),
    "back": _("Back"),
    "send": _("Send"),
    "thanks": _("Thank you. Your answers have been received."),
    "receipt": _("Your receipt code"),
    "about": _("About your dossier"),
}


def languages() -> tuple[str, ...]:
    """The offered languages, Vietnamese first."""
    return tuple(code for code, _name in settings.LANGUAGES)


def in_languages(text: Promise | str) -> dict[str, str]:
    """One text in every offered language."""
    said = {}
    for language in languages():
        with translation.override(language):
            said[language] = str(text)
    return said


def wording() -> dict[str, dict[str, str]]:
    """All TEXTS by language, then by name."""
    said: dict[str, dict[str, str]] = {}
    for language in languages():
        with translation.override(language):
            said[language] = {name: str(text) for name, text in TEXTS.items()}
    return said
