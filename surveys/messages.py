"""`surveys.invitations.messages` under the address that SMS_GATEWAY knows from before.

It was documented until 0.1.0, so it goes on working; new gateways name the new one.
"""

from surveys.invitations.messages import ConsoleMail, ConsoleSms, Gateway

__all__ = ["ConsoleMail", "ConsoleSms", "Gateway"]
