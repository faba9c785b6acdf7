"""Which words are English: those that no Vietnamese syllable is spelled like.

Vietnamese is written syllable by syllable, in few shapes. A word of three letters and more without
diacritics that has none of these shapes comes from elsewhere. No list of English words is needed,
so none can be forgotten.
"""

import re
from collections.abc import Iterable

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
# Names, units and words that offices write so.
ALLOWED = {
    *("SIPAS", "INDEX", "PDF", "CSV", "UTF", "JSON", "UUID", "UBND", "TTg", "BNV", "VPCP", "TTHC"),
    *("email", "Email", "cookie", "web", "website", "JavaScript", "LDAP", "SSO", "Unicode"),
    *(
        "Control",
        "Command",
        "Mac",
        "Python",
        "numpy",
        "docs",
        "Django",
        "III",
        "VIII",
        "beta",
        "CCHC",
        "PAR",
        "Khmer",
        "Cookie",
        "tab",
        "logarit",
        "admin",
    ),
    # who found a formula, and who published
    *("Wilson", "Student", "Kish", "Neyman", "Benjamini", "Hochberg", "VietnamPlus", "Holm"),
    *(
        "Spiegelhalter",
        "Newcombe",
        "Cochran",
        "Mohamad",
        "Goeman",
        "van",
        "Zwet",
        "Klein",
        "Wright",
    ),
    *("Wieczorek", "Welch", "Agresti", "Caffo", "MOVER", "Zou", "Huang", "Zhang"),
    # what stands for letters and digits
    *("ABCDE", "FGHIJ", "KLMNO", "pbkdf", "sha", "testserver"),
}
# Addresses, hosts, hashes, keys and what a program fills in are no words.
ADDRESS = re.compile(
    r"\S*(?:://|@|\*\*\*)\S*"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:vn|org|com|net|md|html)\b\S*"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{32,}\b"
    r"|%\(\w+\)\w|\{\w+\}|`\w+`"
)


def english(text: str, allowed: Iterable[str] = ()) -> list[str]:
    """The words of a text that are neither Vietnamese by their spelling nor allowed."""
    return [
        word
        for word in WORD.findall(ADDRESS.sub(" ", text))
        if word.isascii() and len(word) > 2 and is_foreign(word, allowed)
    ]


def is_foreign(word: str, allowed: Iterable[str] = ()) -> bool:
    """Whether a word of ASCII letters cannot be Vietnamese, nor is one of the allowed."""
    if word in ALLOWED or word in allowed:
        return False
    return word.lower() in ENGLISH_ALL_THE_SAME or not SYLLABLE.fullmatch(word)
