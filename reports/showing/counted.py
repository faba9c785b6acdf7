"""Which answers count as satisfied, in words, where a form counts others than the usual two."""

from django.utils.translation import get_language

from reports.sipas.index.percentages import SATISFIED
from surveys.questionnaires.catalogue import InstrumentEntry, text_in


def counted_words(instrument: InstrumentEntry) -> str:
    """The words of the answers that count, with commas; empty for 4 and 5 of five."""
    options = next((i.options for i in instrument.items if i.factor_code is not None), ())
    if len(options) == 5 and instrument.satisfied == SATISFIED:
        return ""
    language = get_language() or "vi"
    return ", ".join(
        text_in(option.text, language) for option in options if option.value in instrument.satisfied
    )
