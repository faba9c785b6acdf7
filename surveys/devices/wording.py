"""The texts of pages that build themselves in the browser: the tablet, and phones without network.

They go through the translation system like all others and are sent in every offered language at
once, because the language may change where there is no network.
"""

from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from surveys.citizen.forms import READ_AS_REFUSAL, LastForm

TEXTS: Mapping[str, str | Promise] = {
    # as on the pages that the server builds
    "language": _("Language"),
    "how_did_it_go": _("How did it go?"),
    "dont_know": _("Don't know, no opinion"),
    "why": _("Why? Several may be chosen."),
    "promise": _("No name · you need not · about %(minutes)s min"),
    "notice_title": _("Who asks, what is kept, your rights"),
    "part": _("Part %(number)s of %(count)s"),
    "continue": _("Continue"),
    "back": _("Back"),
    "send": _("Send"),
    "about": _("About your dossier"),
    "leave_out": _("You may leave out whatever you do not want to answer."),
    "stage": LastForm.base_fields["stage"].label or "",
    "read_as_refusal": READ_AS_REFUSAL,
    "procedure": LastForm.base_fields["procedure"].label or "",
    "rather_not": _("I would rather not say"),
    "respondent": LastForm.base_fields["respondent"].label or "",
    "helped": LastForm.base_fields["helped"].label or "",
    "remark": LastForm.base_fields["remark"].label or "",
    "remark_hint": LastForm.base_fields["remark"].help_text,
    "remark_long": _(
        "The text has %(show_value)s characters; please shorten it to %(limit_value)s."
    ),
    "look_again": _("Please look at this once more"),
    "blank": _(
        "There is no answer and no remark yet. Please answer at least one question, or write "
        "a remark."
    ),
    "thanks": _("Thank you. Your answers have been received."),
    "thanks_short": _("Thank you"),
    "receipt": _("Your receipt code"),
    "another_procedure": _("Rate another procedure"),
    "another_person": _("Another person answers"),
    "new_form": _("A new form for another person or dossier"),
    # what waits on the device
    "waiting": _("Forms waiting to be sent: %(count)s"),
    "by_itself": _("They are sent by themselves as soon as there is a network."),
    "all_sent": _("Everything has been sent."),
    "refused": _("Forms that could not be taken: %(count)s"),
    "not_taken": _(
        "The form could not be taken. It is still on this device: save it as a file and hand it to "
        "the office."
    ),
    "export": _("Save as a file"),
    "keep_code": _(
        "Note the code down or photograph it: with it you can read the office's reply at "
        "%(address)s."
    ),
    "code_says_nothing": _("The code says nothing about you or your answers."),
    # the phone without network
    "unfinished": _("There are answers that were not finished"),
    "unfinished_if_yours": _(
        "Somebody began this form on this device within the last 30 minutes. If that was you, go "
        "on where you stopped: nothing is lost."
    ),
    "unfinished_if_not": _(
        "If it was not you, begin anew. What was typed is then erased from this device; after 30 "
        "minutes that happens by itself."
    ),
    "unfinished_continue": _("Continue the answers"),
    "unfinished_anew": _("Begin anew"),
    "contact_unkept": _(
        "Your telephone number or e-mail address was not kept, because there was no network. "
        "The code lets you read the reply all the same."
    ),
    "changed": _("The form has changed meanwhile. Please look through your answers once more."),
    "cannot_keep": _(
        "This device cannot keep your answers at the moment. Nothing that you see here is lost: "
        "please try once more, or where there is a network."
    ),
    "no_network": _("No network"),
    "offline": _(
        "There is no network at the moment. Please go on: what you answer is kept on this phone "
        "and sent later."
    ),
    "not_here": _(
        "The questions of this office are not on this phone yet. Please try again where there is a "
        "network."
    ),
    "try_again": _("Try again"),
    "thanks_kept": _("Thank you. Your form is complete."),
    "waiting_title": _("What waits on this device"),
    "offices": _("Find an office"),
    "long_without": _("Will there be no network for a long time?"),
    "export_hint": _(
        "Save what waits as a file and hand it to the office, by cable, memory card or in another "
        "way. Nobody but the office's system can read it, and it counts once even if it is sent "
        "from here later."
    ),
    # the tablet
    "text_size": _("Size of the letters"),
    "text_size_0": _("usual"),
    "text_size_1": _("large"),
    "text_size_2": _("very large"),
    "read_aloud": _("Read aloud"),
    "stop_reading": _("Stop reading"),
    "counter": _("Counter %(number)s"),
    "question_of": _("Question %(number)s of %(count)s"),
    "how_with": _("How satisfied are you with:"),
    "with_pictures": _("Pictures"),
    "with_words": _("Sentences"),
    "light_O": _("Overall"),
    "light_A": _("Seats, signs"),
    "light_B": _("Papers, fees"),
    "light_C": _("Civil servants"),
    "light_D": _("Result"),
    "light_E": _("Being heard"),
    "notice_short": _("Your name is not asked."),
    "remark_tablet": _(
        "You may leave it out. The office reads it without your answers and replies within 5 "
        "working days; you get a code to read the reply. Telephone and identity numbers are "
        "hidden; please write no names."
    ),
    "skip": _("Finish without it"),
    "done": _("Done"),
    # what the server hid in a remark; named as `surveys.remarks.masking.MaskedKind`
    "will_be_masked": _(
        "Telephone numbers, identity numbers and e-mail addresses in it are hidden before anything "
        "is kept."
    ),
    "masked": _("Hidden in your remark, so that nobody can be recognised by it: %(kinds)s."),
    "masked_phone": _("a telephone number"),
    "masked_identity": _("a number of papers"),
    "masked_email": _("an e-mail address"),
    "masked_dossier": _("a dossier code"),
    "masked_number": _("a long number"),
    "masked_birth": _("a date of birth"),
    "masked_plate": _("a number plate"),
    "masked_link": _("a link"),
    "idle": _("%(count)s seconds left…"),
    "idle_kept": _(
        "The answers so far are kept and sent. If nobody touches the screen, it goes back to the "
        "beginning."
    ),
    "idle_unsent": _(
        "The answers so far are kept and sent. If nobody touches the screen, what is written and "
        "not yet sent is erased, and the screen goes back to the beginning."
    ),
    "still_here": _("I am still answering"),
    "sleeping": _("The office is closed now"),
    "hours": _("This tablet asks again on working days from %(opens)s to %(closes)s."),
    "own_phone": _("With the code you can answer on your own phone now."),
    "fetching": _("Fetching the questions"),
    "fetching_hint": _("This tablet needs a network once. It tries again by itself."),
    "unkept": _("This tablet cannot keep answers"),
    "unkept_hint": _(
        "Its browser lets this page store nothing, so it takes no answers. Please open the page "
        "in an ordinary window, not a private one, of an up-to-date Chrome, allow this site to "
        "store data in the browser's settings, and free some storage if it is full. Then press "
        "“Try again”. Until then please offer paper slips."
    ),
    "pair_title": _("Pair this tablet with an office"),
    "pair_code": _("Pairing code"),
    "pair_hint": _(
        "The head of the office gets it on the page “Tablets”; it is valid for 15 minutes."
    ),
    "pair_action": _("Pair"),
    "pair_again": _("Pair again"),
    "pair_empty": _("Please type the code."),
    "pair_failed": _("The server cannot be reached. Please check the network and try again."),
    "revoked": _("This tablet has been revoked"),
    "revoked_hint": _(
        "It takes no more answers. What waits on it is kept: save it as a file and hand it to the "
        "head of the office, who can import it on the page “Tablets”."
    ),
    "officials": _("For officials"),
    "hold": _("Press and hold"),
    "place": _("Place"),
    "never_paired": _("not paired"),
    "waiting_count": _("Waiting to be sent"),
    "refused_count": _("Not taken"),
    "last_contact": _("Last contact"),
    "never": _("never"),
    "network": _("Network"),
    "network_on": _("connected"),
    "network_off": _("no network"),
    "panel_hint": _(
        "Answers are sealed: nobody can read them here. To use this tablet elsewhere, save what "
        "waits as a file, revoke the tablet on the office's page and pair it again."
    ),
    "send_now": _("Send now"),
    "close": _("Close"),
}


def languages() -> tuple[str, ...]:
    """The offered languages, Vietnamese first."""
    return tuple(code for code, _name in settings.LANGUAGES)


def language_names() -> dict[str, str]:
    """The offered languages, each in its own name."""
    return {code: get_language_info(code)["name_local"] for code in languages()}


def in_languages(text: Promise | str) -> dict[str, str]:
    """One text in every offered language."""
    said = {}
    for language in languages():
        with translation.override(language):
            said[language] = str(text)
    return said


def wording() -> dict[str, dict[str, str]]:
    """All TEXTS by language, then by name."""
    said: dict[str, dict[str, str]] = {}
    for language in languages():
        with translation.override(language):
            said[language] = {name: str(text) for name, text in TEXTS.items()}
    return said
