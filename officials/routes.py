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
    SIGNING_IN = "whoever is about to sign in"
    SIGNED_IN = "whoever has an account"
    FACTOR = "whoever has an account, as far as such a second factor or password is set up"
    PROPOSER = "whoever proposed it"
    KEY = "programs with a key of their own"
    STAFF = "Django's administration, with permissions of its own"


class Gate(Enum):
    """What is said to whoever may not, where an address names something."""

    SEEN = "403 to whoever sees the place's figures, else 404"
    ANYWHERE = "403 to whoever may it in no place at all, else 404"
    HIDDEN = "404 to whoever may not read it"
    OWN = "404 to whoever's own it is not"


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
    gate: Gate = Gate.SEEN


def door_of_proposal(proposing: Action, approving: Action) -> Door:
    """What a proposal of a kind asks for, where it is proposed."""
    return Door(
        (proposing, approving, A.READ_AUDIT),
        steps={"approve": (approving,), "refuse": (approving,), "withdraw": Free.PROPOSER},
        gate=Gate.HIDDEN,
    )


def _managing(action: Action, *steps: str, gate: Gate = Gate.SEEN) -> Door:
    """A page with forms, all of which one action opens."""
    need = (action,)
    return Door(need, need, dict.fromkeys(steps, need), gate)


FIGURES = Door((A.SEE_FIGURES,))
FILE = Door((A.EXPORT,))
FILES = Door((A.EXPORT,), steps={"remake": (A.REMAKE_REPORTS,)})
COUNTS = Door((A.IMPORT_DOSSIERS, A.READ_AUDIT))
PUBLIC, PUBLIC_FORM = Door(Free.PUBLIC), Door(Free.PUBLIC, Free.PUBLIC)
SIGNING_IN = Door(Free.SIGNING_IN, Free.SIGNING_IN)
ACCOUNT, ACCOUNT_FORM = Door(Free.SIGNED_IN), Door(Free.SIGNED_IN, Free.SIGNED_IN)
FACTOR = Door(Free.FACTOR, Free.FACTOR)
OWN = Door(None, Free.SIGNED_IN, gate=Gate.OWN)
# Whoever may one of these in a place asks there who sees it, and what people may do.
LOOKING = (A.MANAGE_ACCOUNTS, A.READ_AUDIT)
# Whoever may propose or approve anything somewhere, or audits.
DECIDING = (
    *(A.PUBLISH, A.APPROVE, A.EXCLUDE, A.IMPORT_DOSSIERS, A.IMPORT_FILES),
    *(A.MANAGE_OFFICES, A.MANAGE_QUESTIONNAIRES, A.MANAGE_POLICIES),
    *(A.PAIR_TABLETS, A.READ_AUDIT),
)
OFFICE, UNIT, RELEASE = (
    "bao-cao/co-quan/<slug:slug>/",
    "bao-cao/don-vi/<int:pk>/",
    "bao-cao/cong-bo/<slug:slug>/",
)
MANAGEMENT = "bao-cao/quan-tri/"
RIGHTS = f"{MANAGEMENT}quyen/"
PEOPLE, DRAFT = f"{MANAGEMENT}nguoi-dung/", f"{MANAGEMENT}phieu/<int:draft>/"
LOOKING_UP = Door(LOOKING, gate=Gate.ANYWHERE)
SIGN_IN, SELF = "dang-nhap/", "tai-khoan/"
FACTORS = f"{SELF}xac-thuc-hai-lop/"
# Everything below asks Django's own permissions, but for what stands in the table.
ADMIN = "quan-tri/"

