"""Every table says whether the audit watches its rows, or why not."""

from collections.abc import Iterator, Mapping

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db

ROOMS = (
    *("offices", "surveys", "accounts", "audit"),
    *("auth", "mfa", "socialaccount", "account"),  # what opens an account, of others
)
# Rows are only added: triggers of their own refuse the rest.
ADDED_ONLY = {"audit_entry", "audit_link", "offices_dossierchange"}
NOT_WATCHED: Mapping[str, str] = {
    "account_emailaddress": "nobody signs in by it, and links go to the address of the account",
    "account_emailconfirmation": "no address is confirmed",
    "accounts_bucket": "counts of attempts; failures have entries",
    "accounts_device": "where somebody signed in; signing in has an entry",
    "accounts_draft": "what somebody typed",
    "accounts_opening": "when an account was opened again; that has an entry",
    "accounts_signinsession": "signing in and out have entries",
    "audit_recurrence": "the audit's own sums, told as entries the day after",
    "audit_waiting": "the audit's own queue; `audit_verify` finds what was taken out of it",
    "auth_permission": "made of the source by each `migrate`",
    "offices_administrativeunit": "the country's registry: thousands of rows of a file",
    "offices_designation": "as the registry",
    "offices_directoryrevision": "a number that rises with each change",
    "offices_dossiercount": "no setting; its ledger has every change",
    "offices_field": "as the registry",
    "offices_procedure": "as the registry",
    "offices_proposalfile": "sealed; the proposal's hash is over it",
    "offices_succession": "as the registry",
    "socialaccount_socialtoken": "tokens of the provider are not stored",
    "surveys_contact": "of citizens; looking at one has an entry",
    "surveys_contactview": "is a note itself",
    "surveys_criterion": "of a file, whose hash its questionnaire has",
    "surveys_destroyedkey": "made by the night, no setting",
    "surveys_evidencecount": "made by the night, no setting",
    "surveys_factor": "of a file, whose hash its questionnaire has",
    "surveys_invitationcount": "counts of citizens' links",
    "surveys_labelkey": "sealed; the proof of closed months is broken by another one",
    "surveys_mailing": "how far a list is that is being sent; asking for it has an entry",
    "surveys_mailingmessage": "messages that wait to be sent, sealed",
    "surveys_mark": "made by the night's work, no setting",
    "surveys_remark": "of citizens; steps and looks have entries",
    "surveys_remarkstep": "is a note itself, and each step has an entry",
    "surveys_replynews": "of citizens: addresses for one message, sealed",
    "surveys_themereply": "each reply that it was has an entry, and so has publishing it",
    "surveys_tolddossier": "what portals and offices tell; keyed, and no setting",
    "surveys_waitinginvitation": "contacts that wait to be written to, sealed",
    "surveys_response": "of citizens: nothing of answers is in the audit; the proof watches",
    "surveys_tabletday": "when a tablet was heard, no setting",
}


def tables() -> Iterator[str]:
    """Every table of the rooms, those of many-to-many fields too."""
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models(include_auto_created=True):
            if not model._meta.proxy and model._meta.managed:
                yield model._meta.db_table


def with_trigger(like: str) -> set[str]:
    """The tables that have such a trigger, and it is on."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname = %s AND tgenabled <> 'D'",
            [like],
        )
        return {table for (table,) in cursor.fetchall()}


def refusing_deletion() -> set[str]:
    """The tables that let no row be changed or deleted, whatever the row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
            # BEFORE (2), DELETE (8), UPDATE (16); no condition
            " WHERE tgtype & 26 = 26 AND tgqual IS NULL AND tgenabled <> 'D'"
        )
        return {table for (table,) in cursor.fetchall()}


def test_every_table_is_watched_only_grows_or_says_why_not() -> None:
    watched = with_trigger("audit_watches_rows")
    assert sorted(set(tables()) - watched - ADDED_ONLY - set(NOT_WATCHED)) == []
    assert sorted(watched & (ADDED_ONLY | set(NOT_WATCHED))) == []
    assert sorted((ADDED_ONLY | set(NOT_WATCHED)) - set(tables())) == []
    assert watched == with_trigger("audit_watches_table") | emptied_unnoticed()
    assert refusing_deletion() >= ADDED_ONLY


def emptied_unnoticed() -> set[str]:
    """Tests switch the notice of an emptied table off, to begin anew after each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger"
            " WHERE tgname = 'audit_watches_table' AND tgenabled = 'D'"
        )
        return {table for (table,) in cursor.fetchall()}
