"""A page that was left with the browser's back button and is sent again."""

from surveys.citizen.sheet import Sheet
from surveys.intake.blinding import LAST_STEP, step_of
from surveys.intake.submit import NotTakenReason, SubmissionNotTaken
from surveys.models import Criterion, Response, State
from surveys.questionnaires.catalogue import BLANK, GIVEN, NOT_ASKED


def catch_up(sheet: Sheet) -> None:
    """Gives an old page what was said on later ones, so that sending it again takes nothing back.

    The page that was sent is the newest word on its own questions, what is stored on all others.
    Raises Refused where the form was finished: nobody goes back to it, and anyone who holds an old
    page must not get to see what was answered.
    """
    stored = (
        Response.objects.filter(office=sheet.office.id, id=sheet.id)
        .values_list(
            "state", "step", "answers", "stage", "respondent", "procedure__code", "instrument"
        )
        .first()
    )
    if stored is None:
        return
    state, kept, answers, stage, respondent, procedure, instrument = stored
    if state == State.FINISHED:
        raise SubmissionNotTaken(NotTakenReason.FROZEN)
    sheet.step = min(max(sheet.step, step_of(kept, sheet.id)) + 1, LAST_STEP)
    if instrument != sheet.instrument.id:
        return  # the questionnaire changed meanwhile: this page is the newest word
    asked = sheet.codes_of_page()
    for item in sheet.instrument.items:
        byte = bytes(answers)[item.position]
        if item.code in asked or byte in (BLANK, NOT_ASKED):
            continue
        is_not_given = item.scale == Criterion.Scale.REASON and byte != GIVEN
        sheet.answers[item.code] = "" if is_not_given else str(byte)
    said = {"stage": stage or "", "respondent": respondent or "", "procedure": procedure or ""}
    for name, value in said.items():
        sheet.about[name] = sheet.about.get(name) or str(value)
