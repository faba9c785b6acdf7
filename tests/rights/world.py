"""Two provinces with one of everything that an address may name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.utils import timezone

from accounts.drafts import PURPOSE
from accounts.models import Draft, SignInSession
from accounts.sealing import sealed
from offices.models import AdministrativeUnit, Counter, Office, Proposal, User
from offices.proposals.kinds import KINDS
from offices.rights import Role, Scope
from reports.models import NightStep, Release
from reports.night import leases, nights
from surveys.invitations import integrations
from surveys.models import Exclusion, Integration, QuestionnaireDraft, Remark, Tablet
from surveys.questionnaires.drafts import bring
from surveys.questionnaires.reader import FOLDER
from surveys.remarks import contacts
from tests import factories

DAY = date(2025, 6, 1)
PERIOD = "month.2025-06-01"
PHONE = "0987 654 321"
WAITS, ANSWERED, REPLY = "Ghế gãy hàng thứ bảy", "Quạt trần kêu rất to", "Đã thay chiếc quạt ấy."


@dataclass(frozen=True)
class Province:
    """A province, a commune, its office, and one of everything that belongs to them."""

    province: AdministrativeUnit
    commune: AdministrativeUnit
    office: Office
    release: Release
    exclusion: Exclusion
    waits: Remark
    answered: Remark
    tablet: Tablet
    clerk: User
    officer: User
    integration: Integration
    key: str
    proposals: tuple[Proposal, ...]
    proposer: User
    counter: Counter

    def place(self, scope: Scope) -> Office | AdministrativeUnit:
        """Where a role is held in this province; the country's is in none."""
        places: dict[Scope, Office | AdministrativeUnit] = {
            Scope.PROVINCE: self.province,
            Scope.UNIT: self.commune,
            Scope.OFFICE: self.office,
            Scope.COUNTRY: factories.country(),
        }
        return places[scope]


# What the previews of all kinds read of what was seen when it was proposed.
FACTS = ("communes", "successor", "closing", "heir")


@dataclass(frozen=True)
class Common:
    """What belongs to no place: somebody's account, and a questionnaire that was brought."""

    owner: User
    session: SignInSession
    unsent: Draft
    passkey: Authenticator  # of yet another account: a real one is made by a browser
    draft: QuestionnaireDraft


def province(draft: QuestionnaireDraft | None = None) -> Province:
    """One that was just made. draft: what a proposal of the country is about; else a new one."""
    draft = draft or brought(factories.user())
    made = factories.province()
    commune = factories.unit(parent=made)
    office = factories.office(commune)
    today = timezone.localdate()
    released = {"released_on": today, "due_on": today + timedelta(days=7)}
    remarks = [
        Remark.objects.create(office=office, response_id=uuid4(), day=DAY, **given, **released)
        for given in (
            {"text": WAITS},
            {"text": ANSWERED, "reply": REPLY, "state": Remark.State.ANSWERED},
        )
    ]
    for remark in remarks:
        contacts.keep(office.pk, remark.key, PHONE, timezone.localtime())
    # of the time before tablets were consented to, so that there is no proposal beside the others
    tablet = Tablet.objects.create(
        office=office, name="Quầy 1", form="counter", secret=uuid4().bytes, paired_on=today
    )
    exclusion = Exclusion.objects.create(
        office=office, first_day=DAY, last_day=DAY, reason="Phiếu do cán bộ tự bấm",
        made_by=factories.user(), made_at=timezone.now(),
    )  # fmt: skip
    made_key = integrations.make("Cổng của tỉnh", made)
    proposer = factories.user()
    return Province(
        province=made,
        commune=commune,
        office=office,
        release=Release.objects.create(
            slug=f"{made.code}-thang-6", unit=made, period="month", start=DAY, revision=1,
            made_at=timezone.now(), policy={"batch": 10, "minimum_people": 10, "name": "x",
            "version": 1}, instruments={}, people=0, simulated=False,
        ),
        exclusion=exclusion,
        waits=remarks[0],
        answered=remarks[1],
        tablet=tablet,
        clerk=factories.official(office, Role.CLERK),
        officer=factories.official(made, Role.PROVINCIAL_OFFICER),
        integration=made_key.integration,
        key=made_key.key,
        proposals=tuple(_proposals(made, office, exclusion, draft, proposer)),
        proposer=proposer,
        counter=Counter.objects.create(office=office, number=9, name="Quầy 9"),
    )  # fmt: skip


