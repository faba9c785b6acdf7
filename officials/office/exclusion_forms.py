"""The forms with which an auditor makes and lifts an exclusion."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from offices.models import Counter, Office
from surveys.exclusions.rules import Rule
from surveys.flags.rules import NAMES, NO_FLAG, Flag
from surveys.models import SHORTEST_REASON, Channel
from surveys.models.exclusion import LONGEST_REASON

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


def _helper(*fields: Field) -> FormHelper:
    """A form whose tag, token and buttons stand in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*fields)
    return helper


def _day(label: Any) -> forms.DateField:  # Any: a text that is translated later
    return forms.DateField(
        label=label,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Give the day, such as 31/01/2026.")
        ),
    )


class ReasonField(forms.CharField):
    """Why something is done, in a sentence."""

    def __init__(self, **given: Any) -> None:  # Any: Django's own options
        super().__init__(
            min_length=SHORTEST_REASON,
            max_length=LONGEST_REASON,
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages=dict.fromkeys(
                ("required", "min_length"),
                _("Give the reason in a sentence of at least 10 characters."),
            ),
            **given,
        )


class ExclusionForm(forms.Form):
    """A rule and its reason."""

    use_required_attribute = False
    first_day = _day(_("First day"))
    last_day = _day(_("Up to and including"))
    flags = forms.TypedMultipleChoiceField(
        label=_("Forms with any of these marks"),
        help_text=_("None chosen: all forms of these days."),
        choices=[(flag.value, name) for flag, name in NAMES.items()],
        coerce=lambda text: Flag(int(text)),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    channel = forms.TypedChoiceField(
        label=_("Channel"),
        choices=[("", _("all channels")), *Channel.choices],
        coerce=lambda text: Channel(int(text)),
        empty_value=None,
        required=False,
    )
    counter = forms.TypedChoiceField(
        label=_("Counter"), coerce=int, empty_value=None, required=False
    )
    reason = ReasonField(
        label=_("Reason"),
        help_text=_("What was found, and how. It stays in the history for good."),
    )
    helper = _helper(
        *(Field(name) for name in ("first_day", "last_day", "flags", "channel", "counter")),
        Field("reason"),
    )

    def __init__(
        self, office: Office, counters: Sequence[Counter], data: Any = None
    ) -> None:  # Any: what a request sent
        super().__init__(data)
        self.office = office
        field = self.fields["counter"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [("", _("all counters")), *((c.pk, str(c)) for c in counters)]

    def rule(self) -> Rule:
        """The rule that was asked for; only of a valid form."""
        asked = self.cleaned_data
        flags = NO_FLAG
        for flag in asked["flags"]:
            flags |= flag
        return Rule(
            office_id=self.office.pk,
            first_day=asked["first_day"],
            last_day=asked["last_day"],
            flags=flags,
            channel=asked["channel"],
            counter_id=asked["counter"],
        )

    def carried(self) -> list[tuple[str, str]]:
        """The fields as they were sent, for the page that asks for confirmation."""
        rule = self.rule()
        fields = [
            ("first_day", rule.first_day.isoformat()),
            ("last_day", rule.last_day.isoformat()),
            *(("flags", str(flag.value)) for flag in rule.flags),
            ("reason", self.cleaned_data["reason"]),
        ]
        if rule.channel is not None:
            fields.append(("channel", str(rule.channel.value)))
        if rule.counter_id is not None:
            fields.append(("counter", str(rule.counter_id)))
        return fields


class LiftForm(forms.Form):
    """Why an exclusion is lifted."""

    use_required_attribute = False
    reason = ReasonField(label=_("Reason for lifting"))
    helper = _helper(Field("reason"))
