"""The thanks for praise, in the language in which it was written.

Which language a form was answered in is an answer's, so it is not looked up: Khmer letters are
Khmer, a few English words are English, anything else is Vietnamese.
"""

import re

from django.utils import translation
from django.utils.translation import gettext as _

from offices.names import plain

_KHMER = re.compile("[\u1780-\u17ff]")
# None of them is a Vietnamese word without its marks.
_ENGLISH = frozenset(
    {
        *("and", "was", "were", "very", "thank", "thanks", "you", "your", "good", "great", "nice"),
        *("service", "staff", "friendly", "helpful", "quick", "fast", "clear", "officer", "they"),
    }
)


def language_of(text: str) -> str:
    """vi, en or km."""
    if _KHMER.search(text):
        return "km"
    words = re.findall(r"[a-z]+", plain(text))
    is_english = text.isascii() and sum(word in _ENGLISH for word in words) >= min(2, len(words))
    return "en" if is_english and words else "vi"


def thanks_for(text: str) -> str:
    """The reply to a remark that praises."""
    with translation.override(language_of(text)):
        return _(
            "Thank you for your kind words. We have told our colleagues, and we will go on serving "
            "people with the same care."
        )
