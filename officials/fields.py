"""What forms of officials have in common: no frame of their own, days, reasons."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from offices.models import LONGEST_REASON, SHORTEST_REASON

DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


def frameless(*fields: str | Field) -> FormHelper:
    """A form whose tag, token and buttons stand in the template. fields: in their order."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*(Field(one) if isinstance(one, str) else one for one in fields))
    return helper


def day_field(label: Any, **given: Any) -> forms.DateField:  # Any: texts translated later
    """A day as browsers send it or as people write it."""
    return forms.DateField(
        label=label,
        input_formats=DAY_FORMATS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Give the day, such as 31/01/2026.")
        ),
        **given,
    )


class ReasonField(forms.CharField):
    """Why something is done, in a sentence."""

    def __init__(self, max_length: int = LONGEST_REASON, **given: Any) -> None:  # Any: Django's
        super().__init__(
            min_length=SHORTEST_REASON,
            max_length=max_length,
            widget=forms.Textarea(attrs={"rows": 2}),
            error_messages=dict.fromkeys(
                ("required", "min_length"),
                _("Give the reason in a sentence of at least 10 characters."),
            ),
            **given,
        )
