"""A questionnaire is brought, looked at, put into use by two persons, and taken out of use."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from offices.models import Membership, User
from offices.proposals import CannotCarryOut, NotProposed, approve
from offices.rights import Role
from officials.administration.mistakes import TEXTS
from surveys.models import Instrument, QuestionnaireDraft, Response
from surveys.questionnaires import catalogue, drafts
from surveys.questionnaires.drafts import bring, propose_live, propose_retiring
from surveys.questionnaires.entry import BadFile
from surveys.questionnaires.load import load_instruments
from surveys.questionnaires.reader import FOLDER
from tests import factories

pytestmark = pytest.mark.django_db
FORMS = reverse("officials:questionnaires")
TEXT = (FOLDER / "local-9.yaml").read_text("utf-8")
NEXT = TEXT.replace("version: 1", "version: 2").replace("lịch sự.", "lịch sự, đúng mực.")
WHY = "Công văn số 12/BNV-CCHC"


def officer() -> User:
    """Who puts questionnaires into use."""
    user = factories.user()
    country = factories.country()
    Membership.objects.create(user=user, role=Role.COUNTRY_OFFICER, unit=country)
    return user


def browser(user: User) -> Client:
    """Signed in."""
    client = Client()
    client.force_login(user)
    return client


def sent(text: str | bytes, name: str = "phieu.yaml") -> dict[str, SimpleUploadedFile]:
    """A file as a browser sends it."""
    content = text.encode() if isinstance(text, str) else text
    return {"file": SimpleUploadedFile(name, content)}


def test_only_who_may_sees_and_brings() -> None:
    province = factories.province()
    user = factories.user()
    Membership.objects.create(user=user, role=Role.PROVINCIAL_OFFICER, unit=province)
    draft = bring(TEXT.encode(), "x.yaml", officer())
    pages = [FORMS, *(reverse(f"officials:{name}", args=[draft.pk]) for name in PAGES)]
    for page in pages:
        assert Client().get(page).status_code == 302
        assert browser(user).get(page).status_code == 403
        assert browser(user).post(page, {"reason": WHY}).status_code == 403


PAGES = ("questionnaire", "questionnaire_preview")


def test_a_file_becomes_a_draft_and_no_instrument() -> None:
    client = browser(officer())
    answer = client.post(FORMS, sent(TEXT))
    draft = QuestionnaireDraft.objects.get()
    assert answer.headers["Location"] == reverse("officials:questionnaire", args=[draft.pk])
    assert draft.text == TEXT
    assert not Instrument.objects.exists()
    assert Entry.objects.get(action="questionnaire.brought").subject == "local-9 v1"
    assert "Mẫu phiếu mới" in client.get(answer.headers["Location"]).content.decode()


def test_several_mistakes_are_named_with_their_lines() -> None:
    wrong = TEXT.replace("status: offered", "status: often").replace("code: Q2", "code: q2")
    wrong = wrong.replace('vi: "Công chức có thái độ', 'xi: "Công chức có thái độ')
    answer = browser(officer()).post(FORMS, sent(wrong))
    assert answer.status_code == 422
    page = answer.content.decode()
    lines = wrong.splitlines()
    for part in ("status: often", "code: q2"):
        number = next(nth for nth, line in enumerate(lines, 1) if part in line)
        assert f"</span> {number}</th>" in page
    assert "`status` đang ghi là often. Xin ghi `default`" in page
    assert "Xin ghi theo dạng A1." in page
    assert "Thiếu `vi`" in page
    assert not QuestionnaireDraft.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xff\xfe", "không theo mã UTF-8"),
        (b"a" * (drafts.MOST_BYTES + 1), "ệp quá lớn"),
        ("a: [", "hông đọc được cú pháp"),
        ("a: &x [1]\nb: *x\n", "đây dùng tham chiếu"),
        ("[" * 5000, "hông đọc được cú pháp"),
        ("7", "hông phải là các dòng"),
        (TEXT.replace("status: offered", "status: archive"), "đang ghi là `archive`"),
    ],
)
def test_what_is_no_questionnaire_is_refused(text: str | bytes, said: str) -> None:
    answer = browser(officer()).post(FORMS, sent(text))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not QuestionnaireDraft.objects.exists()


def test_without_a_file_a_sentence_says_so() -> None:
    answer = browser(officer()).post(FORMS, {})
    assert answer.status_code == 422
    assert "Xin chọn tệp mẫu phiếu." in answer.content.decode()


def test_a_version_that_is_there_is_never_changed() -> None:
    load_instruments()
    with pytest.raises(BadFile, match="give version 2"):
        bring(TEXT.replace("lịch sự", "nhã nhặn").encode(), "x.yaml", officer())


def test_two_persons_put_it_into_use() -> None:
    load_instruments()
    first, second = officer(), officer()
    draft = bring(NEXT.encode(), "x.yaml", first)
    page = browser(second).get(reverse("officials:questionnaire", args=[draft.pk]))
    assert "lịch sự, đúng mực." in page.content.decode()
    proposal = propose_live(draft, first, WHY)
    with pytest.raises(PermissionDenied):
        approve(proposal, first)  # type: ignore[arg-type]
    approve(proposal, second)  # type: ignore[arg-type]
    made = Instrument.objects.get(slug="local-9", version=2)
    assert made.offered
    assert made.decided_on is not None
    draft.refresh_from_db()
    assert draft.state == QuestionnaireDraft.State.LIVE
    assert Entry.objects.filter(action="questionnaire.live").exists()
    with pytest.raises(NotProposed):
        propose_live(draft, first, WHY)


def test_whoever_brought_it_does_not_approve_it() -> None:
    first, second = officer(), officer()
    draft = bring(TEXT.encode(), "x.yaml", first)
    proposal = propose_live(draft, second, WHY)
    with pytest.raises(CannotCarryOut):
        approve(proposal, first)  # type: ignore[arg-type]
    assert not Instrument.objects.exists()


@pytest.mark.parametrize("change", [{"text": NEXT}, {"text": NEXT, "text_hash": "0" * 64}])
def test_what_was_changed_after_it_was_proposed_goes_nowhere(change: dict[str, str]) -> None:
    """Somebody with the database puts another text under the draft that was looked at."""
    first, second = officer(), officer()
    draft = bring(TEXT.encode(), "x.yaml", first)
    proposal = propose_live(draft, first, WHY)
    QuestionnaireDraft.objects.update(**change)
    with pytest.raises((CannotCarryOut, BadFile)):
        approve(proposal, second)  # type: ignore[arg-type]
    assert not Instrument.objects.exists()
    page = browser(second).get(reverse("officials:questionnaire", args=[draft.pk]))
    assert page.status_code == 200


def test_another_file_replaces_a_draft_and_its_proposal() -> None:
    first, second = officer(), officer()
    proposal = propose_live(bring(TEXT.encode(), "x.yaml", first), first, WHY)
    bring(TEXT.replace("lịch sự", "nhã nhặn").encode(), "y.yaml", first)
    with pytest.raises(CannotCarryOut):
        approve(proposal, second)  # type: ignore[arg-type]


def test_the_default_changes_by_two_persons_and_files_change_it_no_more() -> None:
    load_instruments()
    old = Instrument.objects.get(is_default=True)
    first, second = officer(), officer()
    text = NEXT.replace("status: offered", "status: default")
    approve(propose_live(bring(text.encode(), "x.yaml", first), first, WHY), second)  # type: ignore[arg-type]
    load_instruments()
    assert Instrument.objects.get(is_default=True).slug == "local-9"
    with pytest.raises(NotProposed):
        propose_retiring(Instrument.objects.get(is_default=True), first, WHY)
    old.refresh_from_db()
    approve(propose_retiring(old, first, WHY), second)  # type: ignore[arg-type]
    load_instruments()
    old.refresh_from_db()
    assert not old.offered
    assert old.was_offered


def test_retiring_is_proposed_on_the_page() -> None:
    load_instruments()
    client = browser(officer())
    address = reverse("officials:retire_questionnaire", args=["local-9", 1])
    assert client.post(address, {"reason": "vì"}).status_code == 422
    assert client.post(address, {"reason": WHY}).status_code == 302
    default = Instrument.objects.get(is_default=True)
    address = reverse("officials:retire_questionnaire", args=[default.slug, default.version])
    assert client.post(address, {"reason": WHY}).status_code == 422


def test_the_preview_is_the_citizens_page_and_stores_nothing() -> None:
    load_instruments()
    factories.office(name="Trung tâm Hà Tiên")
    client = browser(officer())
    draft = bring(NEXT.encode(), "x.yaml", officer())
    address = reverse("officials:questionnaire_preview", args=[draft.pk])
    page = client.get(address)
    assert page.status_code == 200
    said = page.content.decode()
    assert "XEM TRƯỚC" in said
    assert "js/citizen" not in said
    assert "lịch sự, đúng mực." in said
    entry = catalogue.entry_of(drafts.questionnaire_of(draft))
    answers = {item.code: "5" for item in entry.items}
    for number in range(5):
        page = client.post(address, {**answers, "page": str(number), "remark": "x"})
        if page.status_code == 302:
            break
    assert page.headers["Location"] == reverse("officials:questionnaire", args=[draft.pk])
    for wrong in ("-1", "99999", "x", "٣"):
        assert client.post(address, {"page": wrong, "Q1": "77"}).status_code in (200, 302)
    assert not Response.objects.exists()


def test_pages_know_every_sentence_of_the_reader() -> None:
    used = set()
    for path in (Path(drafts.__file__).parent).glob("*.py"):
        for part in path.read_text("utf-8").split("told(")[1:]:
            text = part.strip()
            if text.startswith('"'):
                used.add(text[1:].partition('"')[0])
    assert len(used) > 60
    assert {text for text in used if not any(one.startswith(text) for one in TEXTS)} == set()
