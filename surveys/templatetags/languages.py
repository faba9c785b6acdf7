"""What the language switch of the citizens' pages is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.translation import get_language, get_language_info

from surveys.citizen.languages import FIELD

register = template.Library()

# The parameters of citizens' addresses. What else an address brings along is not repeated: somebody
# may have put a code there.
KEPT = ("quay", "thu-tuc", "gd", "tim", "trang")


# What is not sent again: the languages, and a contact, which must not stand in a page that is left.
NOT_REPEATED = (FIELD, "language", "wants_reply", "contact")


@dataclass(frozen=True, slots=True)
class Choice:
    """A language: its name in itself, whether the page speaks it, the page's address in it."""

    code: str
    name: str
    is_current: bool
    address: str


@register.simple_tag(takes_context=True)
def language_choices(context: Context) -> list[Choice]:
    """The languages of this page, in their usual order; the address keeps its parameters."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return []
    kept = {name: request.GET[name] for name in KEPT if name in request.GET}
    found = []
    for code in context["offered_languages"]:
        name: str = get_language_info(code)["name_local"]
        name = name[:1].upper() + name[1:]
        address = f"?{urlencode({**kept, FIELD: code})}"
        found.append(Choice(code, name, code == get_language(), address))
    return found


@register.simple_tag(takes_context=True)
def sent_again(context: Context) -> list[tuple[str, str]]:
    """What the form that led here sent, but for NOT_REPEATED: sending it is a repeat.

    `sent_instead` in the context names fields that are repeated with other words, such as a remark
    in which numbers were hidden.
    """
    instead: Mapping[str, str] = context.get("sent_instead") or {}
    return [
        (name, instead.get(name, value))
        for name, values in context["request"].POST.lists()
        if name not in NOT_REPEATED
        for value in values
    ]
