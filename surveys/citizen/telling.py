"""What pages with a receipt's code say of the message when there is a reply, and what they take.

`parts/telling.html` shows it: on the receipt, and wherever the code is typed.
"""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from surveys.models import Remark
from surveys.remarks import telling
from surveys.remarks.reopening import is_gone
from surveys.remarks.steps import READABLE

# The steps that its buttons send.
TELL, BE_SILENT = "tell", "be-silent"


def offer(*, waits: bool = False, problem: str = "", typed: str = "") -> Mapping[str, object]:
    """What the part needs. waits: a message waits; problem: what is wrong with what was typed."""
    return {
        "telling": telling.asks_for(),
        "telling_waits": waits,
        "telling_consent": telling.CONSENT,
        "telling_problem": problem,
        "telling_typed": typed[: telling.LONGEST] if problem else "",
    }


def take(request: HttpRequest, remark: Remark) -> tuple[Remark, Mapping[str, object]]:
    """Does what the person asks of the message.

    Returns the remark as it stands then, and what the part needs, if it is to be shown.
    """
    step, typed, problem = request.POST.get("step"), request.POST.get("address", ""), ""
    if step == TELL:
        try:
            language = translation.get_language() or settings.LANGUAGE_CODE
            remark = telling.ask(remark, typed, language)
        except telling.NotAnAddress as error:
            problem = error.said
    silent = step == BE_SILENT and telling.forget(remark)
    if is_gone(remark):
        return remark, {}
    late = step == TELL and remark.state in READABLE
    said = {
        "telling_ended": silent,
        "telling_late": late,
        # switched off since the page was shown
        "telling_off": step == TELL and not late and not any(telling.ways()),
    }
    # beside one that waits, what was mistyped is to be mended
    waits = not problem and telling.is_waiting(remark)
    if waits or telling.is_offered(remark):
        return remark, {**offer(waits=waits, problem=problem, typed=typed), **said}
    return remark, said
