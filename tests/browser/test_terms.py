"""No line of a question breaks a term of several syllables apart."""

import pytest
from playwright.sync_api import expect

from offices.models import Office
from surveys.questionnaires.terms import TERMS, unbroken
from tests.browser.sight import FORMS
from tests.browser.survey import Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Terms of what is asked that lie on more than one line, and how many there are at all.
BROKEN = """(terms) => {
  const found = new RegExp(terms.join("|").replaceAll(" ", "\\\\s"), "giu");
  const broken = [];
  let all = 0;
  for (const asked of document.querySelectorAll("h1, legend, .question")) {
    const walker = document.createTreeWalker(asked, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      for (const match of node.data.matchAll(found)) {
        const range = document.createRange();
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
        all += 1;
        if (lines.size > 1) broken.push(match[0]);
      }
    }
  }
  return [all, broken];
}"""


@pytest.mark.parametrize("width", [320, 360, 412])
@pytest.mark.parametrize("form", FORMS)
def test_no_line_breaks_a_term(visit: Open, office: Office, form: str, width: int) -> None:
    page = visit(
        f"/ks/{office.slug}/{form}/",
        viewport={"width": width, "height": 800},
        java_script_enabled=False,
    )
    seen = 0
    while page.get_by_role("button", name="Gửi phiếu").count() == 0:
        expect(page.locator("fieldset.scale").first).to_be_visible()
        number, broken = page.evaluate(BROKEN, list(TERMS))
        assert broken == []
        seen += number
        with page.expect_navigation():  # else the page before would be looked at once more
            page.locator(".actions button.action").click()
    assert seen > 0


def test_a_term_is_held_together_and_nothing_else() -> None:
    assert unbroken("Việc Xử lý hồ sơ tại xử lý.") == (
        "Việc Xử\N{NO-BREAK SPACE}lý hồ\N{NO-BREAK SPACE}sơ tại xử\N{NO-BREAK SPACE}lý."
    )
    assert unbroken("Trang thiết bị") == "Trang\N{NO-BREAK SPACE}thiết\N{NO-BREAK SPACE}bị"
    for untouched in ("How was it?", "bộ hồ sơn", "axử lý", ""):
        assert unbroken(untouched) == untouched
