"""Which words are English: those that no Vietnamese syllable is spelled like.

Vietnamese is written syllable by syllable, in few shapes. A word of three letters and more without
diacritics that has none of these shapes comes from elsewhere. No list of English words is needed,
so none can be forgotten.
"""

import re
from functools import cache

SYLLABLE = re.compile(
    r"(ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnprstvx])?"
    r"(uye|uya|uyu|uay|uoi|uou|ieu|yeu|oai|oay|oeo|oao"
    r"|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|ua|ue|ui|uo|uu|uy|ye|[aeiouy])"
    r"(ch|ng|nh|[cmnpt])?",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# Shaped like a Vietnamese syllable, and in no Vietnamese text of ours.
ENGLISH_ALL_THE_SAME = {"the", "not", "that", "true"}
# Names, units and words that offices write so; who found a formula, and who published; what
# stands for letters and digits.
NAMES = """
SIPAS INDEX PAR PDF XLSX xlsx Excel CSV UTF JSON UUID UBND TTg BNV VPCP TTHC CCHC III VIII
email Email cookie Cookie web website internet TOTP JavaScript LDAP SSO Unicode Control Command Mac
Python numpy docs Django admin Chrome Khmer beta tab Tab logarit
Wilson Student Kish Neyman Benjamini Hochberg Holm Spiegelhalter Newcombe Cochran Mohamad
Cornish Fisher Clopper Pearson Bonferroni
Goeman van Zwet Klein Wright Wieczorek Welch Agresti Caffo MOVER Zou Huang Zhang VietnamPlus
ABCDE FGHIJ KLMNO YAML nguyenvanan pbkdf sha testserver
"""
ALLOWED = frozenset(NAMES.split())
# Addresses, hosts, hashes, keys and what a program fills in are no words.
ADDRESS = re.compile(
    r"\S*(?:://|@|\*\*\*)\S*"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:vn|org|com|net|md|html)\b\S*"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{32,}\b"
    r"|%\(\w+\)\w|\{\w+\}|`\w+`"
)


@cache
def english(text: str, allowed: frozenset[str] = frozenset()) -> list[str]:
    """The words of a text that are neither Vietnamese by their spelling nor allowed."""
    return [
        word
        for word in WORD.findall(ADDRESS.sub(" ", text))
        if word.isascii() and len(word) > 2 and is_foreign(word, allowed)
    ]


def is_foreign(word: str, allowed: frozenset[str] = frozenset()) -> bool:
    """Whether a word of ASCII letters cannot be Vietnamese, nor is one of the allowed."""
    if word in ALLOWED or word in allowed:
        return False
    return word.lower() in ENGLISH_ALL_THE_SAME or not SYLLABLE.fullmatch(word)
