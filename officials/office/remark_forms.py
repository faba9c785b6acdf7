"""The forms with which officials deal with a remark."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from offices.access import holders
from offices.models import Office, User
from offices.names import person_in_order
from offices.rights import Action
from officials.fields import frameless
from surveys.remarks.steps import LONGEST_REPLY, SHORTEST_REPLY
from surveys.remarks.text import has_blanks


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


# What is said of a template that was not filled in.
BLANK_LEFT = _("Fill in every […], or take it out.")


class FilledForm(forms.Form):
    """A form with a `reply`."""

    def clean_reply(self) -> str:
        """The reply, in which no blank of a template is left."""
        reply = str(self.cleaned_data["reply"])
        if has_blanks(reply):
            raise forms.ValidationError(BLANK_LEFT)
        return reply


class AnswerForm(FilledForm):
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
    helper = frameless("reply")


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
    helper = frameless("why")


class AssignForm(forms.Form):
    """To whom it is given: those who hold the office or its unit, and read its remarks."""

    use_required_attribute = False
    to = forms.TypedChoiceField(
        label=_("Official who deals with it"),
        coerce=int,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose an official.")),
    )
    helper = frameless("to")

    def __init__(self, office: Office, data: Any = None) -> None:  # Any: what a request sent
        super().__init__(data)
        auditors = {one.user_id for one in holders(Action.EXCLUDE, office)}
        self.officials = {
            one.user_id: one.user
            for one in holders(Action.SEE_REMARKS, office)
            if one.unit_id in (None, office.unit_id) and one.user_id not in auditors
        }
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        names = [(key, one.get_full_name() or one.username) for key, one in self.officials.items()]
        names.sort(key=lambda named: (person_in_order(named[1]), named[0]))
        field.choices = [("", "—"), *names]

    def official(self) -> User:
        """Who was chosen; only of a valid form."""
        return self.officials[self.cleaned_data["to"]]
