"""Who may do what: one table, role × where the role is held × action.

`TABLE` is everything: a role that is held where the table does not know it gives nothing, and an
action that stands in no cell is nobody's. `offices.access` asks it; a page draws it; a test walks
every address, form and route against it. Change a right here and nowhere else.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from offices.models import AdministrativeUnit, Membership

Role = Membership.Role
Level = AdministrativeUnit.Level


class Scope(StrEnum):
    """Where a role is held. A unit of the past has the scope of its level."""

    COUNTRY = "country"
    PROVINCE = "province"
    UNIT = "unit"  # a commune, or a district of the past
    OFFICE = "office"

    @classmethod
    def of_level(cls, level: str) -> "Scope":
        """The scope of whoever holds a unit of this level."""
        return {Level.COUNTRY: cls.COUNTRY, Level.PROVINCE: cls.PROVINCE}.get(
            Level(level), cls.UNIT
        )


SCOPE_NAMES = MappingProxyType(
    {
        Scope.COUNTRY: _("the country"),
        Scope.PROVINCE: _("a province"),
        Scope.UNIT: _("a commune or ward"),
        Scope.OFFICE: _("a one-stop shop"),
    }
)


class Action(StrEnum):
    """What one may do. In an office or unit that is held, or below it.

    Every role that gives anything lets its holder see figures: whatever one sees no figures of
    does not exist for one.
    """

    SEE_FIGURES = "see_figures"
    SEE_CHANNELS = "see_channels"
    SEE_REMARKS = "see_remarks"
    ANSWER = "answer"
    ANSWER_REOPENED = "answer_reopened"
    ASSIGN = "assign"
    PUBLISH_REPLIES = "publish_replies"
    LOOK_AT_CONTACTS = "look_at_contacts"
    EXPORT = "export"
    REMAKE_REPORTS = "remake_reports"
    PUBLISH = "publish"
    APPROVE = "approve"
    EXCLUDE = "exclude"
    IMPORT_DOSSIERS = "import_dossiers"
    IMPORT_FILES = "import_files"
    PAIR_TABLETS = "pair_tablets"
    SEND_INVITATIONS = "send_invitations"
    SET_TARGETS = "set_targets"
    PLAN = "plan"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_OFFICES = "manage_offices"
    MANAGE_INTEGRATIONS = "manage_integrations"
    MANAGE_QUESTIONNAIRES = "manage_questionnaires"
    MANAGE_POLICIES = "manage_policies"
    SEE_NIGHTS = "see_nights"
    RUN_NIGHTS = "run_nights"
    SEE_PROOFS = "see_proofs"
    READ_AUDIT = "read_audit"


A = Action

ACTION_NAMES = MappingProxyType(
    {
        A.SEE_FIGURES: _("see figures"),
        A.SEE_CHANNELS: _("see the tablets and invitations of offices"),
        A.SEE_REMARKS: _("read remarks"),
        A.ANSWER: _("answer remarks"),
        A.ANSWER_REOPENED: _("answer remarks whose first reply did not answer them"),
        A.ASSIGN: _("assign remarks to colleagues"),
        A.PUBLISH_REPLIES: _("let everybody read a remark and its reply"),
        A.LOOK_AT_CONTACTS: _("look at contacts of people who want a reply"),
        A.EXPORT: _("take figures away as a file"),
        A.REMAKE_REPORTS: _("have a report made again that failed"),
        A.PUBLISH: _("propose a release of figures"),
        A.APPROVE: _("approve what another person proposed"),
        A.EXCLUDE: _("leave responses out of the count"),
        A.IMPORT_DOSSIERS: _("enter numbers of finished dossiers"),
        A.IMPORT_FILES: _("bring in the file of a tablet"),
        A.PAIR_TABLETS: _("pair tablets, and hang screens in the hall"),
        A.SEND_INVITATIONS: _("send invitations"),
        A.SET_TARGETS: _("set targets"),
        A.PLAN: _("plan what is done about weak criteria"),
        A.MANAGE_ACCOUNTS: _("manage accounts and roles"),
        A.MANAGE_OFFICES: _("manage offices, counters, hours and holidays"),
        A.MANAGE_INTEGRATIONS: _("manage keys of other systems"),
        A.MANAGE_QUESTIONNAIRES: _("put questionnaires into use"),
        A.MANAGE_POLICIES: _("change policies of counting"),
        A.SEE_NIGHTS: _("see how the nights went"),
        A.RUN_NIGHTS: _("let a step of the night run again"),
        A.SEE_PROOFS: _("see which figures the proof doubts"),
        A.READ_AUDIT: _("read the audit"),
    }
)

# Whoever is measured neither publishes, leaves out, approves nor sees what the proof doubts;
# whoever audits changes nothing but exclusions; nobody reads remarks of a whole country; contacts
# are looked at by the head alone, as the citizen was told. Decision 0026 says why.
_FIGURES = frozenset({A.SEE_FIGURES, A.EXPORT})
_OFFICER = _FIGURES | {
    *(A.SEE_CHANNELS, A.IMPORT_DOSSIERS, A.APPROVE, A.SET_TARGETS, A.MANAGE_ACCOUNTS),
    A.REMAKE_REPORTS,
}
_ABOVE = frozenset(
    {A.PUBLISH, A.SEE_PROOFS, A.MANAGE_OFFICES, A.MANAGE_INTEGRATIONS, A.MANAGE_POLICIES}
)
_AUDITOR = _FIGURES | {A.SEE_CHANNELS, A.EXCLUDE, A.SEE_PROOFS, A.READ_AUDIT}
_CLERK = frozenset({A.SEE_FIGURES, A.SEE_CHANNELS, A.SEE_REMARKS, A.ANSWER, A.SEND_INVITATIONS})
_HEAD = _CLERK | {
    *(A.ASSIGN, A.PUBLISH_REPLIES, A.LOOK_AT_CONTACTS, A.EXPORT, A.IMPORT_DOSSIERS),
    *(A.IMPORT_FILES, A.PAIR_TABLETS, A.MANAGE_ACCOUNTS, A.PLAN, A.REMAKE_REPORTS),
}
_OPERATOR = frozenset(
    {
        *(A.SEE_FIGURES, A.SEE_CHANNELS, A.SEE_NIGHTS, A.RUN_NIGHTS, A.SEE_PROOFS),
        *(A.PAIR_TABLETS, A.MANAGE_ACCOUNTS, A.MANAGE_OFFICES, A.MANAGE_INTEGRATIONS),
    }
)

TABLE: Mapping[Role, Mapping[Scope, frozenset[Action]]] = MappingProxyType(
    {
        Role.COUNTRY_OFFICER: {
            Scope.COUNTRY: _OFFICER
            | _ABOVE
            | {A.MANAGE_QUESTIONNAIRES, A.SEE_NIGHTS, A.RUN_NIGHTS},
        },
        Role.PROVINCIAL_OFFICER: {
            Scope.PROVINCE: _OFFICER
            | _ABOVE
            | {A.SEE_REMARKS, A.ANSWER_REOPENED, A.PAIR_TABLETS, A.PLAN},
        },
        Role.UNIT_OFFICER: {Scope.UNIT: _OFFICER | {A.SEE_REMARKS, A.PAIR_TABLETS, A.PLAN}},
        Role.OFFICE_HEAD: {Scope.OFFICE: _HEAD},
        Role.CLERK: {Scope.OFFICE: _CLERK},
        Role.ANALYST: {
            Scope.COUNTRY: _FIGURES,
            Scope.PROVINCE: _FIGURES,
            Scope.UNIT: _FIGURES,
        },
        Role.AUDITOR: {
            Scope.COUNTRY: _AUDITOR | {A.SEE_NIGHTS},
            Scope.PROVINCE: _AUDITOR | {A.SEE_NIGHTS, A.SEE_REMARKS},
            Scope.UNIT: _AUDITOR | {A.SEE_REMARKS},
        },
        Role.OPERATOR: {Scope.COUNTRY: _OPERATOR},
    }
)

# What nobody may in an office in which they hold a role as well, whatever they hold above it:
# whoever is measured does not decide about it.
NOT_WHERE_ONE_SERVES = frozenset({A.APPROVE, A.EXCLUDE})

# Which roles somebody with MANAGE_ACCOUNTS gives and takes away, in what they hold or below it.
# Nobody gives a role to themselves; nor, but for the operator, one that is held as high as their
# own and could be the second of two persons, or its auditor: both would be one person's accounts.
GIVES: Mapping[Role, frozenset[Role]] = MappingProxyType(
    {
        Role.OPERATOR: frozenset(Role),
        Role.COUNTRY_OFFICER: frozenset(Role) - {Role.OPERATOR, Role.COUNTRY_OFFICER},
        Role.PROVINCIAL_OFFICER: frozenset(
            {Role.UNIT_OFFICER, Role.OFFICE_HEAD, Role.CLERK, Role.ANALYST}
        ),
        Role.UNIT_OFFICER: frozenset({Role.OFFICE_HEAD, Role.CLERK, Role.ANALYST}),
        Role.OFFICE_HEAD: frozenset({Role.CLERK}),
    }
)


# From below to above.
HEIGHT = (Scope.OFFICE, Scope.UNIT, Scope.PROVINCE, Scope.COUNTRY)


def gives(own: Role, at: Scope, role: Role, scope: Scope) -> bool:
    """Whether who holds a role gives another one away in a place of this scope in theirs.

    Nobody but the operator chooses who audits what they hold themselves.
    """
    if role not in GIVES.get(own, ()) or HEIGHT.index(at) < HEIGHT.index(scope):
        return False
    return role != Role.AUDITOR or own == Role.OPERATOR or at != scope


def scope_of(membership: Membership) -> Scope:
    """Where a role is held; reads the unit of the membership."""
    if membership.unit is None:
        return Scope.OFFICE
    return Scope.of_level(membership.unit.level)


def scopes_of(role: Role) -> frozenset[Scope]:
    """Where a role may be held."""
    return frozenset(TABLE[role])


def allowed(role: str, scope: Scope) -> frozenset[Action]:
    """What a role gives where it is held; nothing where it may not be held."""
    known = TABLE.get(Role(role), {}) if role in Role.values else {}
    return known.get(scope, frozenset())


def roles_with(action: Action) -> list[tuple[Role, Scope]]:
    """Every role, and where it has to be held, that gives an action."""
    return [
        (role, scope)
        for role, by_scope in TABLE.items()
        for scope, actions in by_scope.items()
        if action in actions
    ]
