"""Just enough of PDF and PNG to read back what Typst made: text, fonts, and the drawn code."""

import re
import zlib
from dataclasses import dataclass

Bitmap = list[list[bool]]  # rows of modules; True is black
STRING = rb"\(((?:[^\\()]|\\.)*)\)"
# Strings with gaps between them, drawn one after the other.
SHOWN = rb"\[(?:\((?:[^\\()]|\\.)*\)|[-\d. ]+)*\]TJ|\((?:[^\\()]|\\.)*\)\s*Tj"
ESCAPES = {b"n": 10, b"r": 13, b"t": 9, b"b": 8, b"f": 12}


@dataclass(frozen=True)
class Font:
    """A font of a page: its name, and what each of its glyphs stands for."""

    name: str
    letters: dict[int, str]


class Pdf:
    """A PDF whose objects are not packed together, as Typst writes it with tags."""

    def __init__(self, content: bytes) -> None:
        assert content.startswith(b"%PDF-")
        assert content.rstrip().endswith(b"%%EOF")
        self.objects = {
            int(number): body
            for number, body in re.findall(rb"\n(\d+) 0 obj\n(.*?)\nendobj", content, re.DOTALL)
        }
        tree = next(body for body in self.objects.values() if b"/Type/Pages" in body)
        (kids,) = re.findall(rb"/Kids\[(.*?)\]", tree)
        self.pages = [int(number) for number in re.findall(rb"(\d+) 0 R", kids)]

    def stream(self, number: int) -> bytes:
        """A stream of the file, unpacked."""
        found = re.search(rb"stream\r?\n(.*)\r?\nendstream", self.objects[number], re.DOTALL)
        assert found
        return zlib.decompress(found[1])

    def link(self, number: int, name: bytes) -> int:
        """The object that an entry of another leads to."""
        found = re.search(rb"/" + name + rb" (\d+) 0 R", self.objects[number])
        assert found, name
        return int(found[1])

    def fonts(self, page: int) -> dict[bytes, Font]:
        """The fonts of a page by the name that its content uses."""
        found = {}
        resources = self.objects[self.link(page, b"Resources")]
        for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources):
            (base,) = re.findall(rb"/BaseFont/([\w+-]+)", self.objects[int(number)])
            cmap = self.stream(self.link(int(number), b"ToUnicode"))
            letters = {
                int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
                for glyph, text in re.findall(rb"<(\w+)> <(\w+)>", cmap.split(b"beginbf", 1)[1])
            }
            found[name] = Font(base.partition(b"+")[2].decode(), letters)
        return found

    def glyphs(self, page: int) -> list[tuple[Font, int]]:
        """What a page draws, in order."""
        fonts = self.fonts(page)
        drawn: list[tuple[Font, int]] = []
        current = b""
        content = self.stream(self.link(page, b"Contents"))
        # other strings, such as marks of language, are not drawn
        for token in re.finditer(rb"/(f\d+) [\d.]+ Tf|" + SHOWN, content, re.DOTALL):
            current = token[1] or current
            for string in re.findall(STRING, token[0], re.DOTALL) if token[1] is None else ():
                raw = unescaped(string)
                pairs = zip(raw[::2], raw[1::2], strict=True)
                drawn += [(fonts[current], high * 256 + low) for high, low in pairs]
        return drawn

    def text(self, page: int) -> str:
        """All letters of a page without blanks: lines are no business of the file."""
        return squeezed("".join(font.letters.get(glyph, "�") for font, glyph in self.glyphs(page)))

    def figures(self) -> list[tuple[float, float, float, float]]:
        """Where pictures stand, in points from the lower left: left, bottom, right, top."""
        boxes = []
        for body in self.objects.values():
            if b"/S/Figure" in body:
                (box,) = re.findall(rb"/BBox\[(.*?)\]", body)
                left, bottom, right, top = (float(number) for number in box.split())
                boxes.append((left, bottom, right, top))
        return boxes


def squeezed(text: str) -> str:
    """A text without its blanks."""
    return "".join(text.split())


def unescaped(raw: bytes) -> bytes:
    """The bytes of a PDF string."""

    def byte(match: re.Match[bytes]) -> bytes:
        code = match[1]
        return bytes([int(code, 8)]) if code.isdigit() else bytes([ESCAPES.get(code, code[0])])

    return re.sub(rb"\\(\d{1,3}|.)", byte, raw, flags=re.DOTALL)


def darkness(png: bytes) -> Bitmap:
    """Which pixels of a PNG (8 bits a colour, not interlaced) are dark, by rows."""
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    size = {2: 3, 6: 4}[png[25]]
    packed = b"".join(chunks(png, b"IDAT"))
    raw = zlib.decompress(packed)
    before = bytes(width * size)
    rows: Bitmap = []
    for number in range(height):
        start = number * (width * size + 1)
        line = unfiltered(raw[start], raw[start + 1 : start + 1 + width * size], before, size)
        rows.append([line[at * size] < 128 for at in range(width)])
        before = line
    return rows


def chunks(png: bytes, kind: bytes) -> list[bytes]:
    """The contents of a PNG's chunks of one kind."""
    found, at = [], 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == kind:
            found.append(png[at + 8 : at + 8 + length])
        at += length + 12
    return found


def unfiltered(kind: int, line: bytes, above: bytes, size: int) -> bytes:
    """A line of a PNG as it was before its filter (PNG specification, section 9)."""
    made = bytearray()
    for at, value in enumerate(line):
        left = made[at - size] if at >= size else 0
        up = above[at]
        corner = above[at - size] if at >= size else 0
        guess = left + up - corner
        nearest = min((abs(guess - one), rank, one) for rank, one in enumerate((left, up, corner)))
        added = (0, left, up, (left + up) // 2, nearest[2])[kind]
        made.append((value + added) & 255)
    return bytes(made)
