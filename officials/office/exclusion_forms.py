"""The forms with which an auditor makes and lifts an exclusion."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.layout import Field
from django import forms
from django.utils.translation import gettext_lazy as _

from offices.models import Counter, Office
from officials.fields import ReasonField, day_field, frameless
from surveys.exclusions.rules import Rule
from surveys.flags.rules import NAMES, NO_FLAG, Flag
from surveys.models import Channel


class ExclusionForm(forms.Form):
    """A rule and its reason."""

    use_required_attribute = False
    first_day = day_field(_("First day"))
    last_day = day_field(_("Up to and including"))
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
    helper = frameless(
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
    helper = frameless(Field("reason"))
