"""What a page of a sheet asks: its title and its form, and how phones show it."""

from dataclasses import replace

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from offices import directory
from surveys.citizen.forms import (
    LastForm,
    StagePlace,
    SurveyForm,
    last_form,
    page_form,
    pages_of,
)
from surveys.citizen.sheet import Sheet
from surveys.models import Stage
from surveys.questionnaires import catalogue
from surveys.questionnaires.questionnaire import Texts
from surveys.questionnaires.terms import unbroken


def screens(sheet: Sheet) -> dict[str, object]:
    """Whether phones ask a question a screen, which ones, and whether the first may be all."""
    left_out = sheet.not_asked
    asked = [
        sum(item.code not in left_out for item in page.items) for page in pages_of(sheet.instrument)
    ]
    first = replace(sheet, page=0).asks_stage_here
    return {
        "one_by_one": sheet.instrument.is_one_by_one(timezone.localdate()),
        "asked_before": sum(asked[: sheet.page]) + (first and sheet.page > 0),
        "questions": sum(asked) + first,
        "question_of": _("Question %(number)s of %(count)s"),
        "overall_alone": sheet.instrument.overall_alone,
    }


def title(sheet: Sheet) -> str:
    """What the page asks about: its factor, or the whole form where several factors share it."""
    factors = pages_of(sheet.instrument)[sheet.page].factors
    if sheet.page and sheet.instrument.overall_alone:
        return _("Tell more, if you like")
    return named(sheet, factors[0].title) if len(factors) == 1 else _("How did it go?")


def named(sheet: Sheet, texts: Texts) -> str:
    """A text of the questionnaire in the page's language, its terms whole, its places filled."""
    return unbroken(catalogue.fill(catalogue.text_in(texts, language()), _words(sheet)))


def _words(sheet: Sheet) -> catalogue.Words:
    return sheet.instrument.words(sheet.office, timezone.localdate(), language())


def form_of(sheet: Sheet, *, bound: bool) -> SurveyForm:
    """The form of the page with all that was said; bound: with what is wrong in it."""
    if sheet.page == sheet.last_page:
        return last_form_of(sheet, bound=bound)
    about_result = any(item.about_result for item in pages_of(sheet.instrument)[sheet.page].items)
    stage = sheet.stage if sheet.is_stage_first and about_result else Stage.UNKNOWN
    of_page = page_form(
        sheet.instrument, sheet.page, language(), _words(sheet), stage, _stage_place(sheet)
    )
    said = {**sheet.answers, "stage": sheet.about.get("stage", "")}
    return of_page(said) if bound else of_page(initial=said)


def _stage_place(sheet: Sheet) -> StagePlace:
    """One line below the questions of a page; where each has a screen, a screen of its own."""
    if not sheet.asks_stage_here:
        return StagePlace.NOWHERE
    instrument = sheet.instrument
    by_screen = instrument.is_one_by_one(timezone.localdate()) or instrument.overall_alone
    return StagePlace.AMONG if by_screen else StagePlace.BELOW


def last_form_of(sheet: Sheet, *, bound: bool) -> LastForm:
    """As `form_of`, of the last page, whichever is shown."""
    procedures = directory.current().procedures(sheet.office)
    asked = last_form(sheet.left_out)
    if bound:
        return asked(sheet.about, procedures=procedures)
    return asked(procedures=procedures, initial=sheet.about)


def language() -> str:
    """The language of the page."""
    return translation.get_language() or settings.LANGUAGE_CODE
