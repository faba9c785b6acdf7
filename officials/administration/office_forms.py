"""The forms about offices, their counters and their hours."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from offices.changing.founding import Proposal, Wish
from offices.changing.offices import Facts
from offices.changing.refusal import ChangeRefused
from offices.models import AdministrativeUnit, Office, OpeningHours
from offices.opening import OpenSpan
from officials.fields import day_field, frameless

TIME_FORMATS = ["%H:%M", "%Hh%M", "%Hh", "%H.%M"]


def refuse(form: forms.Form, refused: ChangeRefused) -> None:
    """Puts each objection beside the field that it is about, everything else above the form."""
    for one in refused.objections:
        form.add_error(one.field if one.field in form.fields else None, str(one.sentence))


class FactsForm(forms.Form):
    """What an office is called and when it is open to citizens at all."""

    use_required_attribute = False
    name = forms.CharField(
        label=_("Name of the office"),
        help_text=_("As it stands at its door. Citizens read it on every page and poster."),
        max_length=160,
        error_messages={"required": _("Give the office its name, as it stands at its door.")},
    )
    label = forms.CharField(
        label=_("Word used in the questions"),
        help_text=_("Leave it empty for the usual word, such as: the Centre."),
        max_length=120,
        required=False,
    )
    begins = day_field(_("First day"))
    ends = day_field(_("Last day"), required=False, help_text=_("Empty: until further notice."))
    helper = frameless("name", "label", "begins", "ends")

    def facts(self) -> Facts:
        """What was filled in; only of a valid form."""
        said = self.cleaned_data
        return Facts(said["name"], said["label"], said["begins"], said["ends"])

    @classmethod
    def of(cls, office: Office) -> "FactsForm":
        """As the office is now."""
        return cls(
            initial={
                "name": office.name,
                "label": office.label,
                "begins": office.valid_from,
                "ends": office.valid_to,
            }
        )


class NewOfficeForm(FactsForm):
    """An office that does not exist yet, in a place that was chosen before."""

    field_order = ("kind", "name", "slug", "begins", "ends", "label", "second")
    kind = forms.ChoiceField(label=_("Kind"), choices=Office.Kind.choices)
    slug = forms.CharField(
        label=_("Short name in addresses"),
        help_text=_("Stands in the printed code. Small letters, digits and hyphens."),
        max_length=60,
        error_messages={"required": _("Give the office its short name.")},
    )
    second = forms.BooleanField(
        label=_("This place really has two offices of this kind"), required=False
    )

    def __init__(
        self, unit: AdministrativeUnit, proposed: Proposal, data: Mapping[str, Any] | None = None
    ) -> None:  # Any: what a request sent
        usual = Wish.of(proposed)
        initial = {
            "kind": usual.kind,
            "name": usual.name,
            "slug": usual.slug,
            "begins": usual.begins,
            "ends": usual.ends,
        }
        super().__init__(data, initial=initial)
        self.unit = unit
        shown = ["kind", "name", "slug", "begins", "ends", "label"]
        self.helper = frameless(*shown, *(["second"] if data and "second" in data else []))

    def wish(self) -> Wish:
        """What was filled in; only of a valid form."""
        said = self.cleaned_data
        days = (said["begins"], said["ends"])
        return Wish(self.unit, said["kind"], said["name"], said["slug"], *days, said["label"])

    def offer_a_second(self) -> None:
        """Shows the field with which a second office of a kind is confirmed."""
        self.helper = frameless("second", "kind", "name", "slug", "begins", "ends", "label")


class SlugForm(forms.Form):
    """Another short name."""

    use_required_attribute = False
    slug = forms.CharField(
        label=_("New short name"),
        max_length=60,
        error_messages={"required": _("Give the office its short name.")},
    )
    helper = frameless("slug")


class NewCounterForm(forms.Form):
    """Another counter."""

    use_required_attribute = False
    number = forms.IntegerField(
        label=_("Number"),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Give the counter a number from 1 to 999.")
        ),
    )
    name = forms.CharField(
        label=_("What the counter serves"),
        max_length=120,
        error_messages={"required": _("Say what the counter is for.")},
    )
    helper = frameless("number", "name")


class CounterForm(forms.Form):
    """A counter that is there."""

    use_required_attribute = False
    name = forms.CharField(
        label=_("What the counter serves"),
        max_length=120,
        error_messages={"required": _("Say what the counter is for.")},
    )
    active = forms.BooleanField(label=_("In use"), required=False)
    helper = frameless("name", "active")


class BeginningForm(forms.Form):
    """When the offices of a province begin."""

    use_required_attribute = False
    begins = day_field(
        _("First day of the offices"),
        help_text=_("From that day on citizens find them, and they count."),
    )
    helper = frameless("begins")


class HolidayForm(forms.Form):
    """A day that differs from the official list."""

    use_required_attribute = False
    day = day_field(_("Day"))
    works = forms.TypedChoiceField(
        label=_("On this day"),
        choices=[("no", _("nobody works")), ("yes", _("people work, also if it is a holiday"))],
        coerce=lambda text: text == "yes",
    )
    why = forms.CharField(
        label=_("Why"),
        help_text=_("Such as the number of the decision. It stays in the history."),
        max_length=160,
        error_messages={"required": _("Say why, with the decision's number if there is one.")},
    )
    helper = frameless("day", "works", "why")


SPANS = ("sang", "chieu")


class WeekForm(forms.Form):
    """Two spans for each day of the week; both ends of a span or neither."""

    use_required_attribute = False

    def __init__(
        self, week: Sequence[OpenSpan] = (), data: Mapping[str, Any] | None = None
    ) -> None:  # Any: what a request sent
        super().__init__(data)
        by_day: dict[int, list[OpenSpan]] = {}
        for span in week:
            by_day.setdefault(span.weekday, []).append(span)
        for weekday in OpeningHours.Weekday:
            for place, part in enumerate(SPANS):
                known = by_day.get(weekday, [])[place : place + 1]
                for end in ("opens", "closes"):
                    at: time | None = getattr(known[0], end) if known else None
                    self.fields[f"{part}_{weekday}_{end}"] = _time_field(weekday, part, end, at)

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The days of the week, each with its four fields."""
        return [
            (
                str(weekday.label),
                [self[f"{part}_{weekday}_{end}"] for part in SPANS for end in ("opens", "closes")],
            )
            for weekday in OpeningHours.Weekday
        ]

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError beside an end of a span that lacks the other."""
        cleaned = super().clean() or {}
        for weekday in OpeningHours.Weekday:
            for part in SPANS:
                ends = [f"{part}_{weekday}_{end}" for end in ("opens", "closes")]
                given = [cleaned.get(name) for name in ends]
                if any(given) and not all(given) and not self.errors.keys() & {*ends}:
                    missing = ends[given.index(None)]
                    self.add_error(missing, _("Give both times, or leave both empty."))
        return cleaned

    def week(self) -> list[OpenSpan]:
        """The spans that were filled in; only of a valid form."""
        found = []
        for weekday in OpeningHours.Weekday:
            for part in SPANS:
                opens = self.cleaned_data[f"{part}_{weekday}_opens"]
                if opens is not None:
                    closes = self.cleaned_data[f"{part}_{weekday}_closes"]
                    found.append(OpenSpan(weekday.value, opens, closes))
        return found

    def refuse(self, refused: ChangeRefused) -> None:
        """Puts each objection beside the first field of its day."""
        for one in refused.objections:
            self.add_error(f"{SPANS[0]}_{one.field}_opens", str(one.sentence))


def _time_field(weekday: Any, part: str, end: str, at: time | None) -> forms.TimeField:
    words = {
        ("sang", "opens"): _("morning, opens"),
        ("sang", "closes"): _("morning, closes"),
        ("chieu", "opens"): _("afternoon, opens"),
        ("chieu", "closes"): _("afternoon, closes"),
    }
    label = f"{weekday.label}, {words[part, end]}"
    shown = {"aria-label": label, "placeholder": "--:--", "inputmode": "numeric", "size": 5}
    return forms.TimeField(
        label=label,
        required=False,
        initial=at,
        input_formats=TIME_FORMATS,
        widget=forms.TimeInput(attrs=shown, format="%H:%M"),
        error_messages={"invalid": _("Write the time as 07:30.")},
    )
