"""What the frame of the officials' pages asks about whoever reads."""

from django import template

from offices.access import Reader
from officials.administration.index import may_administer

register = template.Library()


@register.filter
def administers(user: Reader) -> bool:
    """Whether any page of the administration opens for this person."""
    return may_administer(user)