def _proposals(
    unit: AdministrativeUnit,
    office: Office,
    exclusion: Exclusion,
    draft: QuestionnaireDraft,
    by: User,
) -> Iterator[Proposal]:
    """One of each kind that is known, by somebody who holds nothing any more."""
    of_office: dict[str, dict[str, object]] = {
        "dossiers": {"cells": [], "sources": {}},
        "exclusion": {
            "first_day": f"{DAY}", "last_day": f"{DAY}", "flags": 0, "channel": None,
            "counter": None,
        },
        "exclusion_lift": {"exclusion": exclusion.pk},
        "flood": {"holds": [], "accept": False},
        "outbox": {"counts": {}},
        "tablet": {"name": "Quầy 9", "form": "counter", "counter": None},
    }  # fmt: skip
    of_unit: dict[str, dict[str, object]] = {
        "release": {"period": "month", "start": f"{DAY}"},
        "public_release": {"release": f"{unit.code}-thang-6"},
        "merger": {
            "predecessors": [office.unit_id],
            "successor": factories.unit(parent=unit).pk,
            "new": None,
            "effective_on": f"{timezone.localdate()}",
            "basis": "Nghị quyết số 1",
        },
    }
    of_country: dict[str, dict[str, object]] = {
        "questionnaire": {
            "draft": draft.pk,
            "text": draft.text_hash,
            "slug": draft.slug,
            "version": draft.version,
        },
        "questionnaire_state": {"instrument": ["counter", 1], "to": "retired"},
    }
    for kind in KINDS.values():
        is_of_office = kind.name in of_office
        known = of_office if is_of_office else of_unit if kind.name in of_unit else of_country
        stands_in = unit if known is of_unit else factories.country()
        yield Proposal.objects.create(
            kind=kind.name, payload=known[kind.name], payload_hash=f"{uuid4().hex}", basis="",
            facts={**dict.fromkeys(FACTS, "–"), "people": "0"}, reason="Để thử các quyền",
            proposed_by=by, proposed_at=timezone.now(), office=office if is_of_office else None,
            unit=None if is_of_office else stands_in,
        )  # fmt: skip


def brought(by: User) -> QuestionnaireDraft:
    """A questionnaire that somebody brought and nobody has put into use."""
    text = (FOLDER / "local-9.yaml").read_text("utf-8")
    return bring(text.encode(), "phieu.yaml", by)


def common() -> Common:
    """Somebody who holds no role, and what is theirs alone."""
    owner = factories.user()
    return Common(
        owner=owner,
        session=SignInSession.objects.create(
            key_hash="0" * 64, user=owner, data="", began_at=timezone.now(),
            seen_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=8),
        ),
        unsent=Draft.objects.create(
            user=owner, path="/bao-cao/ho-so/", sealed=sealed("[]", PURPOSE).encode(),
            made_at=timezone.now(),
        ),
        passkey=Authenticator.objects.create(
            user=factories.user(), type=Authenticator.Type.WEBAUTHN,
            data={"name": "USB", "credential": {}},
        ),
        draft=brought(owner),
    )  # fmt: skip


def failed_step() -> NightStep:
    """A step of last night that may run again."""
    night = nights.start(nights.due_day())
    begin = leases.take()
    assert begin is not None
    leases.finish(begin, {}, "ValueError: <3>")
    return night.steps.get(state=NightStep.State.FAILED)
