"""Draws the icons of the installed app from the product's mark.

    .venv/bin/python -m scripts.icons

Needs Chromium (CHROMIUM names another). The result is committed: nobody needs it to run the system.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ICONS = Path(__file__).resolve().parents[1] / "static" / "icons"
SIZES = (192, 512)
# As in templates/includes/brand.html. Systems cut a maskable icon to their own shape, so its ground
# fills the square and the mark keeps to the middle four fifths.
SIGN = "M7.5 8.5h17v11.5h-8.5l-4.5 4v-4h-4z"
SHAPES = {
    "any": ('rx="8"', ""),
    "maskable": ("", 'transform="translate(3.2 3.2) scale(.8)"'),
}


def drawing(purpose: str) -> str:
    """A page with the icon alone on it."""
    ground, mark = SHAPES[purpose]
    return (
        '<body style="margin:0"><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" '
        'style="display:block;width:100vw;height:100vh">'
        f'<rect width="32" height="32" {ground} fill="#0b57a4"/>'
        f'<path d="{SIGN}" {mark} fill="none" stroke="#fff" stroke-width="2.6" '
        'stroke-linejoin="round"/></svg></body>'
    )


def main() -> int:
    """Draws all of them anew."""
    ICONS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        for purpose in SHAPES:
            for size in SIZES:
                page = browser.new_page(viewport={"width": size, "height": size})
                page.set_content(drawing(purpose))
                page.screenshot(path=ICONS / f"{purpose}-{size}.png", omit_background=True)
                page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
