"""Lists of finished dossiers that an office uploads or pastes: checked, shown, then sent or taken.

Nothing is stored before the days and contacts have been shown as they were understood: what is sent
or taken away names what was seen. What was brought stays in the form until it is right.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Self
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.recording import record
from offices.addresses import public_url
from offices.directory import OfficeEntry
from offices.models import Office
from offices.tables import FileRefused, Mistake, text_of
from surveys.invitations import issuing, mailing, messages
from surveys.invitations.handing import wake
from surveys.invitations.listing import (
    DayOrder,
    Listed,
    OrderAsked,
    ReadList,
    read_list,
    write_list,
)
from surveys.models import Stage


class ListForm(forms.Form):
    """A list of finished dossiers, as a file or as text; a file goes before the text."""

    file = forms.FileField(
        label=_("File of the list"),
        required=False,
        max_length=200,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt,text/csv"}),
    )
    text = forms.CharField(
        label=_("Or paste the list, with its headings"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
    # Of what was shown: what is sent, once, in which order days were read, and that it was seen.
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    order = forms.ChoiceField(
        required=False,
        choices=[(order.value, order.value) for order in DayOrder],
        widget=forms.HiddenInput,
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    # Of which text the order was told: of another one it says nothing.
    of = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        """One of both must be there."""
        cleaned = super().clean() or {}
        if not cleaned.get("file") and not str(cleaned.get("text") or "").strip():
            raise ValidationError(_("Choose the file with the dossiers, or paste the list."))
        return cleaned


@dataclass(frozen=True, slots=True)
class Brought:
    """A list as it was brought, and how it was understood: read, refused, or a question is open."""

    text: str = field(repr=False)
    key: UUID
    order: DayOrder | None
    read: ReadList | None = None
    refused: FileRefused | None = None
    asked: OrderAsked | None = None

    @classmethod
    def of(cls, form: ListForm, office: OfficeEntry) -> Self:
        """Reads what a valid form holds. Stores nothing."""
        given = form.cleaned_data
        order = DayOrder(given["order"]) if given["order"] else None
        text = given["text"]
        content = text.encode()
        if given["file"]:
            content = given["file"].read()
            text = text_of(content)
        # as a browser sends it back, and without signs that no field holds
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        if given["of"] != _mark(text):
            order = None
        try:
            read = read_list(content, office, timezone.localdate(), order)
        except FileRefused as wrong:
            return cls(text, uuid4(), order, refused=wrong)
        except OrderAsked as asked:
            return cls(text, uuid4(), order, asked=asked)
        brought = cls(text, given["key"] or uuid4(), order, read=read)
        # another list than the one that was shown is to be sent for itself
        return brought if brought.is_seen(form) else replace(brought, key=uuid4())

    @property
    def mark(self) -> str:
        """What stands for the list as it is and as it was read."""
        order = self.read.order.value if self.read else ""
        return sha256(f"{order}\0{self.text}".encode()).hexdigest()

    def is_seen(self, form: ListForm) -> bool:
        """Whether it was shown as it was understood before this was asked for."""
        return not form.cleaned_data["file"] and form.cleaned_data["seen"] == self.mark

    def shown(self) -> Mapping[str, object]:
        """What the page needs to show it, with the form as it was filled in."""
        kept: dict[str, object] = {"text": self.text, "key": self.key, "of": _mark(self.text)}
        if self.order:
            kept["order"] = self.order.value
        if self.read:
            kept["seen"] = self.mark
        return {
            "form": ListForm(initial=kept),
            "refused": self.refused,
            "asked": self.asked,
            "preview": Preview.of(self.read.listed) if self.read else None,
        }


@dataclass(frozen=True, slots=True)
class Preview:
    """A list as it was understood. days: how many dossiers each has; understood: contacts.

    wrong: lines to whose contact nobody can write; nowhere: how many lines have none; before: how
    many dossiers have their message already.
    """

    size: int
    days: Sequence[tuple[date, int]]
    texts: int
    mails: int
    nowhere: int
    before: int
    refusals: int
    untold: int
    understood: Sequence[tuple[int, str, str]]
    wrong: Sequence[tuple[int, str]]

    @property
    def recipients(self) -> int:
        """To how many a message would be sent."""
        return self.texts + self.mails - self.before

    @classmethod
    def of(cls, listed: Sequence[Listed]) -> Self:
        """The preview of a list."""
        mails = sum(messages.is_mail(one.send_to) for one in listed)
        return cls(
            size=len(listed),
            days=sorted(Counter(one.wish.finished_on for one in listed).items()),
            texts=sum(bool(one.send_to) for one in listed) - mails,
            mails=mails,
            nowhere=sum(not one.written_to for one in listed),
            before=mailing.has_message(listed),
            refusals=sum(one.wish.stage == Stage.REFUSED for one in listed),
            untold=sum(not one.is_stage_told for one in listed),
            understood=[
                (one.line, one.written_to, as_read)
                for one in listed
                if one.send_to and (as_read := _as_read(one)) != one.written_to
            ],
            wrong=[
                (one.line, messages.masked(one.written_to))
                for one in listed
                if one.written_to and not one.send_to
            ],
        )


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _as_read(one: Listed) -> str:
    """A contact as people write it; as it was written where only blanks and dots differ."""
    if messages.number_of(one.written_to) or messages.is_mail(one.send_to):
        return one.written_to if messages.number_of(one.written_to) else one.send_to
    return f"0{one.send_to[3:]}"


def take_away(office: Office, brought: Brought) -> HttpResponse:
    """The links of a list as a file. Raises FileRefused."""
    listed = _listed(brought)
    try:
        links = issuing.issue([one.wish for one in listed])
    except issuing.NotInvited as refused:
        sentence = str(issuing.SENTENCES[refused.reason])
        raise FileRefused([Mistake(listed[refused.at].line, "", sentence)], 1) from None
    # before anything leaves: what cannot be noted is not handed out
    record(
        "invitations.listed",
        subject=office.slug,
        office_id=office.pk,
        details={
            "size": len(links),
            "known": sum(link.known for link in links),
            "recipients": sum(bool(one.send_to) for one in listed),
        },
    )
    answer = HttpResponse(
        write_list(listed, links, public_url("")), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="loi-moi-{office.slug}.csv"'
    return answer


def send(office: Office, brought: Brought) -> HttpResponse:
    """Has a list sent, once, however often it is asked for."""
    listed = _listed(brought)
    with transaction.atomic():
        if mailing.start(brought.key, office.pk, listed):
            recipients = sum(bool(one.send_to) for one in listed)
            details = {"size": len(listed), "recipients": recipients}
            record("invitations.sent", subject=office.slug, office_id=office.pk, details=details)
    wake()
    return redirect("officials:invitations", office.slug)


def again(office: Office, key: UUID) -> None:
    """Has sent again what of a list could not be sent."""
    with transaction.atomic():
        asked = mailing.again(key, office.pk)
        if asked:
            details = {"size": asked, "again": True}
            record("invitations.asked", subject=office.slug, office_id=office.pk, details=details)
    wake()


def end(office: Office, key: UUID) -> None:
    """Forgets a list, and what of it was not sent is not sent any more."""
    with transaction.atomic():
        unsent = mailing.end(key, office.pk)
        if unsent:
            details = {"size": unsent}
            record("invitations.ended", subject=office.slug, office_id=office.pk, details=details)


def key_of(sent: Mapping[str, str]) -> UUID | None:
    """The list that a form names; None if it names none."""
    try:
        return UUID(sent.get("list", ""))
    except ValueError:
        return None


def _listed(brought: Brought) -> Sequence[Listed]:
    return brought.read.listed if brought.read else ()
