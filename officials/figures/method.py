"""The page on the method: docs/methodology.md itself, in the reader's language."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reports.counting.policy import POLICY
from reports.sipas.index.headline import METHOD

DOCUMENT = settings.BASE_DIR / "docs" / "methodology.md"
# The document's halves, by language; whoever reads Khmer gets the Vietnamese one.
HALVES = {"en": "English", "vi": "Tiếng Việt"}
SOURCES = "Sources"
# What a source is, in both languages, up to its address.
SOURCE = re.compile(r"^(\| \w+ \| )(.+?) · (.+?)(?=: [<`])", re.MULTILINE)
# What kind of sources a table holds, in both languages.
KIND = re.compile(r"^(\*\*)(.+?) · (.+?)(?=\*\*$)", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """A heading and its anchor."""

    anchor: str
    title: str


@dataclass(frozen=True)
class MethodText:
    """One half of the document, ready for the page."""

    html: SafeString
    sections: tuple[Section, ...]


@lru_cache(maxsize=4)
def method(language: str) -> MethodText:
    """The half in this language with the sources below it, rendered once a process."""
    text = DOCUMENT.read_text("utf-8")
    halves = {part.split("\n", 1)[0]: part.split("\n", 1)[1] for part in text.split("\n## ")[1:]}
    sources = next(body for title, body in halves.items() if title.startswith(SOURCES))
    title = next(title for title in halves if title.startswith(SOURCES))
    heading = title.split(" · ")[0 if language == "en" else 1]
    for said in (SOURCE, KIND):
        sources = said.sub(r"\1\2" if language == "en" else r"\1\3", sources)
    source = f"{halves[HALVES.get(language, HALVES['vi'])]}\n\n### {heading}\n{sources}"
    # No raw HTML: what stands in the document is text.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(source)
    sections = _anchor(tokens)
    html = parser.renderer.render(tokens, parser.options, {})
    html = html.replace("<table>", '<div class="wide" tabindex="0"><table>')
    html = html.replace("</table>", "</table></div>")
    # a table of sources has no head
    html = re.sub(r"<thead>\s*<tr>\s*(<th></th>\s*)+</tr>\s*</thead>", "", html)
    return MethodText(mark_safe(html), tuple(sections))  # noqa: S308 - rendered without raw HTML


def _anchor(tokens: list[Token]) -> list[Section]:
    """Gives headings their anchors, one level higher than they stand; returns them."""
    found: list[Section] = []
    for opening, content, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "heading_open":
            anchor = slugify(content.content) or f"s{len(found)}"
            opening.attrSet("id", anchor)
            opening.tag = closing.tag = "h2"
            found.append(Section(anchor, content.content))
    return found


@require_safe
def methodology(request: HttpRequest) -> HttpResponse:
    """How the figures are made; public."""
    context = {
        "method": method(get_language() or "vi"),
        "policy": POLICY,
        "arithmetic": METHOD,
        "software": settings.SOFTWARE,
    }
    return render(request, "officials/figures/methodology.html", context)
