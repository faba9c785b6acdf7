"""Changing the language of a page that answers a form.

Two names, two meanings. `ngon-ngu` says in which language to answer whatever was sent: every form
carries it, so that it needs no cookie, and a receipt is shown again in another language by sending
the same form again, which is the same response. `language` is a button of the survey: the sheet
comes back as it is, in that language, and nothing is stored.
"""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

FIELD = "ngon-ngu"


def speak(request: HttpRequest, language: str) -> bool:
    """Goes on in `language`; False, and nothing changes, where it is not offered."""
    if language not in dict(settings.LANGUAGES):
        return False
    translation.activate(language)
    request.LANGUAGE_CODE = language  # from which the middleware remembers the choice
    return True
