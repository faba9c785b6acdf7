"""A questionnaire is brought, looked at, put into use by two persons, and taken out of use."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from audit.models import Entry
from offices.models import Membership, Proposal, User
from offices.proposals import (
    CannotCarryOut,
    ChangedMeanwhile,
    NotDecided,
    NotProposed,
    approve,
    kind_of,
)
from offices.rights import Role
from officials.administration.mistakes import TEXTS
from officials.approving.questionnaires import propose_state
from surveys.models import Instrument, QuestionnaireDraft, Response
from surveys.questionnaires import catalogue, drafts
from surveys.questionnaires.drafts import bring, propose_live
from surveys.questionnaires.entry import BadFile
from surveys.questionnaires.live import (
    DEFAULT,
    LIVE,
    RETIRED,
    StillAsked,
    go_live,
    retire,
    state_of,
)
from surveys.questionnaires.load import load_instruments
from surveys.questionnaires.reader import FOLDER
from surveys.questionnaires.terms import unbroken
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
        ("[" * 5000, "lồng nhau hơn 20 tầng"),
        ("7", "hông phải là các dòng"),
        (TEXT.replace("status: offered", "status: archive"), "đang ghi là `archive`"),
        (
            TEXT.replace("status: offered", "status: offered\nmethod: mean_of_factors"),
            "Xin ghi `pooled`, hoặc bỏ dòng này.",
        ),
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
    with pytest.raises(NotDecided):
        approve(proposal, first)
    approve(proposal, second)
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
        approve(proposal, first)
    assert not Instrument.objects.exists()


@pytest.mark.parametrize("change", [{"text": NEXT}, {"text": NEXT, "text_hash": "0" * 64}])
def test_what_was_changed_after_it_was_proposed_goes_nowhere(change: dict[str, str]) -> None:
    """Somebody with the database puts another text under the draft that was looked at."""
    first, second = officer(), officer()
    draft = bring(TEXT.encode(), "x.yaml", first)
    proposal = propose_live(draft, first, WHY)
    QuestionnaireDraft.objects.update(**change)
    with pytest.raises(CannotCarryOut):
        approve(proposal, second)
    assert not Instrument.objects.exists()
    page = browser(second).get(reverse("officials:questionnaire", args=[draft.pk]))
    assert page.status_code == 200


def test_another_file_replaces_a_draft_and_its_proposal() -> None:
    first, second = officer(), officer()
    proposal = propose_live(bring(TEXT.encode(), "x.yaml", first), first, WHY)
    bring(TEXT.replace("lịch sự", "nhã nhặn").encode(), "y.yaml", first)
    with pytest.raises(CannotCarryOut):
        approve(proposal, second)


def test_the_default_changes_by_two_persons_and_files_change_it_no_more() -> None:
    load_instruments()
    old = Instrument.objects.get(is_default=True)
    first, second = officer(), officer()
    text = NEXT.replace("status: offered", "status: default")
    approve(propose_live(bring(text.encode(), "x.yaml", first), first, WHY), second)
    load_instruments()
    assert Instrument.objects.get(is_default=True).slug == "local-9"
    with pytest.raises(NotProposed):
        propose_state(Instrument.objects.get(is_default=True), RETIRED, first, WHY)
    old.refresh_from_db()
    approve(propose_state(old, RETIRED, first, WHY), second)
    load_instruments()
    old.refresh_from_db()
    assert not old.offered
    assert old.was_offered


def state_page(slug: str, version: int) -> str:
    """Where a version's next state is proposed."""
    return reverse("officials:questionnaire_state", args=[slug, version])


def test_retiring_is_proposed_on_the_page() -> None:
    load_instruments()
    client = browser(officer())
    address = state_page("local-9", 1)
    assert client.post(address, {"to": RETIRED, "reason": "vì"}).status_code == 422
    assert client.post(address, {"reason": WHY}).status_code == 422
    assert not Proposal.objects.exists()
    assert client.post(address, {"to": RETIRED, "reason": WHY}).status_code == 302
    assert client.post(address, {"to": RETIRED, "reason": WHY}).status_code == 422
    made = Proposal.objects.get()
    assert f'href="/bao-cao/cho-duyet/{made.pk}/"' in client.get(FORMS).content.decode()
    default = Instrument.objects.get(is_default=True)
    address = state_page(default.slug, default.version)
    assert client.post(address, {"to": RETIRED, "reason": WHY}).status_code == 422
    assert Proposal.objects.count() == 1


