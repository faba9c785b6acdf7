"""Who serves: units and their successions, offices, counters, procedures, who may see what.

Queries that have a name stand beside their model. Start reading at `unit`; `access` has the roles.
"""

from offices.models.access import Membership, User
from offices.models.address import OfficeAddress
from offices.models.dossier import DossierChange, DossierCount, DossierSource
from offices.models.hours import Holiday, OpeningHours
from offices.models.office import Counter, Office
from offices.models.procedure import Field, Procedure
from offices.models.proposal import LONGEST_REASON, SHORTEST_REASON, Proposal, ProposalFile
from offices.models.revision import DirectoryRevision
from offices.models.unit import AdministrativeUnit, Designation, Succession

__all__ = [
    "LONGEST_REASON",
    "SHORTEST_REASON",
    "AdministrativeUnit",
    "Counter",
    "Designation",
    "DirectoryRevision",
    "DossierChange",
    "DossierCount",
    "DossierSource",
    "Field",
    "Holiday",
    "Membership",
    "Office",
    "OfficeAddress",
    "OpeningHours",
    "Procedure",
    "Proposal",
    "ProposalFile",
    "Succession",
    "User",
]
