"""Photographs the officials' pages of a demonstration into docs/images/.

    make demo        # in another terminal
    make pictures

Each page in Vietnamese, as wide as a phone, a tablet, a desk and a wall, and some as printed. Needs
Chromium (CHROMIUM names another). The result is committed: nobody needs it to run the system.
"""

import os
import re
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from launch import failure
from launch.failure import Failure

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
HEIGHTS = {360: 800, 768: 1024, 1280: 900, 1920: 1080}
SHEET = ViewportSize(width=794, height=1123)  # A4 at 96 dots an inch
EVERYWHERE = tuple(HEIGHTS)
DESK = (1280,)
UNIT = re.compile(r"/bao-cao/don-vi/(\d+)/")


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as one account sees it. address: `{unit}` is the key of the account's unit.

    printed: whether its first sheet is photographed too. closed: the last closed period is shown.
    whole: down to its end, as wide as a desk.
    """

    name: str
    account: str
    address: str
    widths: tuple[int, ...] = DESK
    printed: bool = False
    closed: bool = False
    whole: bool = False


OFFICE = "/bao-cao/co-quan/phuong-ha-tien/"
PROVINCE = "/bao-cao/don-vi/{unit}/"
PICTURES = (
    Picture("today-office", "hatien", "/bao-cao/", EVERYWHERE),
    Picture("figures-office", "hatien", OFFICE, (360, 1280), printed=True, closed=True),
    Picture("comparison-office", "hatien", f"{OFFICE}so-sanh/"),
    Picture("remarks-office", "hatien", f"{OFFICE}gop-y/", (360, 1280)),
    Picture("collecting-office", "hatien", f"{OFFICE}tien-do/"),
    Picture("figures-province", "tinh", PROVINCE, EVERYWHERE, closed=True, whole=True),
    Picture("comparison-province", "tinh", f"{PROVINCE}so-sanh/", (360, 1280, 1920)),
    Picture("reports-province", "tinh", f"{PROVINCE}bao-cao/"),
    Picture("inspection-province", "thanhtra", f"{PROVINCE}kiem-tra/"),
    Picture("figures-country", "bonoivu", PROVINCE, closed=True),
    Picture("nights", "vanhanh", "/bao-cao/dem/"),
)


def passwords(file: Path) -> dict[str, str]:
    """By account, as the demonstration wrote them down."""
    lines = [line.split() for line in file.read_text().splitlines()[1:]]
    return {words[-2]: words[-1] for words in lines if len(words) > 1}


def signed_in(browser: Browser, site: str, account: str, password: str) -> BrowserContext:
    """A browser of this person's."""
    context = browser.new_context(base_url=site, locale="vi-VN", color_scheme="light")
    page = context.new_page()
    page.goto("/dang-nhap/")
    page.get_by_label("Tên tài khoản").fill(account)
    page.locator("input[type=password]").fill(password)
    page.locator("input[type=password]").press("Enter")
    page.wait_for_url("**/bao-cao/**")
    page.close()
    return context


def photograph(page: Page, picture: Picture) -> list[Path]:
    """Writes its files. Raises Failure where the page does not answer."""
    page.goto("/bao-cao/")
    found = UNIT.search(page.content())
    address = picture.address.format(unit=found[1] if found else "")
    made = []
    for width in picture.widths:
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            raise Failure(f"{address} answers {answer and answer.status} to {picture.account}.")
        if picture.closed and page.locator(".period .tag", has_text="đang mở").count():
            page.locator(".period a[rel=prev]").click()
            page.wait_for_load_state()
        made.append(_saved(page, f"{picture.name}-{width}.png"))
    if picture.whole:
        page.set_viewport_size({"width": 1280, "height": HEIGHTS[1280]})
        made.append(_saved(page, f"{picture.name}-whole.png", whole=True))
    if picture.printed:
        page.set_viewport_size(SHEET)
        page.emulate_media(media="print")
        made.append(_saved(page, f"{picture.name}-print.png"))
        page.emulate_media(media="screen")
    return made


def _saved(page: Page, name: str, *, whole: bool = False) -> Path:
    page.evaluate("document.fonts.ready")
    file = FOLDER / name
    page.screenshot(path=file, animations="disabled", full_page=whole)
    return file


def main() -> int:
    """Takes all of them anew, or those that are named."""
    asked = ArgumentParser(description=__doc__)
    asked.add_argument("accounts", type=Path, help="the file of the demonstration's passwords")
    asked.add_argument("site", help="such as http://localhost:8000")
    asked.add_argument("names", nargs="*", help="only these pictures")
    given = asked.parse_args()
    known = passwords(given.accounts)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        contexts: dict[str, BrowserContext] = {}
        for picture in PICTURES:
            if given.names and picture.name not in given.names:
                continue
            name = picture.account
            if name not in contexts:
                contexts[name] = signed_in(browser, given.site, name, known[name])
            page = contexts[name].new_page()
            for file in photograph(page, picture):
                print(f"{file.name}: {file.stat().st_size // 1000} kB")
            page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    failure.run(main)
