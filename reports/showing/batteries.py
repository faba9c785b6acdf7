"""What a tablet told of its battery and of what waits on it, in words."""

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from surveys.models import Tablet


def battery_words(tablet: Tablet) -> str:
    """Its level and whether it charges, as last told; that it does not tell, where it does not."""
    if tablet.battery is None:
        return _("battery not told")
    said = {"level": tablet.battery}
    if tablet.charging is None:
        return level_words(tablet)
    if tablet.charging:
        return _("battery %(level)s %%, charging") % said
    return _("battery %(level)s %%, not charging") % said


def level_words(tablet: Tablet) -> str:
    """The level of its battery alone."""
    return _("battery %(level)s %%") % {"level": tablet.battery}


def waiting_words(tablet: Tablet) -> str:
    """How many answers wait on it."""
    waiting = tablet.waiting or 0
    said = ngettext("%(number)s answer not sent", "%(number)s answers not sent", waiting)
    return said % {"number": number_format(waiting, force_grouping=True)}


def unsent_words(tablet: Tablet) -> str:
    """How many answers wait on it, and whether for long; empty where none does."""
    if not tablet.waiting:
        return ""
    said = waiting_words(tablet)
    if tablet.waits_long:
        return _("%(unsent)s, for over a day") % {"unsent": said}
    return said


def told_at_words(tablet: Tablet) -> str:
    """When it told this; empty where it was never heard."""
    if tablet.heard_at is None:
        return ""
    return _("told at %(at)s") % {"at": f"{timezone.localtime(tablet.heard_at):%H:%M %d/%m/%Y}"}
