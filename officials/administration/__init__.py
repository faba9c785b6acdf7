"""The pages with which a province runs the system: who may open which is `offices.rights`' to say.

Every page asks `offices.access.may` itself, changes through steps that write the audit, and stands
in `index.PAGES`. Start reading at `index`.
"""

__all__ = [
    "audit",
    "beginning",
    "hours",
    "index",
    "inviting",
    "keys",
    "mergers",
    "offices",
    "people",
    "policies",
    "preview",
    "questionnaires",
    "reach",
    "rights_table",
    "targets",
]
