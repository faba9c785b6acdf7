"""Questions as officials read them: the places of local names in plain words."""

from django.utils.translation import gettext as _

from surveys.questionnaires.catalogue import fill


def question_words(text: str) -> str:
    """A question's text with "the office" where citizens read the name of theirs."""
    named = fill(
        text,
        (
            ("office", _("the office")),
            ("commune", _("the commune")),
            ("province", _("the province")),
            ("service_point", _("the point of service")),
        ),
    )
    return named[:1].upper() + named[1:]
