"""Destroying the keys whose links have ended, and saying so."""

import logging
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from surveys.invitations.keys import KeyFolder, key_folder
from surveys.invitations.token import GRACE
from surveys.invitations.told import YEARS_KEPT, has_ended
from surveys.models import DestroyedKey, ToldDossier

logger = logging.getLogger(__name__)


def ended(folder: KeyFolder, today: date) -> list[date]:
    """The days with a key that no link needs on `today`."""
    return [
        day
        for day in folder.days()
        if day + timedelta(days=settings.INVITATION_DAYS) + GRACE < today
    ]


def destroy_keys(today: date | None = None) -> list[date]:
    """Overwrites and deletes the keys and ledgers of days whose links have ended; returns the days.

    Whatever it is interrupted at, the next run ends it: the folder of a day goes last, after the
    record of its end.
    """
    on = today or timezone.localdate()
    folder = key_folder()
    days = ended(folder, on)
    for day in days:
        folder.empty(day)
        DestroyedKey.objects.get_or_create(day=day, defaults={"destroyed_on": on})
        folder.remove(day)
        logger.info("the key for invitations of %s is destroyed", day)
    return days


def destroy_years(today: date | None = None) -> list[int]:
    """Destroys the keys of years and the dossiers told under them; returns the years.

    Whatever it is interrupted at, the next run ends it: the folder of a year goes last.
    """
    on = today or timezone.localdate()
    folder = key_folder()
    years = [year for year in folder.years() if has_ended(year, on)]
    for year in years:
        folder.empty(year)
    # of a year whose key was lost, too
    ToldDossier.objects.filter(year__lt=on.year - YEARS_KEPT).delete()
    for year in years:
        folder.remove(year)
        logger.info("the key for dossiers of %s is destroyed", year)
    return years
