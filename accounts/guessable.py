"""Passwords that are long enough and made of what anybody who knows this system would try first."""

import re
from itertools import chain

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from offices.models import AdministrativeUnit, User
from offices.names import plain

# ASVS 5.0, 6.1.2: the words of this system and of its offices, without diacritics and blanks
WORDS = (
    *(
        "hailong",
        "motcua",
        "hanhchinhcong",
        "dichvucong",
        "khaosat",
        "danhgia",
        "ubnd",
        "kiengiang",
    ),
    *(
        "matkhau",
        "taikhoan",
        "dangnhap",
        "quantri",
        "password",
        "admin",
        "cua",
        "vietnam",
        "hatien",
    ),
)
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890", "abcdefghijklmnopqrstuvwxyz")
LEAST_LEFT = 8  # characters beside such words
FEWEST_DIFFERENT = 3
LONGEST_READ = 200  # characters; what is longer is left to its length
RUN = 4


class GuessableValidator:
    """Refuses passwords that hold next to nothing but words of the place."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError where fewer than LEAST_LEFT characters are left of it."""
        if len(password) > LONGEST_READ:
            return
        left = re.sub(r"[\s._-]+", "", plain(password))
        for word in sorted({*WORDS, *_provinces(), *_own(user)}, key=len, reverse=True):
            left = left.replace(word, "")
        left = _without_runs(left)
        if len(left) < LEAST_LEFT or len(set(left)) < FEWEST_DIFFERENT:
            raise ValidationError(self.get_help_text(), code="guessable")

    def get_help_text(self) -> str:
        """What to do instead."""
        return _(
            "Not only words that others try first, such as the names of this system, of a province "
            "or of your account, or keys in a row. Several words that have nothing to do with each "
            "other are good."
        )


def _provinces() -> set[str]:
    names = AdministrativeUnit.objects.filter(level=AdministrativeUnit.Level.PROVINCE)
    return {plain(name).replace(" ", "") for name in names.values_list("name", flat=True)}


def _own(user: User | None) -> set[str]:
    if user is None:
        return set()
    said = (user.username, user.get_full_name(), (user.email or "").partition("@")[0])
    words = (re.split(r"[\s._-]+", plain(one or "")) for one in said)  # a form may hold neither
    return {word for word in chain.from_iterable(words) if len(word) > 1}


def _without_runs(text: str) -> str:
    """Without keys that stand in a row, forwards or backwards, RUN of them or more."""
    known = [*ROWS, *(row[::-1] for row in ROWS)]
    kept, at = "", 0
    while at < len(text):
        end = at + RUN
        while end <= len(text) and any(text[at:end] in row for row in known):
            end += 1
        run = end - 1 - at
        if run >= RUN:
            at += run
        else:
            kept += text[at]
            at += 1
    return kept
