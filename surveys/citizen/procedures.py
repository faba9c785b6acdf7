"""The procedures as a citizen chooses among them: by everyday and official names, by field.

Two choices name no procedure: another one, and several at once. Both are kept as "not said": the
answers then count for the office, and for no procedure and no field (decision 0055).
"""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from offices.directory import ProcedureEntry
from offices.registry.plain import plain_names

NOT_NAMED: Sequence[tuple[str, str | Promise]] = (
    ("khac", _("Another procedure, not in this list")),
    ("nhieu", _("Several procedures at once")),
)
RATHER_NOT: tuple[str, str | Promise] = ("", _("I would rather not say"))

Choice = tuple[str, str | Promise]
Choices = list[Choice | tuple[str, list[Choice]]]


def shown_name(procedure: ProcedureEntry) -> str:
    """The everyday name, where there is one, before the official one."""
    plain = plain_names().get(procedure.code)
    return f"{plain} – {procedure.name}" if plain else procedure.name


def choices_of(procedures: Sequence[ProcedureEntry]) -> Choices:
    """What a list offers: nothing, each procedure under its field, what is not in the list."""
    groups: dict[str, list[Choice]] = {}
    for procedure in procedures:
        groups.setdefault(procedure.field_name, []).append((procedure.code, shown_name(procedure)))
    return [RATHER_NOT, *groups.items(), *NOT_NAMED]