def test_every_version_can_get_into_every_other_state_from_the_page() -> None:
    """An older version, and one that a file keeps as an archive, as well."""
    load_instruments()
    first, second = officer(), officer()
    approve(propose_live(bring(NEXT.encode(), "x.yaml", first), first, WHY), second)
    old = Instrument.objects.get(slug="local-9", version=1)
    archived = Instrument.objects.filter(offered=False)[0]
    client = browser(first)
    for one, to in (
        *((old, state) for state in (RETIRED, LIVE, DEFAULT)),
        *((archived, state) for state in (LIVE, RETIRED, DEFAULT)),
        (old, DEFAULT),
        (archived, RETIRED),
    ):
        address = state_page(one.slug, one.version)
        assert client.post(address, {"to": to, "reason": WHY}).status_code == 302
        approve(Proposal.objects.latest("pk"), second)
        one.refresh_from_db()
        assert (state_of(one), one.was_offered) == (to, True)
        assert Instrument.objects.filter(is_default=True).count() == 1


def test_the_state_of_a_brought_file_follows_its_version() -> None:
    load_instruments()
    first, second = officer(), officer()
    draft = bring(NEXT.encode(), "x.yaml", first)
    approve(propose_live(draft, first, WHY), second)
    made = Instrument.objects.get(slug="local-9", version=2)
    approve(propose_state(made, RETIRED, first, WHY), second)
    draft.refresh_from_db()
    assert (draft.state, draft.retired_on) == ("retired", timezone.localdate())
    assert Entry.objects.get(action="questionnaire.retired").subject == "local-9 v2"
    made.refresh_from_db()
    approve(propose_state(made, LIVE, first, WHY), second)
    draft.refresh_from_db()
    assert (draft.state, draft.retired_on) == ("live", None)


def test_whoever_decides_reads_what_differs_and_what_is_open() -> None:
    load_instruments()
    first, second = officer(), officer()
    text = NEXT.replace("status: offered", "status: default")
    draft = bring(text.encode(), "x.yaml", first)
    proposal = propose_live(draft, first, WHY)
    page = browser(second).get(f"/bao-cao/cho-duyet/{proposal.pk}/").content.decode()
    assert "lịch sự, đúng mực." in page
    assert reverse("officials:questionnaire", args=[draft.pk]) in page
    default = Instrument.objects.get(is_default=True)
    shown = kind_of(proposal).preview(proposal)
    assert f"({default.slug}.{default.version})" in str(shown.lines[0].was)
    assert "(local-9.2)" in str(shown.lines[0].now)
    (point,) = map(str, shown.points)
    assert "km" in point
    old = Instrument.objects.get(slug="local-9")
    old.criteria.filter(code="Q2").update(confirmed=False)
    points = {}
    for to in (RETIRED, DEFAULT):
        made = propose_state(old, to, first, WHY)
        points[to] = list(map(str, kind_of(made).preview(made).points))
    assert points[RETIRED] == []
    assert len(points[DEFAULT]) == 2
    assert points[DEFAULT][1].endswith(": 1")


def test_another_default_meanwhile_is_looked_at_again() -> None:
    load_instruments()
    first, second = officer(), officer()
    draft = propose_live(bring(NEXT.encode(), "x.yaml", first), first, WHY)
    with translation.override("en"):
        state = propose_state(Instrument.objects.get(slug="local-9"), DEFAULT, first, WHY)
        approve(state, second)
    with translation.override("vi"), pytest.raises(ChangedMeanwhile):
        approve(draft, second)
    assert not Instrument.objects.filter(slug="local-9", version=2).exists()


def test_a_proposal_is_carried_out_in_whatever_language() -> None:
    load_instruments()
    first, second = officer(), officer()
    with translation.override("vi"):
        made = propose_state(Instrument.objects.get(slug="local-9"), RETIRED, first, WHY)
    with translation.override("en"):
        approve(made, second)
    assert not Instrument.objects.get(slug="local-9").offered


@pytest.mark.parametrize("step", [retire, go_live])
def test_the_default_is_never_left_without_another(step: Callable[[Instrument], None]) -> None:
    """Somebody made it the default between the question and the act."""
    load_instruments()
    default = Instrument.objects.get(is_default=True)
    with pytest.raises(StillAsked):
        step(default)
    assert Instrument.objects.get(is_default=True) == default


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
    assert unbroken("lịch sự, đúng mực.") in said
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
