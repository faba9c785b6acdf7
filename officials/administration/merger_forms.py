"""The form in which a merger of communes is entered."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from offices.changing.merging import KINDS, Merger, NewUnit
from offices.models import AdministrativeUnit
from officials.fields import ReasonField, day_field, frameless

NEW = "new"


class MergerForm(forms.Form):
    """Which communes go over, into which, and from when on."""

    use_required_attribute = False
    predecessors = forms.TypedMultipleChoiceField(
        label=_("Communes that go over"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one commune that goes over."),
            "invalid_choice": _("Choose communes of this province."),
        },
    )
    successor = forms.ChoiceField(
        label=_("Commune that takes over"),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            _("Choose a commune that takes over, or describe the new one."),
        ),
    )
    kind = forms.ChoiceField(
        label=_("Kind of the new commune"),
        choices=[("", "–"), *((kind, kind) for kind in KINDS)],
        required=False,
    )
    name = forms.CharField(label=_("Name of the new commune"), max_length=80, required=False)
    code = forms.CharField(
        label=_("Code of the new commune"),
        help_text=_("Of the statistics office; five digits."),
        max_length=5,
        required=False,
    )
    effective_on = day_field(_("Effective on"))
    basis = forms.CharField(
        label=_("Resolution"),
        help_text=_("Its number and who passed it."),
        max_length=200,
        error_messages={"required": _("Name the resolution that decides the merger.")},
    )
    reason = ReasonField(
        label=_("For the person who approves"),
        help_text=_("What was checked, and with whom."),
    )
    helper = frameless(
        *("predecessors", "successor", "kind", "name", "code"),
        *("effective_on", "basis", "reason"),
    )

    def __init__(
        self,
        communes: Sequence[AdministrativeUnit],
        data: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:  # Any: what a request sent
        """communes: those that may be chosen; one that ended is told by its last day."""
        super().__init__(data, initial=dict(initial or {}))
        named = [(str(unit.pk), _words(unit)) for unit in communes]
        today = [(str(unit.pk), unit.full_name) for unit in communes if unit.valid_to is None]
        for name, choices in (
            ("predecessors", named),
            ("successor", [("", "–"), (NEW, _("a new commune, see below")), *today]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = choices

    def merger(self) -> Merger:
        """What was filled in; only of a valid form."""
        said = self.cleaned_data
        is_new = said["successor"] == NEW
        return Merger(
            tuple(sorted(said["predecessors"])),
            None if is_new else int(said["successor"]),
            NewUnit(said["kind"], said["name"], said["code"]) if is_new else None,
            said["effective_on"],
            said["basis"],
        )

    def carried(self) -> list[tuple[str, str]]:
        """The fields as they were sent, for the page that asks for confirmation."""
        said = self.cleaned_data
        plain = ("successor", "kind", "name", "code", "basis", "reason")
        return [
            *(("predecessors", str(key)) for key in said["predecessors"]),
            ("effective_on", said["effective_on"].isoformat()),
            *((name, said[name]) for name in plain),
        ]


def _words(unit: AdministrativeUnit) -> str:
    if unit.valid_to is None:
        return unit.full_name
    said = _("%(unit)s (ended on %(day)s)")
    return said % {"unit": unit.full_name, "day": f"{unit.valid_to:%d/%m/%Y}"}