ROUTES: Mapping[str, Door] = MappingProxyType(
    {
        # figures
        UNIT: FIGURES,
        f"{UNIT}tieu-chi/<str:code>/": FIGURES,
        f"{UNIT}so-sanh/": FIGURES,
        f"{UNIT}tien-do/": FIGURES,
        f"{UNIT}nhac/": Door(None, (A.SET_TARGETS,)),
        f"{UNIT}phieu-cho/": Door((A.EXCLUDE,)),
        f"{UNIT}kiem-tra/": Door((A.EXCLUDE,)),
        f"{UNIT}bao-cao/": FILES,
        f"{UNIT}bao-cao.pdf": FILE,
        f"{UNIT}bao-cao.xlsx": FILE,
        f"{UNIT}cong-bo/": FIGURES,
        f"{UNIT}cong-bo/moi/": Door((A.PUBLISH,), (A.PUBLISH,)),
        RELEASE: FIGURES,
        f"{RELEASE}cong-khai/": Door((A.PUBLISH,), (A.PUBLISH,)),
        f"{RELEASE}so-lieu.csv": FILE,
        OFFICE: FIGURES,
        f"{OFFICE}tien-do/": FIGURES,
        f"{OFFICE}tieu-chi/<str:code>/": FIGURES,
        f"{OFFICE}so-sanh/": FIGURES,
        f"{OFFICE}bao-cao/": FILES,
        f"{OFFICE}bao-cao.pdf": FILE,
        f"{OFFICE}bao-cao.xlsx": FILE,
        f"{OFFICE}man-hinh/": Door(
            (A.PAIR_TABLETS,), steps=dict.fromkeys(("make", "revoke"), (A.PAIR_TABLETS,))
        ),
        # what an office does
        f"{OFFICE}gop-y/": Door((A.SEE_REMARKS,), steps={"thank": (A.ANSWER,)}),
        f"{UNIT}gop-y/": Door((A.SEE_REMARKS,)),
        f"{OFFICE}gop-y/chu-de/": Door(
            (A.SEE_REMARKS,),
            steps={
                "answer": (A.ANSWER,),
                **dict.fromkeys(("publish", "hide"), (A.PUBLISH_REPLIES,)),
            },
        ),
        f"{OFFICE}gop-y/<uuid:key>/": Door(
            (A.SEE_REMARKS,),
            steps={
                "assign": (A.ASSIGN,),
                "answer": (A.ANSWER,),
                "tag": (A.ANSWER,),
                **dict.fromkeys(("answer_again", "close_again"), (A.ANSWER_REOPENED,)),
                "publish": (A.PUBLISH_REPLIES,),
                "close": (A.ANSWER,),
                "contact": (A.LOOK_AT_CONTACTS,),
            },
        ),
        f"{OFFICE}ke-hoach/": Door(
            (A.SEE_FIGURES,), steps=dict.fromkeys(("make", "done", "give_up"), (A.PLAN,))
        ),
        f"{OFFICE}loai-tru/": Door((A.EXCLUDE,), (A.EXCLUDE,)),
        f"{OFFICE}phieu-cho/": Door((A.EXCLUDE,), (A.EXCLUDE,)),
        f"{OFFICE}muc-chung-cu/": Door((A.MANAGE_POLICIES,), (A.MANAGE_POLICIES,)),
        f"{OFFICE}loai-tru/<int:pk>/bo/": Door(None, (A.EXCLUDE,)),
        f"{OFFICE}loi-moi/": Door(
            (A.SEE_CHANNELS,),
            steps=dict.fromkeys(("preview", "file", "send", "retry", "end"), (A.SEND_INVITATIONS,)),
        ),
        f"{OFFICE}may-tinh-bang/": Door(
            (A.SEE_CHANNELS,), steps=dict.fromkeys(("ask", "code", "revoke"), (A.PAIR_TABLETS,))
        ),
        f"{OFFICE}may-tinh-bang/nhap/": Door(None, (A.IMPORT_FILES,)),
        f"{OFFICE}ho-so/": COUNTS,
        f"{OFFICE}ho-so/thay-doi.csv": COUNTS,
        # what stands in no place
        "bao-cao/": Door(Free.SIGNED_IN),
        "bao-cao/tim/": Door(Free.SIGNED_IN),
        "bao-cao/man-hinh/<str:token>/": PUBLIC,
        "bao-cao/thu/": Door(None, Free.SIGNED_IN),
        "bao-cao/thu/<str:token>/": PUBLIC_FORM,
        "bao-cao/dem/": Door((A.SEE_NIGHTS,), (A.RUN_NIGHTS,)),
        "bao-cao/kiem-tra/": Door((A.EXCLUDE,)),
        "bao-cao/doi-chieu/": Door((A.SEE_PROOFS,)),
        "bao-cao/ho-so/": Door((A.IMPORT_DOSSIERS,), (A.IMPORT_DOSSIERS,)),
        "bao-cao/phuong-phap/": PUBLIC,
        # the administration
        MANAGEMENT: FIGURES,
        f"{MANAGEMENT}co-quan/": Door((A.MANAGE_OFFICES,)),
        f"{MANAGEMENT}co-quan/moi/": Door((A.MANAGE_OFFICES,)),
        f"{MANAGEMENT}co-quan/moi/<int:pk>/": _managing(A.MANAGE_OFFICES),
        f"{MANAGEMENT}co-quan/<slug:slug>/": _managing(
            A.MANAGE_OFFICES, "facts", "slug", "new_counter", "counter"
        ),
        f"{MANAGEMENT}co-quan/<slug:slug>/gio/": _managing(A.MANAGE_OFFICES, "keep", "usual"),
        f"{MANAGEMENT}bat-dau/<int:pk>/": Door((A.MANAGE_OFFICES,)),
        f"{MANAGEMENT}bat-dau-tinh/<int:pk>/": _managing(A.MANAGE_OFFICES, "preview", "begin"),
        f"{MANAGEMENT}ngay-nghi/": Door((A.MANAGE_OFFICES,)),
        f"{MANAGEMENT}ngay-nghi/<int:pk>/": _managing(A.MANAGE_OFFICES, "add", "remove"),
        f"{MANAGEMENT}sap-nhap/": Door((A.MANAGE_OFFICES,)),
        f"{MANAGEMENT}sap-nhap/<int:pk>/": _managing(
            A.MANAGE_OFFICES, "preview", "change", "propose"
        ),
        PEOPLE: Door((A.MANAGE_ACCOUNTS,)),
        f"{PEOPLE}moi/": _managing(A.MANAGE_ACCOUNTS, "search", "invite"),
        f"{PEOPLE}<int:person>/": _managing(
            A.MANAGE_ACCOUNTS,
            *("invite", "reset_password", "reset_second_factor", "correct", "close", "reopen"),
            *("search", "give", "take"),
            gate=Gate.ANYWHERE,
        ),
        f"{MANAGEMENT}khoa/": _managing(A.MANAGE_INTEGRATIONS, "search", "make"),
        f"{MANAGEMENT}khoa/<int:integration>/": Door(
            None,
            steps=dict.fromkeys(("rotate", "stop"), (A.MANAGE_INTEGRATIONS,)),
            gate=Gate.ANYWHERE,
        ),
        f"{MANAGEMENT}muc-tieu/": _managing(A.SET_TARGETS, "search", "set"),
        f"{MANAGEMENT}quy-tac/": Door((A.MANAGE_POLICIES, A.READ_AUDIT)),
        f"{MANAGEMENT}phieu/": _managing(A.MANAGE_QUESTIONNAIRES),
        DRAFT: _managing(A.MANAGE_QUESTIONNAIRES),
        f"{DRAFT}xem-truoc/": _managing(A.MANAGE_QUESTIONNAIRES),
        f"{MANAGEMENT}phieu/<slug:slug>/<int:version>/doi-trang-thai/": Door(
            None, (A.MANAGE_QUESTIONNAIRES,)
        ),
        f"{MANAGEMENT}nhat-ky/": Door((A.READ_AUDIT,)),
        f"{MANAGEMENT}nhat-ky/xuat.csv": Door((A.READ_AUDIT,)),
        RIGHTS: FIGURES,
        f"{RIGHTS}co-quan/": LOOKING_UP,
        f"{RIGHTS}co-quan/<slug:slug>/": LOOKING_UP,
        f"{RIGHTS}nguoi/": LOOKING_UP,
        f"{RIGHTS}nguoi/<int:person>/": LOOKING_UP,
        # two persons; a proposal asks for what its kind does
        "bao-cao/cho-duyet/": Door(DECIDING),
        "bao-cao/cho-duyet/<int:pk>/": Door(
            DECIDING, steps={"approve": DECIDING, "refuse": DECIDING, "withdraw": Free.PROPOSER}
        ),
        # signing in and out, the language, and what watches the system
        "": PUBLIC,
        SIGN_IN: SIGNING_IN,
        f"{SIGN_IN}ma/": SIGNING_IN,
        f"{SIGN_IN}quen-mat-khau/": SIGNING_IN,
        f"{SIGN_IN}khan-cap/": SIGNING_IN,
        f"{SIGN_IN}qua/": Door(Free.SIGNING_IN),
        f"{SIGN_IN}qua/<str:provider_id>/": SIGNING_IN,
        f"{SIGN_IN}qua/<str:provider_id>/ve/": Door(Free.SIGNING_IN),
        "lien-ket/<str:token>/": SIGNING_IN,
        f"{ADMIN}login/": SIGNING_IN,
        f"{ADMIN}logout/": Door(None, Free.PUBLIC),
        "dang-xuat/": Door(None, Free.PUBLIC),
        # one's own account
        SELF: ACCOUNT,
        f"{SELF}mat-khau/": ACCOUNT_FORM,
        f"{ADMIN}password_change/": PUBLIC_FORM,  # leads to the one above
        f"{SELF}phien/<int:pk>/ket-thuc/": OWN,
        f"{SELF}phien/ket-thuc/": Door(None, Free.SIGNED_IN),
        f"{SELF}chua-gui/": ACCOUNT,
        f"{SELF}chua-gui/<int:pk>/bo/": OWN,
        f"{SELF}xac-nhan/": FACTOR,
        f"{SELF}xac-nhan/ma/": FACTOR,
        f"{SELF}xac-nhan/khoa/": FACTOR,
        FACTORS: ACCOUNT,
        f"{FACTORS}ung-dung/": ACCOUNT_FORM,
        f"{FACTORS}ung-dung/bo/": FACTOR,
        f"{FACTORS}khoa/": ACCOUNT_FORM,
        f"{FACTORS}khoa/<int:pk>/bo/": Door(Free.SIGNED_IN, Free.SIGNED_IN, gate=Gate.OWN),
        f"{FACTORS}ma-du-phong/": Door(Free.FACTOR),
        f"{FACTORS}ma-du-phong/moi/": ACCOUNT_FORM,
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
        "ks/gan-toi.json": PUBLIC,
        "ks/huong-dan-can-bo/": PUBLIC,
        "ks/may-tinh-bang/": PUBLIC,
        "ks/may-tinh-bang/app.webmanifest": PUBLIC,
        "ks/ngoai-tuyen/": PUBLIC,
        "ks/phan-hoi/": PUBLIC_FORM,
        "ks/sw.js": PUBLIC,
        "m/<str:token>": PUBLIC_FORM,
        "m/<str:token>/": PUBLIC_FORM,
        # what is public of releases
        "ket-qua/": PUBLIC,
        "ket-qua/co-quan/<slug:slug>/": PUBLIC,
        "ket-qua/<slug:release>/": PUBLIC,
        "ket-qua/<slug:release>/<slug:office>/": PUBLIC,
        # programs
        "api/": PUBLIC,
        "api/openapi.json": PUBLIC,
        "api/loi-moi": Door(None, Free.KEY),
        "api/ho-so": Door(None, Free.KEY),
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
