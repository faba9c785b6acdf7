"""The forms with which somebody above decides about floods, and says what is ordinary."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.utils.translation import gettext_lazy as _

from officials.fields import ReasonField, day_field, frameless
from surveys.floods.deciding import MOST_A_MONTH
from surveys.models import Evidence, Hold

CLASSES = [(one.value, one.label) for one in Evidence if one is not Evidence.FROM_BEFORE]


class DecisionForm(forms.Form):
    """Which holds, whether their forms count, and why."""

    use_required_attribute = False
    holds = forms.TypedMultipleChoiceField(
        label=_("What is decided"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one of them.")},
    )
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            ("accept", _("accept: they are honest and count")),
            ("refuse", _("refuse: they never count")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether they count.")},
    )
    reason = ReasonField(
        label=_("Reason"),
        help_text=_("What was found, and how. It stays in the history for good."),
    )
    helper = frameless(Field("holds"), Field("decision"), Field("reason"))

    def __init__(
        self, waiting: Sequence[tuple[Hold, str]], data: Any = None
    ) -> None:  # Any: what a request sent
        super().__init__(data, auto_id="id_decide_%s")
        field = self.fields["holds"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(one.pk, said) for one, said in waiting]


class NormalForm(forms.Form):
    """From when on how many forms a month are ordinary, and why."""

    use_required_attribute = False
    evidence = forms.TypedChoiceField(
        label=_("Which forms"), coerce=lambda text: Evidence(int(text)), choices=CLASSES
    )
    first_day = day_field(_("From this day on"))
    last_day = day_field(_("Last day, of a campaign"))
    a_month = forms.IntegerField(
        label=_("Forms a month that are ordinary then"), min_value=1, max_value=MOST_A_MONTH
    )
    reason = ReasonField(
        label=_("Reason"),
        help_text=_("Such as a new poster, a day of campaign, a tablet more."),
    )
    helper = frameless(
        *(Field(name) for name in ("evidence", "first_day", "last_day", "a_month")),
        Field("reason"),
    )

    def __init__(self, data: Any = None) -> None:  # Any: what a request sent
        super().__init__(data, auto_id="id_normal_%s")
        self.fields["last_day"].required = False
