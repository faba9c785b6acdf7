"""One answer for a theme: it becomes the reply to each remark it was written for, and a row.

open_by_theme(office)   answer_theme(office, theme, keys, text, by)   publish(reply, by)
"""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from audit.actors import official
from audit.recording import record
from offices.access import require
from offices.models import Office, User
from offices.rights import Action
from surveys.models import Remark, Theme, ThemeReply
from surveys.remarks import steps
from surveys.remarks.steps import IN_TURN, WITH_OFFICE
from surveys.remarks.text import clean_text

TEN = 10
# At once: a page of them can still be read.
MOST = 100


def open_by_theme(office: Office) -> dict[int, int]:
    """How many remarks wait for the office, by theme; those without one are not in it."""
    waiting = _waiting(office).exclude(theme=None).order_by()
    return dict(waiting.values_list("theme").annotate(Count("key")))


def open_of(office: Office, theme: Theme) -> list[Remark]:
    """Those of a theme, in their turn; at most MOST."""
    waiting = _waiting(office).filter(theme=theme).select_related("office")
    return list(waiting.order_by(*IN_TURN)[:MOST])


def _waiting(office: Office) -> QuerySet[Remark]:
    return Remark.objects.filter(WITH_OFFICE, office=office, released_on__isnull=False)


@transaction.atomic
def answer_theme(
    office: Office, theme: Theme, keys: Collection[UUID], text: str, by: User
) -> tuple[ThemeReply, int]:
    """Replies to the remarks with these keys that wait and are of the theme; says how many.

    Raises Missing for anyone who may not answer, and RemarkNotPossible for a reply that is too
    short or has blanks, and where none of them waits any more; then nothing is changed.
    """
    require(by, Action.ANSWER, office)
    chosen = [one for one in open_of(office, theme) if one.key in keys]
    if not chosen:
        raise steps.RemarkNotPossible(steps.RemarkObstacle.NO_SUCH_STEP)
    for remark in chosen:
        steps.answer(remark, text, by)
    made = ThemeReply.objects.create(
        office=office,
        theme=theme,
        text=clean_text(text)[: steps.LONGEST_REPLY],
        day=timezone.localdate(),
        tens=len(chosen) // TEN * TEN,
        by=by,
        simulated=all(remark.simulated for remark in chosen),
    )
    return made, len(chosen)


@transaction.atomic
def publish(reply: ThemeReply, by: User, *, shown: bool = True) -> None:
    """Lets everybody read the answer on the office's public page, or no longer.

    Raises Missing for anyone who may not publish replies.
    """
    require(by, Action.PUBLISH_REPLIES, reply.office)
    reply.published_at = timezone.now() if shown else None
    reply.save(update_fields=["published_at"])
    record(
        "theme_reply.published" if shown else "theme_reply.hidden",
        subject=str(reply.pk),
        office_id=reply.office_id,
        by=official(by),
    )
