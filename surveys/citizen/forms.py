"""The crispy forms of a questionnaire: a page for each factor, and a last one.

Building a form is most of what a page costs, so the class of each page is built once per
questionnaire, language and word for the office.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from offices.directory import ProcedureEntry
from surveys.citizen.procedures import choices_of
from surveys.intake.submit import LONGEST_REMARK
from surveys.models import Criterion, Respondent, Stage
from surveys.questionnaires.catalogue import (
    DONT_KNOW,
    FactorEntry,
    InstrumentEntry,
    ItemEntry,
    Words,
    fill,
    text_in,
)
from surveys.questionnaires.questionnaire import Texts
from surveys.questionnaires.terms import unbroken
from surveys.remarks import contacts

SCALE_TEMPLATE = "surveys/citizen/fields/scale.html"
CHOICE_TEMPLATE = "surveys/citizen/fields/choice.html"
PROCEDURE_TEMPLATE = "surveys/citizen/fields/procedure.html"
HELPED_TEMPLATE = "surveys/citizen/fields/helped.html"
STAGE_TEMPLATE = "surveys/citizen/fields/stage.html"
TEXT_TEMPLATE = "surveys/citizen/fields/text.html"
REPLY_TEMPLATE = "surveys/citizen/fields/reply.html"
# How many answers have a face: very dissatisfied to very satisfied.
FACES = 5
# The ministry's questions keep their words; this line above them says how they are meant.
READ_AS_REFUSAL = _(
    "Your dossier was refused: please read “result” here as the refusal and the paper about it."
)


class SurveyForm(forms.Form):
    """A page of a questionnaire; its fields are named by the codes of the items."""

    use_required_attribute = False
    helper: ClassVar[FormHelper]


class ItemBoundField(forms.BoundField):
    """An item of a form with what was said so far."""

    field: "ItemField"

    @property
    def reasons(self) -> list[tuple[str, str, bool]]:
        """Of each reason its code, its words and whether it was given."""
        said = self.form.data if self.form.is_bound else self.form.initial
        return [(code, words, bool(said.get(code))) for code, words in self.field.reasons]


class ItemField(forms.ChoiceField):
    """One item of a questionnaire; `question` is what has to be read before it, if anything.

    faces: whether each of its five answers has one. note: how it is meant for whoever was refused,
    where the questionnaire keeps its words. reasons: codes and words of what may be said below a
    low answer.
    """

    bound_field_class = ItemBoundField

    def __init__(
        self,
        *,
        question: str = "",
        faces: bool = False,
        note: str = "",
        reasons: Sequence[tuple[str, str]] = (),
        **given: Any,  # Any: Django's own options
    ) -> None:
        super().__init__(**given)
        self.note = note
        self.question = question
        self.faces = faces
        self.reasons = reasons


def _helper(*fields: Field) -> FormHelper:
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*fields)
    return helper


@dataclass(frozen=True, slots=True)
class PageEntry:
    """The factors that are asked together."""

    factors: tuple[FactorEntry, ...]

    @property
    def items(self) -> tuple[ItemEntry, ...]:
        """What is asked on the page, in order."""
        return tuple(item for factor in self.factors for item in factor.items)


@lru_cache(maxsize=64)
def pages_of(instrument: InstrumentEntry) -> tuple[PageEntry, ...]:
    """The pages of a questionnaire in order; the page about the dossier comes after them.

    Each factor has a page. Neighbours of a single question share one: a form of six questions is
    not worth six pages. An overall question whose answer is enough stands alone, first.
    """
    pages: list[tuple[FactorEntry, ...]] = []
    for factor in instrument.factors:
        if not factor.items:
            continue
        # the stage is said on the first page, before anything about the result
        is_about_result = any(item.about_result for item in factor.items)
        alone = len(pages) == 1 and (instrument.overall_alone or is_about_result)
        if len(factor.items) == 1 and pages and len(pages[-1][-1].items) == 1 and not alone:
            pages[-1] += (factor,)
        else:
            pages.append((factor,))
    return tuple(PageEntry(factors) for factors in pages)


def stage_field(*, short: bool = False) -> forms.ChoiceField:
    """How far the dossier is; short: words for one line below the questions of a page."""
    choices = SHORT_STAGES if short else STAGES
    return forms.ChoiceField(
        label=_("Do you have the result?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the answers.")},
        choices=[(str(stage.value), text) for stage, text in choices],
    )


STAGES = (
    (Stage.RECEIVED, _("Yes, I have received it")),
    (Stage.REFUSED, _("My dossier was refused")),
    (Stage.WAITING, _("No, I am still waiting")),
)
SHORT_STAGES = (
    (Stage.RECEIVED, _("I have it")),
    (Stage.REFUSED, _("Was refused")),
    (Stage.WAITING, _("Still waiting")),
)


def _field(item: ItemEntry, read: "_Read", language: str, words: Words) -> ItemField:
    choices = [
        (str(option.value), fill(text_in(option.text, language), words)) for option in item.options
    ]
    if item.scale == Criterion.Scale.SATISFACTION:
        choices.append((str(DONT_KNOW), str(_("Don't know, no opinion"))))
    hint = fill(text_in(item.hint, language), words) if item.hint else ""
    five = item.scale == Criterion.Scale.SATISFACTION and len(item.options) == FACES
    return ItemField(
        question=read.question,
        note=read.note,
        faces=read.faces and five,
        reasons=[(one.code, fill(text_in(one.text, language), words)) for one in read.reasons],
        label=unbroken(fill(text_in(read.text, language), words)),
        help_text=hint,
        choices=choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the answers.")},
    )


class StagePlace(Enum):
    """Where a page asks for the stage, if it does."""

    NOWHERE = 0
    # one line below the questions: above them it would push the first out of sight
    BELOW = 1
    # a question like the others: before them, or after an overall question that may be all
    AMONG = 2


@dataclass(frozen=True, slots=True)
class _Read:
    """What is read at an item: its text, what stands before it, reasons below a low answer."""

    text: Texts
    question: str
    note: str
    faces: bool
    reasons: Sequence[ItemEntry]


@lru_cache(maxsize=512)
def page_form(
    instrument: InstrumentEntry,
    page: int,
    language: str,
    words: Words,
    stage: Stage = Stage.UNKNOWN,
    asks_stage: StagePlace = StagePlace.NOWHERE,
) -> type[SurveyForm]:
    """The form of one page. `words` are what its placeholders stand for.

    stage: as it was said, where the questionnaire asks it first. Whoever waits is not asked about
    the result, and for whoever was refused its words are those of the questionnaire for it, or a
    note says how they are meant.
    """
    fields: dict[str, forms.Field] = {}
    shown: list[Field] = []
    asked = ("", "")
    refused = stage is Stage.REFUSED
    for item in pages_of(instrument)[page].items:
        if stage is Stage.WAITING and item.about_result:
            continue
        is_own = refused and bool(item.if_refused)
        meant = str(READ_AS_REFUSAL) if refused and item.about_result and not is_own else ""
        before = (unbroken(fill(text_in(item.question, language), words)), meant)
        question, note = before if before != asked else ("", "")
        text = item.if_refused if is_own else item.text
        faces = instrument.one_by_one_since is not None
        reasons = instrument.reasons.get(item.code, ())
        read = _Read(text, question, note, faces, reasons)
        fields[item.code] = _field(item, read, language, words)
        shown.append(Field(item.code, template=SCALE_TEMPLATE))
        asked = before
    if asks_stage is not StagePlace.NOWHERE:
        fields["stage"] = stage_field(short=asks_stage is StagePlace.BELOW)
        place = int(instrument.overall_alone) if asks_stage is StagePlace.AMONG else len(shown)
        shown.insert(place, Field("stage", template=STAGE_TEMPLATE))
    return type("PageForm", (SurveyForm,), {**fields, "helper": _helper(*shown)})


LAST_FIELDS = {
    "stage": Field("stage", template=CHOICE_TEMPLATE),
    "procedure": Field("procedure", template=PROCEDURE_TEMPLATE),
    "respondent": Field("respondent", template=CHOICE_TEMPLATE),
    "helped": Field("helped", template=HELPED_TEMPLATE),
    "remark": Field("remark", template=TEXT_TEMPLATE),
    "wants_reply": Field("wants_reply", template=REPLY_TEMPLATE),
}


class LastForm(SurveyForm):
    """What was done and how far it is, and a remark; everything may be left out.

    `told` are the names of questions that need not be asked.
    """

    told: ClassVar[frozenset[str]] = frozenset()

    procedure = forms.ChoiceField(
        label=_("Which procedure was it?"),
        required=False,
        error_messages={
            "invalid_choice": _(
                "This office does not handle that procedure. Choose one of the list, or none."
            )
        },
    )
    stage = stage_field()
    respondent = forms.ChoiceField(
        label=_("For whom did you come?"),
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the answers.")},
        choices=[
            (str(Respondent.CITIZEN.value), _("For myself or my family")),
            (str(Respondent.ORGANISATION.value), _("For a company or an organisation")),
        ],
    )
    helped = forms.BooleanField(
        label=_("I am helping somebody else to answer (as a relative or an official)"),
        help_text=_("The form is then marked as filled in with help; that is no fault."),
        required=False,
    )
    remark = forms.CharField(
        label=_("Is there anything you would like to tell the office?"),
        help_text=_(
            "You may leave it out. The office reads it without your answers, together with those "
            "of others, and replies within 5 working days; the code on your receipt lets you read "
            "the reply. Both may be published. Telephone numbers, identity numbers and e-mail "
            "addresses are hidden before anything is kept; please write no names either."
        ),
        required=False,
        max_length=LONGEST_REMARK,
        error_messages={
            "max_length": _(
                "The text has %(show_value)s characters; please shorten it to %(limit_value)s."
            )
        },
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    wants_reply = forms.BooleanField(label=contacts.CONSENT, required=False)
    contact = forms.CharField(
        label=_("Telephone number or e-mail address, only for a personal reply"),
        required=False,
        max_length=contacts.LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-no-draft": ""}),
    )
    helper = _helper(*LAST_FIELDS.values())

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        procedures: Sequence[ProcedureEntry] = (),
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        for name in self.told:
            del self.fields[name]
        field = self.fields.get("procedure")
        if not isinstance(field, forms.ChoiceField):
            return
        field.choices = choices_of(procedures)

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where contact, consent and remark do not go together."""
        cleaned = super().clean() or {}
        wants, contact = cleaned.get("wants_reply"), cleaned.get("contact", "")
        if wants and not contact and "contact" not in self.errors:
            self.add_error("contact", _("Write where the reply should go, or take the tick away."))
        elif wants and contact and not contacts.is_contact(contact):
            self.add_error(
                "contact",
                _("Write a telephone number, such as 0912345678, or an e-mail address."),
            )
        elif contact and not wants:
            self.add_error(
                "wants_reply",
                _("Tick the box so that we may keep your contact, or empty the field below it."),
            )
        if wants and "remark" in cleaned and not cleaned["remark"]:
            self.add_error("remark", _("Write here what the office should reply to."))
        return cleaned


@lru_cache(maxsize=8)
def last_form(told: frozenset[str]) -> type[LastForm]:
    """The form of the last page without the questions in `told`."""
    if not told:
        return LastForm
    helper = _helper(*(field for name, field in LAST_FIELDS.items() if name not in told))
    return type("LastForm", (LastForm,), {"told": told, "helper": helper})
