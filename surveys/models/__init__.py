"""What is asked and answered: instruments, responses, remarks, rules, devices.

Nothing in a response says who the person is. Start reading at `response`; `instrument` says what
its bytes mean.
"""

from surveys.models.contact import Contact, ContactView
from surveys.models.dossier import Failure, Sending, Teller, ToldDossier, WaitingInvitation
from surveys.models.draft import QuestionnaireDraft
from surveys.models.evidence import EvidenceCount, EvidenceLevel
from surveys.models.exclusion import SHORTEST_REASON, Exclusion
from surveys.models.hold import Hold, NewNormal
from surveys.models.instrument import Criterion, Factor, Instrument
from surveys.models.integration import KEY_LIVES, Integration
from surveys.models.invitation import DestroyedKey, InvitationCount
from surveys.models.label_key import LabelKey
from surveys.models.mailing import Mailing, MailingMessage
from surveys.models.mark import Mark
from surveys.models.remark import Remark, RemarkStep, Theme, Tone
from surveys.models.reply_news import ReplyNews
from surveys.models.response import (
    FINISHED_STATES,
    Channel,
    Delivery,
    Evidence,
    Respondent,
    Response,
    Stage,
    State,
    Waiting,
)
from surveys.models.tablet import Tablet, TabletDay
from surveys.models.target import Target
from surveys.models.theme_reply import ThemeReply

__all__ = [
    "FINISHED_STATES",
    "KEY_LIVES",
    "SHORTEST_REASON",
    "Channel",
    "Contact",
    "ContactView",
    "Criterion",
    "Delivery",
    "DestroyedKey",
    "Evidence",
    "EvidenceCount",
    "EvidenceLevel",
    "Exclusion",
    "Factor",
    "Failure",
    "Hold",
    "Instrument",
    "Integration",
    "InvitationCount",
    "LabelKey",
    "Mailing",
    "MailingMessage",
    "Mark",
    "NewNormal",
    "QuestionnaireDraft",
    "Remark",
    "RemarkStep",
    "ReplyNews",
    "Respondent",
    "Response",
    "Sending",
    "Stage",
    "State",
    "Tablet",
    "TabletDay",
    "Target",
    "Teller",
    "Theme",
    "ThemeReply",
    "ToldDossier",
    "Tone",
    "Waiting",
    "WaitingInvitation",
    "exclusion",
    "instrument",
    "standing",
]
