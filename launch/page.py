"""The one form of a page, as a browser without JavaScript would send it."""

from html.parser import HTMLParser


class Form(HTMLParser):
    """`filled` is what would be sent as the page stands, `offered` what radios and lists offer."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.filled: dict[str, str] = {}
        self.offered: dict[str, list[str]] = {}
        self._area = ""
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name = given.get("name", "")
        if tag == "input" and given.get("type") in ("radio", "checkbox"):
            self.offered.setdefault(name, []).append(given.get("value", ""))
            if "checked" in given:
                self.filled[name] = given.get("value", "")
        elif tag == "input" and name:
            self.filled[name] = given.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.filled[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self.offered.setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given:
                self.filled[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.filled[self._area] += data.removeprefix("\n")
