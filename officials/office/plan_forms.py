"""The form with which somebody plans what is done about a weak criterion."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from offices.access import holders
from offices.models import SHORTEST_REASON, Office, User
from offices.names import person_in_order
from offices.rights import Action
from officials.fields import day_field, frameless
from reports.counting.periods import Span, span_of
from reports.models import LONGEST_PLAN
from reports.plans import Wish
from reports.showing.waiting import period_name
from surveys.questionnaires.catalogue import InstrumentEntry, text_in


class PlanForm(forms.Form):
    """A criterion, the period whose figure is the reason, what is done, by whom, until when."""

    use_required_attribute = False
    criterion = forms.ChoiceField(
        label=_("Criterion"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a criterion.")),
    )
    period = forms.ChoiceField(
        label=_("Made from the figure of"),
        help_text=_("The same kind of period is measured again afterwards."),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose a closed period.")),
    )
    text = forms.CharField(
        label=_("What will be done"),
        help_text=_("Say what changes at the office and where. Name no citizen."),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_PLAN,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages=dict.fromkeys(
            ("required", "min_length"), _("Say it in a sentence of at least 10 characters.")
        ),
    )
    owner = forms.TypedChoiceField(
        label=_("Who sees to it"),
        coerce=int,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose an official.")),
    )
    due_on = day_field(_("Done by"))
    helper = frameless("criterion", "period", "text", "owner", "due_on")

    def __init__(
        self,
        office: Office,
        instrument: InstrumentEntry,
        spans: Sequence[Span],
        data: Any = None,  # Any: what a request sent
        initial: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.instrument = instrument
        self.people = _officials_of(office)
        language = get_language() or "vi"
        criteria = [item for item in instrument.items if item.scale == "satisfaction"]
        self._choose(
            "criterion",
            [(one.code, f"{one.code}. {text_in(one.text, language)}") for one in criteria],
        )
        named = [(value_of(span), period_name(span)) for span in spans]
        self._choose("period", [(value, words[:1].upper() + words[1:]) for value, words in named])
        names = [(key, one.get_full_name() or one.username) for key, one in self.people.items()]
        names.sort(key=lambda named: (person_in_order(named[1]), named[0]))
        self._choose("owner", names)

    def _choose(self, name: str, choices: Sequence[tuple[object, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [("", "—"), *choices]

    def clean_due_on(self) -> date:
        """A day to come, or today."""
        due: date = self.cleaned_data["due_on"]
        if due < timezone.localdate():
            raise forms.ValidationError(_("Choose today or a day to come."))
        return due

    def wish(self) -> Wish:
        """What was asked for; only of a valid form."""
        asked = self.cleaned_data
        kind, _dot, start = asked["period"].partition(".")
        return Wish(
            self.instrument,
            asked["criterion"],
            span_of(kind, date.fromisoformat(start)),
            asked["text"],
            self.people[asked["owner"]],
            asked["due_on"],
        )


def value_of(span: Span) -> str:
    """A period as the form sends it, such as `month.2026-05-01`."""
    return f"{span.kind.value}.{span.first.isoformat()}"


def _officials_of(office: Office) -> dict[int, User]:
    """Who may see to a plan, by key: those who deal with the office's remarks, and its province.

    Whoever audits an office changes nothing in it.
    """
    auditors = {one.user_id for one in holders(Action.EXCLUDE, office)}
    return {
        one.user_id: one.user
        for one in holders(Action.SEE_REMARKS, office)
        if one.user_id not in auditors
    }
