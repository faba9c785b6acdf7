"""What people are told before their first answer, and the facts behind the whole notice.

The short notice is one text for every channel: phones show it (templates/includes/notice.html),
tablets get it as JSON. Where its facts come from, and what is unconfirmed: docs/notices.md.
"""

from collections.abc import Mapping

from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from offices.directory import OfficeEntry
from surveys.remarks.envelopes import KEPT_MONTHS
from surveys.remarks.steps import REPLY_WITHIN

SHORT: Promise = _(
    "{controller} asks how you were served, in order to serve better. You need not answer. No "
    "name, telephone number or dossier code is stored; only figures of ten people and more are "
    "shown."
)
# The longest that contact details for a personal reply are kept.
CONTACT_MONTHS = KEPT_MONTHS
# Within which a request must be met: Nghị định 356/2025/NĐ-CP, article 5.
ACKNOWLEDGE_WORKING_DAYS = 2
ACCESS_DAYS = 10
WITHDRAW_DAYS = 15
DELETE_DAYS = 20


def controller(office: OfficeEntry) -> str:
    """Who answers for the data: the People's Committee that the office belongs to."""
    return _committee(office.unit_name)


def province_committee(office: OfficeEntry) -> str:
    """To whom people may turn above the office; empty where that is the controller itself."""
    above = _committee(office.province_name)
    return "" if above == controller(office) else above


def _committee(unit: str) -> str:
    # an official name, Vietnamese in every language; the kind in small letters, as it is written
    return f"Ủy ban nhân dân {unit[:1].lower()}{unit[1:]}"


def short_notice(office: OfficeEntry, language: str) -> str:
    """The short notice as plain text in `language`."""
    with translation.override(language):
        return str(SHORT).format(controller=controller(office))


def short_notice_html(office: OfficeEntry) -> SafeString:
    """The short notice in the page's language, the controller marked as Vietnamese."""
    named = format_html('<span lang="vi">{}</span>', controller(office))
    return format_html(str(SHORT), controller=named)


def facts(office: OfficeEntry) -> Mapping[str, object]:
    """What the templates of the notice need: names, and numbers in months or days."""
    return {
        "short_notice": short_notice_html(office),
        "controller": controller(office),
        "province_committee": province_committee(office),
        "contact_months": CONTACT_MONTHS,
        "reply_days": REPLY_WITHIN,
        "acknowledge_days": ACKNOWLEDGE_WORKING_DAYS,
        "access_days": ACCESS_DAYS,
        "withdraw_days": WITHDRAW_DAYS,
        "delete_days": DELETE_DAYS,
    }
