"""What the table of rights promises, whatever else is changed in it."""

import pytest

from offices.rights import (
    ACTION_NAMES,
    GIVES,
    SCOPE_NAMES,
    TABLE,
    Action,
    Level,
    Role,
    Scope,
    allowed,
    roles_with,
)

A = Action
MEASURED = (Role.OFFICE_HEAD, Role.CLERK)
CELLS = [(role, scope) for role, scopes in TABLE.items() for scope in scopes]


def test_every_role_action_and_scope_is_in_it_and_has_a_name() -> None:
    assert set(TABLE) == set(Role)
    assert set(ACTION_NAMES) == set(Action)
    assert set(SCOPE_NAMES) == set(Scope)
    assert {Scope.of_level(level) for level in Level} == set(Scope) - {Scope.OFFICE}
    assert all(roles_with(action) for action in Action)


def test_whoever_may_anything_sees_that_the_place_exists() -> None:
    """The gate answers 404 for whatever one sees no figures of."""
    assert all(A.SEE_FIGURES in TABLE[role][scope] for role, scope in CELLS)


def test_what_is_not_in_it_gives_nothing() -> None:
    assert allowed(Role.OFFICE_HEAD, Scope.COUNTRY) == frozenset()
    assert allowed(Role.AUDITOR, Scope.OFFICE) == frozenset()
    assert allowed("head of everything", Scope.COUNTRY) == frozenset()


def test_whoever_is_measured_neither_decides_nor_audits() -> None:
    decides = {A.PUBLISH, A.APPROVE, A.EXCLUDE, A.SEE_PROOFS, A.READ_AUDIT, A.SET_TARGETS}
    assert not any(TABLE[role][Scope.OFFICE] & decides for role in MEASURED)
    assert all(set(TABLE[role]) == {Scope.OFFICE} for role in MEASURED)


def test_whoever_audits_changes_nothing_but_exclusions_and_reads_the_audit_alone() -> None:
    reads = {A.SEE_FIGURES, A.EXPORT, A.SEE_CHANNELS, A.SEE_REMARKS, A.SEE_NIGHTS, A.SEE_PROOFS}
    for given in TABLE[Role.AUDITOR].values():
        assert given <= reads | {A.READ_AUDIT, A.EXCLUDE}
    for action in (A.EXCLUDE, A.READ_AUDIT):
        assert {role for role, _ in roles_with(action)} == {Role.AUDITOR}


def test_remarks_are_read_by_nobody_of_the_country_and_contacts_by_the_head_alone() -> None:
    for action in (A.SEE_REMARKS, A.ANSWER, A.ASSIGN, A.PUBLISH_REPLIES, A.LOOK_AT_CONTACTS):
        assert all(scope != Scope.COUNTRY for _, scope in roles_with(action))
    assert roles_with(A.LOOK_AT_CONTACTS) == [(Role.OFFICE_HEAD, Scope.OFFICE)]
    for action in (A.ANSWER, A.ASSIGN, A.PUBLISH_REPLIES, A.LOOK_AT_CONTACTS):
        for role, scope in roles_with(action):
            assert A.SEE_REMARKS in TABLE[role][scope]


def test_plans_are_of_whoever_heads_an_office_or_its_commune_or_province() -> None:
    assert set(roles_with(A.PLAN)) == {
        (Role.OFFICE_HEAD, Scope.OFFICE),
        (Role.UNIT_OFFICER, Scope.UNIT),
        (Role.PROVINCIAL_OFFICER, Scope.PROVINCE),
    }


def test_an_analyst_sees_figures_and_takes_them_away() -> None:
    assert set(TABLE[Role.ANALYST].values()) == {frozenset({A.SEE_FIGURES, A.EXPORT})}


def test_whoever_may_act_in_a_place_sees_it() -> None:
    for role, scope in CELLS:
        given = TABLE[role][scope]
        assert A.RUN_NIGHTS not in given or A.SEE_NIGHTS in given
        channels = {A.PAIR_TABLETS, A.IMPORT_FILES, A.SEND_INVITATIONS}
        assert not given & channels or A.SEE_CHANNELS in given


def test_roles_are_given_by_whoever_manages_accounts_only() -> None:
    manages = {role for role, _ in roles_with(A.MANAGE_ACCOUNTS)}
    assert set(GIVES) == manages


HIGHEST = [Scope.OFFICE, Scope.UNIT, Scope.PROVINCE, Scope.COUNTRY]


@pytest.mark.parametrize("giver", [role for role in GIVES if role != Role.OPERATOR])
def test_nobody_makes_the_second_person_for_what_they_propose(giver: Role) -> None:
    """Nor an auditor of themselves: a role that they give decides less high than they propose."""
    (held,) = TABLE[giver]
    if held == Scope.COUNTRY:
        assert giver not in GIVES[giver]
        return
    for role in GIVES[giver]:
        as_high = [at for at in TABLE[role] if HIGHEST.index(at) >= HIGHEST.index(held)]
        for scope in as_high:
            assert not TABLE[role][scope] & {A.APPROVE, A.EXCLUDE, A.READ_AUDIT}
    assert Role.AUDITOR not in GIVES[giver]


def test_only_the_operator_makes_operators() -> None:
    assert [role for role, given in GIVES.items() if Role.OPERATOR in given] == [Role.OPERATOR]
