"""What tests are made of: units, offices, instruments, responses; few words, real rows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from django.db.models import QuerySet
from django.utils import timezone

from audit.models import Entry
from offices import directory
from offices.models import (
    AdministrativeUnit,
    Counter,
    Field,
    Membership,
    Office,
    Procedure,
    Proposal,
    User,
)
from offices.registry.centres import centres
from offices.registry.load import load, read_registry
from offices.rights import Scope, scopes_of
from reports.models import OfficeRhythm
from surveys.devices import tablets
from surveys.intake.submit import Receipt, Submission, submit
from surveys.models import Channel, Criterion, Factor, Instrument, Response, State, Tablet
from surveys.questionnaires import catalogue

_numbers = count(1)
BEGIN = date(2008, 8, 1)
Level = AdministrativeUnit.Level
Role = Membership.Role
OFFICER_OF = {
    Scope.COUNTRY: Role.COUNTRY_OFFICER,
    Scope.PROVINCE: Role.PROVINCIAL_OFFICER,
    Scope.UNIT: Role.UNIT_OFFICER,
    Scope.OFFICE: Role.OFFICE_HEAD,
}


def unit(
    level: str = Level.COMMUNE,
    parent: AdministrativeUnit | None = None,
    *,
    name: str = "",
    kind: str = "phường",
    code: str = "",
    valid_from: date = BEGIN,
    valid_to: date | None = None,
) -> AdministrativeUnit:
    """A unit with a code of its own."""
    number = next(_numbers)
    return AdministrativeUnit.objects.create(
        level=level,
        code=code or str(number),
        kind=kind,
        name=name or f"Số {number}",
        parent=parent,
        valid_from=valid_from,
        valid_to=valid_to,
    )


def country() -> AdministrativeUnit:
    """The country, made once."""
    found = AdministrativeUnit.objects.filter(level=Level.COUNTRY).first()
    return found or unit(Level.COUNTRY, kind="nước", name="Việt Nam", code="VN")


def province(name: str = "", **given: object) -> AdministrativeUnit:
    """A province of the country."""
    return unit(Level.PROVINCE, country(), name=name, kind="tỉnh", **given)  # type: ignore[arg-type]


def office(
    place: AdministrativeUnit | None = None,
    *,
    slug: str = "",
    name: str = "",
    kind: str = Office.Kind.COMMUNE_CENTRE,
    valid_from: date = BEGIN,
    valid_to: date | None = None,
    today_unit: AdministrativeUnit | None = None,
    heir: Office | None = None,
) -> Office:
    """An office in a commune of a province of its own, unless `place` is given."""
    number = next(_numbers)
    stands_in = place or unit(Level.COMMUNE, province())
    made = Office.objects.create(
        slug=slug or f"co-quan-{number}",
        name=name or f"Trung tâm số {number}",
        kind=kind,
        unit=stands_in,
        today_unit=today_unit or (heir.today_unit if heir else stands_in),
        heir=heir,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    if heir is not None:
        heir.predecessors.add(made)
    return made


def procedure(
    code: str = "1.001193", field: str = "Hộ tịch", levels: str = "commune", **given: object
) -> Procedure:
    """A procedure in a field, both made once."""
    made, _ = Field.objects.get_or_create(slug=f"f-{abs(hash(field))}", defaults={"name": field})
    row = {"name": f"Thủ tục {code}", "field": made, "levels": levels, **given}
    found, _ = Procedure.objects.get_or_create(code=code, defaults=row)
    return found


def instrument(
    factors: Mapping[str, int] | None = None,
    *,
    slug: str = "",
    version: int = 1,
    default: bool = True,
    **given: object,
) -> Instrument:
    """An instrument of satisfaction criteria: `{"A": 2, "B": 1}` gives A1, A2, B1."""
    made = Instrument.objects.create(
        slug=slug or f"phieu-{next(_numbers)}",
        version=version,
        title={"vi": "Phiếu thử"},
        labels={"office": [{"from": None, "to": None, "text": {"vi": "Trung tâm"}}]},
        source="test",
        is_default=default,
        content_hash=str(next(_numbers)),
        **{"was_offered": given.get("offered", True), **given},
    )
    position = 0
    options = [{"value": value, "text": {"vi": f"Mức {value}"}} for value in range(1, 6)]
    for rank, (code, size) in enumerate((factors or {"A": 2, "B": 1}).items()):
        factor = Factor.objects.create(
            instrument=made,
            position=rank,
            code=code,
            component="services",
            title={"vi": f"Yếu tố {code}"},
        )
        for number in range(1, size + 1):
            Criterion.objects.create(
                instrument=made,
                factor=factor,
                position=position,
                code=f"{code}{number}",
                scale=Criterion.Scale.SATISFACTION,
                text={"vi": f"Tiêu chí {code}{number} ở {{office}}"},
                options=options,
            )
            position += 1
    return made


def user(name: str = "", password: str = "", **given: object) -> User:
    """An official's account."""
    return User.objects.create_user(
        name or f"user{next(_numbers)}",
        password=password or None,
        **given,  # type: ignore[arg-type]
    )


def scope_of(place: Office | AdministrativeUnit) -> Scope:
    """What the table calls it."""
    return Scope.OFFICE if isinstance(place, Office) else Scope.of_level(place.level)


