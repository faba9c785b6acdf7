"""The texts of instruments in templates."""

from django import template
from django.utils.translation import get_language

from surveys.questionnaires.catalogue import text_in
from surveys.questionnaires.questionnaire import Texts

register = template.Library()


@register.simple_tag
def text(texts: Texts) -> str:
    """The text of an instrument in the page's language, else in Vietnamese."""
    return text_in(texts, get_language() or "vi")
