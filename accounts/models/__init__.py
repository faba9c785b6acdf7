"""Sessions, devices, attempts, links and unsent forms of officials.

Nothing in them signs anybody in: of what browsers and links show, only hashes are stored.
Start reading at `session`.
"""

from accounts.models.device import Bucket, Device
from accounts.models.draft import Draft
from accounts.models.emergency import EmergencyCode, Opening
from accounts.models.link import OneTimeLink
from accounts.models.session import SignInSession

__all__ = [
    "Bucket",
    "Device",
    "Draft",
    "EmergencyCode",
    "OneTimeLink",
    "Opening",
    "SignInSession",
]
