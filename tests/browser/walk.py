"""Every page that a citizen may see, one after the other, in any language."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from offices.models import Office
from surveys.models import Remark
from surveys.remarks.receipts import receipt_code
from tests.browser.survey import arrived

SATISFIED = '[value="4"]'


def go_on(page: Page) -> None:
    """Presses the large button of the form."""
    page.locator("form .actions .action").click()
    arrived(page)


def every_page(page: Page, office: Office, language: str, base: str) -> Iterator[str]:
    """Leads a person through the pages; yields the name of each while it is shown."""
    chosen = f"?ngon-ngu={language}"
    root = f"{base}/ks/"
    page.goto(f"{base}/{chosen}")
    yield "bare address"
    page.goto(root + chosen)
    yield "list of offices"
    page.goto(f"{root}?tim=" + office.unit.name)
    expect(page.locator(".found a").first).to_be_visible()
    yield "offices found"
    page.goto(f"{root}?tim=khong+co")
    yield "no office found"
    yield from _the_form(page, f"{root}{office.slug}/")
    yield from _the_reply(page, f"{root}phan-hoi/")
    Remark.objects.update(state=Remark.State.PUBLISHED, text="Ghế chờ ít", reply="Đã thêm ghế.")
    for address in ("tra-loi/", "poster/", "thong-bao/", "../khong-co/", "../huong-dan-can-bo/"):
        page.goto(f"{root}{office.slug}/{address}")
        yield address
    yield from _strangers(page, office, root, language)
    Office.objects.filter(pk=office.pk).update(valid_to="2020-01-01")
    page.goto(f"{root}{office.slug}/")
    yield "closed"


def _the_form(page: Page, address: str) -> Iterator[str]:
    page.goto(address)
    yield "first page"
    while page.locator("fieldset.scale").count():
        go_on(page)
    go_on(page)
    expect(page.locator(".error-summary")).to_be_visible()
    yield "nothing answered"
    page.locator(f"fieldset.scale input{SATISFIED}").first.check()
    page.goto(address)
    expect(page.locator("[data-choice=anew]")).to_be_visible()
    yield "answers that were not finished"
    page.locator("[data-choice=anew]").click()
    while page.locator("fieldset.scale").count():
        for number in range(page.locator("fieldset.scale").count()):
            page.locator("fieldset.scale").nth(number).locator(f"input{SATISFIED}").check()
        yield page.locator(".progress").inner_text()
        go_on(page)
    yield "last page"
    page.locator("textarea").evaluate("area => { area.removeAttribute('maxlength'); }")
    page.locator("textarea").fill("a" * 2001)
    go_on(page)
    expect(page.locator(".error-summary")).to_be_visible()
    yield "last page with an error"
    page.locator("textarea").fill("Xin gọi 0912345678")
    page.context.set_offline(True)
    go_on(page)
    expect(page.locator(".saving")).not_to_be_empty()
    yield "no network"
    page.context.set_offline(False)
    expect(page.locator("#thanks")).to_be_visible()
    yield "receipt"
    page.locator(".languages input[name=B1]").evaluate("field => { field.value = '1'; }")
    with page.expect_navigation():
        page.locator(".languages button").first.click()
    language = page.locator("html").get_attribute("lang")
    yield f"frozen, in {language}"


def _the_reply(page: Page, address: str) -> Iterator[str]:
    code = receipt_code(Remark.objects.get().response_id)
    today = timezone.localdate()
    changes: dict[str, dict[str, Any]] = {  # Any: fields of a remark
        "kept": {"reply": ""},
        "with the office": {"released_on": today, "due_on": today},
        "assigned": {"state": Remark.State.ASSIGNED},
        "answered": {"state": Remark.State.ANSWERED, "reply": "Xin cảm ơn Ông/Bà."},
        "closed remark": {"state": Remark.State.DONE},
        "no such code": {"receipt": b"another"},
    }
    page.goto(address)
    yield "code"
    page.locator("#code").fill("ABC")
    with page.expect_navigation():
        page.locator("form .actions .action").click()
    expect(page.locator(".error-summary")).to_be_visible()
    yield "code with an error"
    for name, change in changes.items():
        Remark.objects.update(**change)
        page.goto(address)
        page.locator("#code").fill(code)
        with page.expect_navigation():
            page.locator("form .actions .action").click()
        expect(page.locator("#code")).to_have_count(0)
        yield name


def _strangers(page: Page, office: Office, root: str, language: str) -> Iterator[str]:
    """The answers to what no browser of ours sends."""
    client = Client()
    refusals = {
        "foreign": client.post(
            f"/ks/{office.slug}/?ngon-ngu={language}",
            headers={"Sec-Fetch-Site": "cross-site", "Cookie": f"django_language={language}"},
        ),
        "damaged": client.post(
            f"/ks/{office.slug}/",
            {f"x{number}": "" for number in range(2000)},
            headers={"Cookie": f"django_language={language}"},
        ),
    }
    for _ in range(100):
        refusals["too many codes"] = client.post(
            f"/ks/phan-hoi/?ngon-ngu={language}",
            {"code": "AAAAA-AAAAA-AAAAA", "ngon-ngu": language},
        )
        if refusals["too many codes"].status_code == 429:
            break
    statuses = [answer.status_code for answer in refusals.values()]
    assert statuses == [403, 400, 429]
    for name, answer in refusals.items():
        page.route("**/ks/tu-choi/", partial(_give, answer.content))
        page.goto(f"{root}tu-choi/")
        page.unroute("**/ks/tu-choi/")
        yield name


def _give(html: bytes, route: Route) -> None:
    route.fulfill(body=html, content_type="text/html; charset=utf-8")
