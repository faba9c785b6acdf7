"""Kinds that can be proposed before the room that carries them out registers itself under the name.

`policy`: today the minimum of people behind a figure is a setting of the machine
(`MINIMUM_PEOPLE`) and all other rules of counting are code with a version of its own; the first
rule that officials can change registers `policy` again, with what carries it out. `merger`: of
units; payload and steps are the wizard's.
"""

from django.utils.translation import gettext_lazy as _

from offices.proposals.kinds import Kind, register
from offices.rights import Action

register(
    Kind("policy", _("Change of a policy of counting"), Action.MANAGE_POLICIES, Action.APPROVE)
)
register(Kind("merger", _("Merger of units"), Action.MANAGE_OFFICES, Action.APPROVE))
