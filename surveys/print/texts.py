"""The words on the poster and the table card, in every language that an office may print."""

from collections.abc import Mapping

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.directory import CounterEntry

TEXTS: Mapping[str, Promise] = {
    "question": gettext_lazy("Are you satisfied?"),
    "invitation": gettext_lazy("Scan the code and tell us — no name, no account."),
    "scan": gettext_lazy("Point your phone's camera at the code and open the page."),
    "answer": gettext_lazy("Choose your answers; it takes about %(minutes)s min."),
    "send": gettext_lazy("Send the form, and you are done."),
    "type": gettext_lazy("Or type this address on your phone:"),
    "promise": gettext_lazy(
        "You need not answer, and your service does not depend on it. Nobody here sees what you "
        "answer; only figures of ten people and more are shown."
    ),
    "fold": gettext_lazy(
        "Fold along the three dashed lines, text outwards, and glue the lowest strip behind the "
        "other edge."
    ),
    "base": gettext_lazy("This side stands on the table."),
    "alt": gettext_lazy("QR code that leads to the address printed beside it"),
}


def words(language: str, minutes: int) -> dict[str, str]:
    """All TEXTS by name, in `language`, which is given as `lang` as well.

    minutes: how long the form takes that the code leads to.
    """
    with translation.override(language):
        said = {name: str(text) for name, text in TEXTS.items()}
    said["answer"] %= {"minutes": minutes}
    return {"lang": language, **said}


def counter_words(counter: CounterEntry, language: str) -> str:
    """A counter as its card names it, such as "Quầy 3 · Hộ tịch"."""
    with translation.override(language):
        numbered = _("Counter %(number)s") % {"number": counter.number}
    return f"{numbered} · {counter.name}" if counter.name else numbered
