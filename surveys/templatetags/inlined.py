"""A style sheet within the page, which then waits for one answer of the network, not two."""

import posixpath
import re
from functools import lru_cache

from django import template
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

RELATIVE = re.compile(r"""url\((?P<mark>["']?)(?!data:|https?:|[/#])(?P<path>[^"')]+)(?P=mark)\)""")


def with_addresses(text: str, sheet: str) -> str:
    """The style sheet with addresses that hold on any page; `sheet` is where it stood itself."""

    def absolute(match: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(sheet), match["path"]))
        return f'url("{path}")'

    return RELATIVE.sub(absolute, text)


@lru_cache(maxsize=8)
def _text(name: str) -> str:
    if not isinstance(staticfiles_storage, ManifestStaticFilesStorage):
        return ""  # while developing: the browser follows the imports itself
    with staticfiles_storage.open(staticfiles_storage.stored_name(name)) as file:
        text: str = file.read().decode()
    return with_addresses(text, staticfiles_storage.url(name)).replace("</", "<\\/")


@register.simple_tag
def style_text(name: str) -> SafeString:
    """The text of a collected style sheet, for a `style` element; empty where none is collected."""
    return mark_safe(_text(name))  # noqa: S308 - our own file
