"""What is wrong in a questionnaire's file, in the reader's language.

The reader of files knows English only, for whoever loads them by a command; here are the same
sentences for pages. A test compares the list with what the reader may say.
"""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from surveys.questionnaires.entry import Mistake

TEXTS = frozenset(
    (
        gettext_noop("%(code)s is longer than %(most)s letters"),
        gettext_noop("%(labels)s labels for a %(kind)s scale"),
        gettext_noop("%(number)s reasons"),
        gettext_noop("Delete the reasons, or `satisfied` and `valid`."),
        gettext_noop("Give %(fewest)s to %(most)s."),
        gettext_noop("Official forms ask what they say and nothing more: delete them."),
        gettext_noop("Only criteria of a factor on five levels have reasons."),
        gettext_noop("`%(language)s` is longer than %(most)s letters"),
        gettext_noop("`reasons` stand under %(code)s"),
        gettext_noop("an official form has `reasons`"),
        gettext_noop(
            "there are `reasons`, and other answers count than 1 to 5, 4 and 5 as satisfied"
        ),
        gettext_noop("Add `%(key)s:`."),
        gettext_noop("Bring the file once more."),
        gettext_noop("Correct the YAML."),
        gettext_noop("Correct the spelling or delete it."),
        gettext_noop("Every form has vi and en."),
        gettext_noop("Give %(wanted)s."),
        gettext_noop(
            "Give `valid` and `satisfied` the answers of the scale, such as [1, 2, 3] and [3]."
        ),
        gettext_noop("Give a date such as 2025-07-01, without quotation marks."),
        gettext_noop("Give a list."),
        gettext_noop("Give a mapping."),
        gettext_noop("Give a number from %(first)s to %(last)s."),
        gettext_noop("Give a whole number."),
        gettext_noop("Give at most 256 KB."),
        gettext_noop("Give default or offered."),
        gettext_noop("Give default, offered or archive."),
        gettext_noop("Give each its own code."),
        gettext_noop("Give names in letters."),
        gettext_noop("Give satisfied answers that are some of the valid ones, but not all."),
        gettext_noop("Give something like %(example)s."),
        gettext_noop("Give text in quotation marks."),
        gettext_noop("Give true or false."),
        gettext_noop("Items of a factor are on a satisfaction scale, and no others are."),
        gettext_noop("Known here: %(listed)s. Add it under `labels` or correct it."),
        gettext_noop("Known: %(known)s."),
        gettext_noop("List at least one, or delete it."),
        gettext_noop("List different answers from 1 to 5."),
        gettext_noop("Look at theirs, and bring yours once more if it shall replace it."),
        gettext_noop("Name languages of the form other than Vietnamese."),
        gettext_noop("Name one of `scales`: %(known)s."),
        gettext_noop(
            "Order them; leave out the first `from` and the last `to`; begin each on the day "
            "after the one before."
        ),
        gettext_noop("Remove it."),
        gettext_noop("Save it as UTF-8."),
        gettext_noop("Save the file with composed letters."),
        gettext_noop("Shorten it."),
        gettext_noop("Use the same ones in both."),
        gettext_noop("What may have been answered never changes: give version %(next)s."),
        gettext_noop("Write `key: value` lines."),
        gettext_noop("Write placeholders as {office}."),
        gettext_noop("Write the text."),
        gettext_noop("there are more than %(key)s values"),
        gettext_noop("values lie more than %(key)s deep"),
        gettext_noop("`%(key)s` begins or ends with a blank"),
        gettext_noop("`%(key)s` contains a control character"),
        gettext_noop("`%(key)s` is %(value)s"),
        gettext_noop("`%(key)s` is empty"),
        gettext_noop("`%(key)s` is missing"),
        gettext_noop("`%(key)s` is not composed Unicode (NFC)"),
        gettext_noop("`%(language)s` has a single brace"),
        gettext_noop("`%(language)s` has other placeholders than `vi`"),
        gettext_noop("`%(language)s` has the unknown placeholder %(name)s"),
        gettext_noop("`draft_languages` has `%(language)s`"),
        gettext_noop("`languages` has no `%(language)s`"),
        gettext_noop("`satisfied` is %(satisfied)s and `valid` %(valid)s"),
        gettext_noop("`slug` is longer than %(most)s letters"),
        gettext_noop("`status` is %(status)s"),
        gettext_noop("`status` is archive, so nobody would be asked"),
        gettext_noop("`method` is %(method)s: a mean tells factors that too few people answered"),
        gettext_noop("Give pooled, or leave it out."),
        gettext_noop("`version` is %(version)s"),
        gettext_noop("`if_refused` stands where nothing is asked about the result"),
        gettext_noop("`stage_first` needs questions about the result, and others before them"),
        gettext_noop("Add `about_result: true`, or delete it."),
        gettext_noop("Mark them with `about_result: true`; the first factor has none."),
        gettext_noop("a key is no plain word"),
        gettext_noop("a reference stands here"),
        gettext_noop("answer %(most)s counts, but the scale `%(name)s` has %(labels)s labels"),
        gettext_noop("is not a mapping"),
        gettext_noop("somebody brought the same version at this moment"),
        gettext_noop("the factor %(code)s occurs twice"),
        gettext_noop("the file"),
        gettext_noop("the file is not UTF-8"),
        gettext_noop("the file is too large"),
        gettext_noop("the item %(code)s occurs twice"),
        gettext_noop("the key `%(key)s` occurs twice"),
        gettext_noop("the part %(code)s occurs twice"),
        gettext_noop("the periods leave a day without a label, or with two"),
        gettext_noop("the scale `%(name)s` is not described"),
        gettext_noop("the scale `%(name)s` is wrong here"),
        gettext_noop("the stored text is not the one that was brought"),
        gettext_noop("there is no scale"),
        gettext_noop("this is no readable YAML"),
        gettext_noop("unknown component `%(component)s`"),
        gettext_noop("unknown key %(names)s"),
        gettext_noop("unknown kind `%(kind)s`"),
        gettext_noop("unknown label `%(name)s`"),
        gettext_noop("unknown language `%(language)s`"),
        gettext_noop("unknown method `%(method)s`"),
        gettext_noop("version %(version)s is not new: the newest is %(newest)s"),
    )
)


@dataclass(frozen=True, slots=True)
class MistakeRow:
    """A mistake as it stands in a table."""

    line: int | None
    place: str
    said: str


def in_words(mistake: Mistake) -> MistakeRow:
    """The mistake in the reader's language; the place as in the file."""
    problem = gettext(mistake.problem) % mistake.values
    remedy = gettext(mistake.remedy) % mistake.values
    place = gettext(mistake.place) if mistake.place in TEXTS else mistake.place
    return MistakeRow(mistake.line, place, f"{problem[:1].upper()}{problem[1:]}. {remedy}")