def roles_of(place: Office | AdministrativeUnit) -> list[Role]:
    """The roles that may be held here."""
    return [role for role in Role if scope_of(place) in scopes_of(role)]


def official(
    place: Office | AdministrativeUnit, role: Role | None = None, *, account: User | None = None
) -> User:
    """An official who holds a role here; without one, the officer of a unit, the head of an office.

    account: who gets the role; else a new account. A role may only be held where the table knows
    it: a test of anything else makes its row itself.
    """
    office = place if isinstance(place, Office) else None
    unit = None if isinstance(place, Office) else place
    role = role or OFFICER_OF[scope_of(place)]
    assert role in roles_of(place), f"{role} is not held in: {scope_of(place)}"
    holder = account or user()
    Membership.objects.create(user=holder, role=role, unit=unit, office=office)
    return holder


def submission(
    where: Office, answers: Sequence[int] | Mapping[str, int], **given: object
) -> Submission:
    """A finished submission of the default instrument; answers by position or by code."""
    office_entry = directory.current().office(where.slug)
    entry = given.pop("instrument", None) or catalogue.current().default
    assert office_entry is not None
    assert isinstance(entry, catalogue.InstrumentEntry)
    if not isinstance(answers, Mapping):
        answers = {item.code: byte for item, byte in zip(entry.items, answers, strict=False)}
    fields: dict[str, object] = {
        "id": uuid4(),
        "step": 1,
        "finished": True,
        "channel": Channel.PHONE,
        "language": "vi",
        **given,
    }
    return Submission(office=office_entry, instrument=entry, answers=answers, **fields)  # type: ignore[arg-type]


def answer(
    where: Office,
    answers: Sequence[int] | Mapping[str, int],
    now: datetime | None = None,
    **given: object,
) -> Receipt:
    """Submits a finished form."""
    return submit(submission(where, answers, **given), now)


def rhythm(where: Office, turn: str = "night", instrument: Instrument | None = None) -> None:
    """So often the office's open figures move, in all years that tests speak of."""
    entry = instrument or catalogue.current().default
    assert entry is not None
    OfficeRhythm.objects.bulk_create(
        OfficeRhythm(office=where, instrument_id=entry.id, year=y, turn=turn)
        for y in range(2024, timezone.localdate().year + 2)
    )


def last_month_end() -> date:
    """The last day of last month: closing it closes its month, which then shows everybody."""
    return timezone.localdate().replace(day=1) - timedelta(days=1)


def responses(where: Office, people: int, **columns: object) -> None:
    """So many finished responses to the default instrument with these columns, as they stand.

    For what the intake would judge by itself, such as flags.
    """
    entry = catalogue.current().default
    assert entry is not None
    answers = columns.pop("answers", bytes([5] * len(entry.items)))
    assert isinstance(answers, bytes)
    answered(where, [answers] * people, **columns)


def answered(where: Office, said: Sequence[bytes], **columns: object) -> list[UUID]:
    """Finished responses as they stand, each with its packed answers; returns their ids."""
    made = [unsaved(where, form, **columns) for form in said]
    Response.objects.bulk_create(made)
    return [response.id for response in made]


def unsaved(where: Office, answers: bytes, **columns: object) -> Response:
    """A finished response as it would stand, with its packed answers; not stored."""
    entry = catalogue.current().default
    assert entry is not None
    row = {
        "office": where,
        "instrument_id": entry.id,
        "channel": Channel.PHONE,
        "state": State.FINISHED,
        "step": 1,
        "valid": True,
        "received_on": columns["day"],
        "hour": 9,
        "language": "vi",
        **columns,
    }
    return Response(id=uuid4(), answers=answers, **row)


def at(day: date, hour: int = 9) -> datetime:
    """A moment of that day in Việt Nam."""
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour, 10))


def acts() -> QuerySet[Entry]:
    """What the audit says was done, without the history of rows and without pages refused."""
    return Entry.objects.exclude(action__startswith="row.").exclude(
        action__in=("access.refused", "table.emptied")
    )


def tablet(
    office: Office, name: str = "Quầy 1", counter: Counter | None = None, form: str = "counter"
) -> Tablet:
    """A tablet to which the unit above consented; it is not paired yet."""
    now = timezone.now()
    consent = Proposal.objects.create(
        kind="tablet", office=office, payload={"name": name}, payload_hash=f"{uuid4()}",
        proposed_by=user(), proposed_at=now, state=Proposal.State.APPROVED, decided_by=user(),
        decided_at=now,
    )  # fmt: skip
    return tablets.admit(consent, counter.pk if counter else None, name, form)


def code(
    office: Office, name: str = "Quầy 1", counter: Counter | None = None, form: str = "counter"
) -> str:
    """The code that pairs such a tablet."""
    made = tablets.make_code(tablet(office, name, counter, form))
    assert made is not None
    return made


def the_whole_country() -> None:
    """The registry, and the office of every commune of today's map beside those it names."""
    load(read_registry())
    units = {
        (unit.code, unit.valid_from): unit
        for unit in AdministrativeUnit.objects.filter(level=Level.COMMUNE)
    }
    known = set(Office.objects.values_list("slug", flat=True))
    Office.objects.bulk_create(
        Office(
            slug=row.slug,
            kind=row.kind,
            name=row.name,
            unit=units[key],
            today_unit=units[key],
            valid_from=row.valid_from,
        )
        for key, row in centres().items()
        if row.slug not in known
    )
