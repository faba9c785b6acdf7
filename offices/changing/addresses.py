"""Short names of offices: how they look, which are free. Once given, one leads there for ever.

The database refuses what is refused here as well (offices/0007).
"""

import re

from django.utils.translation import gettext as _

from offices.changing.refusal import Objection
from offices.models import Office, OfficeAddress

LONGEST = 60
SHAPE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Words that stand in the place of an office in addresses: of citizens (surveys.urls), of officials.
RESERVED = frozenset(
    {
        "phan-hoi",
        "may-tinh-bang",
        "giao",
        "ngoai-tuyen",
        "huong-dan-can-bo",
        "sw",
        "app",
        "gan-toi",
        "moi",
    }
)


def objection_to(slug: str, office: int | None = None) -> Objection | None:
    """Why an office cannot have this short name; None if it can.

    office: the key of the one that would have it; None for a new one.
    """
    said = None
    if not SHAPE.fullmatch(slug) or len(slug) > LONGEST:
        said = _(
            "Write the short name in small letters without diacritics, digits and single hyphens, "
            "such as phuong-ha-tien; at most 60 characters."
        )
    elif slug in RESERVED:
        said = _("“%(slug)s” is a word of our addresses. Add the name of the place.")
    elif Office.objects.filter(slug=slug).exclude(pk=office or 0).exists():
        said = _("“%(slug)s” is the short name of another office. Add the name of the province.")
    elif OfficeAddress.objects.filter(slug=slug).exclude(office=office or 0).exists():
        said = _(
            "“%(slug)s” was the short name of another office. What is printed with it still leads "
            "there, so it is never given again. Choose another one."
        )
    return Objection("slug", said % {"slug": slug}) if said else None


def free(wanted: str) -> str:
    """The short name, with the next number behind it where it is not free."""
    taken = set(Office.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    taken |= set(
        OfficeAddress.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)
    )
    number, slug = 1, wanted
    while slug in taken or slug in RESERVED:
        number += 1
        slug = f"{wanted}-{number}"
    return slug
