"""The forms with which officials deal with a remark."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from offices.models import Office, User
from surveys.replies import LONGEST_REPLY, SHORTEST_REPLY


def _helper(field: str) -> FormHelper:
    """A form whose tag, token and buttons stand in the template."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(Field(field))
    return helper


class WordsField(forms.CharField):
    """What the citizen will read."""

    def __init__(self, rows: int, **given: Any) -> None:  # Any: Django's own options
        super().__init__(
            min_length=SHORTEST_REPLY,
            max_length=LONGEST_REPLY,
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages=dict.fromkeys(
                ("required", "min_length"), _("Write at least 10 characters.")
            ),
            **given,
        )


class AnswerForm(forms.Form):
    """The reply."""

    use_required_attribute = False
    reply = WordsField(
        8,
        label=_("Reply to the citizen"),
        help_text=_(
            "Thank, say what was done or will be done and by when. Whoever wrote is not known; "
            "do not ask who it was. Name no other citizen."
        ),
    )
    helper = _helper("reply")


class CloseForm(forms.Form):
    """Why there is no reply."""

    use_required_attribute = False
    why = WordsField(
        3,
        label=_("Why there is no reply"),
        help_text=_(
            "The citizen reads this sentence, such as: the remark is about another office."
        ),
    )
    helper = _helper("why")


class OfficialField(forms.ModelChoiceField):
    """One of some officials, by name."""

    def label_from_instance(self, obj: User) -> str:
        """The full name, or the account's where there is none."""
        return obj.get_full_name() or obj.get_username()


class AssignForm(forms.Form):
    """To whom it is given."""

    use_required_attribute = False
    to = OfficialField(
        User.objects.none(),
        label=_("Official who deals with it"),
        error_messages={"required": _("Choose an official.")},
    )
    helper = _helper("to")

    def __init__(self, office: Office, data: Any = None) -> None:  # Any: what a request sent
        super().__init__(data)
        field = self.fields["to"]
        assert isinstance(field, OfficialField)  # noqa: S101 - for the type checker
        of_office = Q(memberships__office=office) | Q(memberships__unit=office.unit_id)
        field.queryset = User.objects.filter(of_office, is_active=True).distinct().order_by("pk")
