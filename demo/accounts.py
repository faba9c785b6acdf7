"""Accounts with which the demonstration can be looked at, one for every role.

Of provincial officers there are two: one proposes, the other approves.
"""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from demo.responses import NEW_MAP, PROVINCE, NoHaTien, ha_tien
from offices.models import AdministrativeUnit, Membership, Office, User

# Without letters and digits that look alike.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in, and what of; no unit and no office means the administrator."""

    name: str
    who: str
    role: str = ""
    unit: AdministrativeUnit | None = None
    office: Office | None = None


def accounts() -> list[Account]:
    """The accounts of the demonstration. Raises NoHaTien where their places are missing."""
    _, ward, neighbour, _ = (office for office, _ in ha_tien())
    country = AdministrativeUnit.objects.filter(level=AdministrativeUnit.Level.COUNTRY).first()
    province = AdministrativeUnit.objects.filter(
        level=AdministrativeUnit.Level.PROVINCE, code=PROVINCE, valid_from__gte=NEW_MAP
    ).first()
    if country is None or province is None:
        raise NoHaTien("The registry has no province 91 of today. Load it: manage.py load_registry")
    role = Membership.Role
    return [
        Account("hatien", ward.name, role.OFFICE_HEAD, office=ward),
        Account("tochau", neighbour.name, role.OFFICE_HEAD, office=neighbour),
        Account("motcua", ward.name, role.CLERK, office=ward),
        Account("phuong", ward.unit.full_name, role.UNIT_OFFICER, unit=ward.unit),
        Account("tinh", province.full_name, role.PROVINCIAL_OFFICER, unit=province),
        # what one of them proposes, the other approves
        Account("duyet", province.full_name, role.PROVINCIAL_OFFICER, unit=province),
        Account("phantich", province.full_name, role.ANALYST, unit=province),
        Account("thanhtra", province.full_name, role.AUDITOR, unit=province),
        Account("trunguong", country.full_name, role.AUDITOR, unit=country),
        Account("bonoivu", country.full_name, role.COUNTRY_OFFICER, unit=country),
        Account("vanhanh", country.full_name, role.OPERATOR, unit=country),
        Account("quantri", "Django admin"),
    ]


def make_accounts(file: Path) -> bool:
    """Makes the accounts and writes their passwords to `file`, for the owner's eyes only.

    Nothing is done where all of them and the file are there; where one is missing, all get new
    passwords, because the old ones are known to nobody. Returns whether anything was done.
    """
    wanted = accounts()
    names = [account.name for account in wanted]
    if file.exists() and User.objects.filter(username__in=names).count() == len(names):
        return False
    rows = []
    with transaction.atomic():
        for account in wanted:
            password = "-".join(
                "".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4)
            )
            _make(account, password)
            rows.append((account.who, account.role or "superuser", account.name, password))
        _write(file, [("who", "role", "account", "password"), *rows])
    return True


def _make(account: Account, password: str) -> None:
    administers = not account.role
    user, _ = User.objects.get_or_create(username=account.name)
    user.is_staff = user.is_superuser = administers
    user.set_password(password)
    user.save()
    user.memberships.all().delete()
    if not administers:
        Membership.objects.create(
            user=user, role=account.role, unit=account.unit, office=account.office
        )


def _write(file: Path, rows: Sequence[tuple[str, ...]]) -> None:
    """A table of text. Never readable by others, not even for a moment."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)) for row in rows]
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write("".join(f"{line.rstrip()}\n" for line in lines))
    beside.replace(file)
