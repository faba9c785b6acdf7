"""About how many minutes a questionnaire takes, from its own length.

No duration of a form is stored anywhere: surveys.intake.submit judges it and forgets it, because
with the hour it could tell who answered. So real times cannot be had, and length is all there is.

The rule: what is read once (questions, hints, headings, the words of a scale), in Vietnamese, at
READ syllables a minute, and DECIDE seconds for choosing and tapping each answer; rounded up to
whole minutes. It is the same in every language, because translations of a text take about as long
to read as each other. What may be left out after the questions, about the dossier, is not in it.

READ is from Trauzettel-Klosinski & Dietz, "Standardized Assessment of Reading Performance: The New
International Reading Speed Texts IReST", Investigative Ophthalmology & Visual Science 53 (2012),
5452: 370 syllables a minute, standard deviation 80, read aloud by people of 18 to 35 in 17
languages. One deviation less is taken, so that most people keep to it. Vietnamese is none of the
17; its written words are syllables.
DECIDE is ours: three times the two seconds below which an answer counts as given too fast
(surveys.flags.rules).
"""

import math
from functools import lru_cache

from surveys.models import Criterion
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry, fill, text_in

READ = 370 - 80  # syllables a minute
DECIDE = 6  # seconds an answer
LANGUAGE = "vi"


@lru_cache(maxsize=64)
def minutes(instrument: InstrumentEntry) -> int:
    """Whole minutes from the first question to the last, at least one."""
    words = tuple(
        (name, text_in(labels[-1].text, LANGUAGE)) for name, labels in instrument.labels.items()
    )
    read = [factor.title for factor in instrument.factors]
    # reasons are for few, and need not be given
    asked = [item for item in instrument.items if item.scale != Criterion.Scale.REASON]
    for item in asked:
        read += [item.question, item.text, item.hint, *(option.text for option in item.options)]
    once = dict.fromkeys(fill(text_in(texts, LANGUAGE), words) for texts in read)
    syllables = sum(len(text.split()) for text in once)
    return max(1, math.ceil(syllables / READ + len(asked) * DECIDE / 60))


def usual_minutes() -> int:
    """The same of the questionnaire that posters and invitations lead to; 1 where there is none."""
    usual = catalogue.current().default
    return minutes(usual) if usual else 1
