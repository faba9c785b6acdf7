"""Which right opens which address: every address of the product stands here.

`tests/rights` walks all of them as every role, inside and outside of what it holds, and fails for
an address that is missing here. The views ask for themselves; this table is what they are held to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from offices.rights import Action

A = Action


class Free(Enum):
    """Addresses that no role opens."""

    PUBLIC = "everybody, citizens included"
    SIGNED_IN = "whoever has an account"
    KEY = "programs with a key of their own"
    STAFF = "Django's administration, with permissions of its own"


Need = Free | tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Door:
    """What an address asks for: any of the actions, where the address says, else anywhere.

    read: for GET; None where only POST is answered. send: for POST; None where it is not answered.
    steps: for POST, by the `step` that a button sends.
    """

    read: Need | None
    send: Need | None = None
    steps: Mapping[str, Need] = field(default_factory=dict)


FIGURES = Door((A.SEE_FIGURES,))
PUBLIC, PUBLIC_FORM = Door(Free.PUBLIC), Door(Free.PUBLIC, Free.PUBLIC)
# Whoever may one of these in a place asks there who sees it, and what people may do.
LOOKING = (A.MANAGE_ACCOUNTS, A.READ_AUDIT)
OFFICE, UNIT, RELEASE = (
    "bao-cao/co-quan/<slug:slug>/",
    "bao-cao/don-vi/<int:pk>/",
    "bao-cao/cong-bo/<slug:slug>/",
)
RIGHTS = "bao-cao/quan-tri/quyen/"
# Everything below asks Django's own permissions, but for what stands in the table.
ADMIN = "quan-tri/"

ROUTES: Mapping[str, Door] = MappingProxyType(
    {
        # figures
        UNIT: FIGURES,
        f"{UNIT}so-sanh/": FIGURES,
        f"{UNIT}tien-do/": FIGURES,
        f"{UNIT}cong-bo/": FIGURES,
        f"{UNIT}cong-bo/moi/": Door((A.PUBLISH,), (A.PUBLISH,)),
        RELEASE: FIGURES,
        f"{RELEASE}so-lieu.csv": Door((A.EXPORT,)),
        OFFICE: FIGURES,
        f"{OFFICE}tien-do/": FIGURES,
        # what an office does
        f"{OFFICE}gop-y/": Door((A.SEE_REMARKS,)),
        f"{OFFICE}gop-y/<uuid:key>/": Door(
            (A.SEE_REMARKS,),
            steps={
                "assign": (A.ASSIGN,),
                "answer": (A.ANSWER,),
                "publish": (A.PUBLISH_REPLIES,),
                "close": (A.ANSWER,),
                "contact": (A.LOOK_AT_CONTACTS,),
            },
        ),
        f"{OFFICE}loai-tru/": Door((A.EXCLUDE,), (A.EXCLUDE,)),
        f"{OFFICE}loai-tru/<int:pk>/bo/": Door(None, (A.EXCLUDE,)),
        f"{OFFICE}loi-moi/": Door(
            (A.SEE_CHANNELS,),
            steps={"file": (A.SEND_INVITATIONS,), "send": (A.SEND_INVITATIONS,)},
        ),
        f"{OFFICE}may-tinh-bang/": Door(
            (A.SEE_CHANNELS,), steps={"pair": (A.PAIR_TABLETS,), "revoke": (A.PAIR_TABLETS,)}
        ),
        f"{OFFICE}may-tinh-bang/nhap/": Door(None, (A.IMPORT_FILES,)),
        # what stands in no place
        "bao-cao/": Door(Free.SIGNED_IN),
        "bao-cao/dem/": Door((A.SEE_NIGHTS,), (A.RUN_NIGHTS,)),
        "bao-cao/doi-chieu/": Door((A.SEE_PROOFS,)),
        "bao-cao/ho-so/": Door((A.IMPORT_DOSSIERS,), (A.IMPORT_DOSSIERS,)),
        "bao-cao/phuong-phap/": PUBLIC,
        # the administration
        "bao-cao/quan-tri/": FIGURES,
        RIGHTS: FIGURES,
        f"{RIGHTS}co-quan/": Door(LOOKING),
        f"{RIGHTS}co-quan/<slug:slug>/": Door(LOOKING),
        f"{RIGHTS}nguoi/": Door(LOOKING),
        f"{RIGHTS}nguoi/<int:person>/": Door(LOOKING),
        # signing in and out, the language, and what watches the system
        "": PUBLIC,
        "dang-nhap/": PUBLIC_FORM,
        f"{ADMIN}login/": PUBLIC_FORM,
        f"{ADMIN}logout/": Door(None, Free.PUBLIC),
        "dang-xuat/": Door(None, Free.PUBLIC),
        "ngon-ngu/setlang/": Door(None, Free.PUBLIC),
        "healthz": PUBLIC,
        "readyz": PUBLIC,
        # citizens
        "ks/": PUBLIC,
        "ks/<slug:slug>/": PUBLIC_FORM,
        "ks/<slug:slug>/<slug:form>/": PUBLIC_FORM,
        "ks/<slug:slug>/ap-phich.pdf": PUBLIC,
        "ks/<slug:slug>/phieu.json": PUBLIC,
        "ks/<slug:slug>/poster/": PUBLIC,
        "ks/<slug:slug>/qr.svg": PUBLIC,
        "ks/<slug:slug>/the-ban.pdf": PUBLIC,
        "ks/<slug:slug>/thong-bao/": PUBLIC,
        "ks/<slug:slug>/tra-loi/": PUBLIC,
        "ks/app.webmanifest": PUBLIC,
        "ks/huong-dan-can-bo/": PUBLIC,
        "ks/may-tinh-bang/": PUBLIC,
        "ks/may-tinh-bang/app.webmanifest": PUBLIC,
        "ks/ngoai-tuyen/": PUBLIC,
        "ks/phan-hoi/": PUBLIC_FORM,
        "ks/sw.js": PUBLIC,
        "m/<str:token>": PUBLIC_FORM,
        "m/<str:token>/": PUBLIC_FORM,
        # programs
        "api/": PUBLIC,
        "api/openapi.json": PUBLIC,
        "api/loi-moi": Door(None, Free.KEY),
        "ks/giao/": Door(None, Free.PUBLIC),  # each record is sealed and says whose it is
        "ks/may-tinh-bang/ghep/": Door(None, Free.PUBLIC),  # a code that serves once
        "ks/may-tinh-bang/nhip/": Door(None, Free.KEY),
        "ks/may-tinh-bang/phieu.json": Door(Free.KEY),
    }
)


def door_of(route: str) -> Door | None:
    """What a route asks for; None where nobody has said so."""
    if route in ROUTES or not route.startswith(ADMIN):
        return ROUTES.get(route)
    return Door(Free.STAFF, Free.STAFF)
