"""In what one version of a questionnaire differs from another, for whoever decides about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from surveys.questionnaires.catalogue import InstrumentEntry, ItemEntry
from surveys.questionnaires.questionnaire import Texts


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs. was and now: the texts; empty for what is not there.

    language: of both texts; empty for what is in no language.
    """

    place: str
    was: str
    now: str
    language: str = ""


def differences(old: InstrumentEntry, new: InstrumentEntry) -> list[Difference]:
    """All that people would read or answer otherwise, and all that would count otherwise."""
    return [
        *_texts(_("title"), old.title, new.title),
        *_texts(_("introduction"), old.introduction, new.introduction),
        *_counting(old, new),
        *_factors(old, new),
        *_items(old, new),
    ]


def _texts(place: str, old: Texts, new: Texts) -> Iterator[Difference]:
    for language in dict.fromkeys((*new, *old)):
        was, now = old.get(language, ""), new.get(language, "")
        if was != now:
            yield Difference(place, was, now, language)


def _counting(old: InstrumentEntry, new: InstrumentEntry) -> Iterator[Difference]:
    for place, was, now in (
        (_("how criteria are put together"), old.method, new.method),
        (_("share of criteria a valid form answers"), old.minimum_answered, new.minimum_answered),
        (_("answers that count as satisfied"), _listed(old.satisfied), _listed(new.satisfied)),
        (_("answers that count at all"), _listed(old.valid), _listed(new.valid)),
        (_("not asked of whoever still waits"), _not_asked(old), _not_asked(new)),
    ):
        if was != now:
            yield Difference(place, str(was), str(now))


def _listed(answers: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(answers)))


def _not_asked(entry: InstrumentEntry) -> str:
    """A questionnaire from a file asks for the stage first from its first day on, or never."""
    if entry.stage_first_since is None:
        return ""
    return ", ".join(item.code for item in entry.items if item.about_result)


def _factors(old: InstrumentEntry, new: InstrumentEntry) -> Iterator[Difference]:
    before = {factor.code: factor.title for factor in old.factors}
    after = {factor.code: factor.title for factor in new.factors}
    for code in dict.fromkeys((*after, *before)):
        place = _("factor %(code)s") % {"code": code}
        yield from _texts(place, before.get(code, {}), after.get(code, {}))


def _items(old: InstrumentEntry, new: InstrumentEntry) -> Iterator[Difference]:
    before = {item.code: item for item in old.items}
    after = {item.code: item for item in new.items}
    for code in dict.fromkeys((*after, *before)):
        place = _("question %(code)s") % {"code": code}
        was, now = _said(before.get(code)), _said(after.get(code))
        yield from _texts(place, was, now)
    kept_before = [code for code in before if code in after]
    kept_after = [code for code in after if code in before]
    if kept_before != kept_after:
        yield Difference(_("order of the questions"), " ".join(kept_before), " ".join(kept_after))


def _said(item: ItemEntry | None) -> Mapping[str, str]:
    """All that is read at one question, by language: what it stands under, its answers too."""
    if item is None:
        return {}
    said: dict[str, str] = {}
    for language in item.text:
        options = " / ".join(option.text.get(language, "") for option in item.options)
        texts = (
            *(item.question.get(language, ""), item.text[language], item.hint.get(language, "")),
            options,
            item.if_refused.get(language, ""),
        )
        said[language] = " – ".join(text for text in texts if text)
    return said
