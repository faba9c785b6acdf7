"""Writes the matrix account × kind of data in `docs/security.md` from the table of rights.

python -m scripts.data_classes
"""

import os
import sys
from pathlib import Path

PAPER = Path(__file__).resolve().parents[1] / "docs" / "security.md"
BEGIN, END = "<!-- matrix: python -m scripts.data_classes -->\n", "<!-- end of the matrix -->"


def matrix() -> str:
    """The matrix as a Markdown table: a row for each role and where it is held."""
    from offices.rights import TABLE, Action

    reaching = {
        "figures (internal)": {Action.SEE_FIGURES},
        "figures as files (internal)": {Action.EXPORT},
        "nights, proofs (internal)": {Action.SEE_NIGHTS, Action.SEE_PROOFS},
        "remarks (restricted)": {Action.SEE_REMARKS},
        "contacts (restricted)": {Action.LOOK_AT_CONTACTS},
        "links of invitations (restricted)": {Action.SEND_INVITATIONS},
        "accounts (restricted)": {Action.MANAGE_ACCOUNTS},
        "audit (restricted)": {Action.READ_AUDIT},
        "keys of systems (restricted)": {Action.MANAGE_INTEGRATIONS},
    }
    lines = [
        f"| role | held on | {' | '.join(reaching)} |",
        f"|---|---|{'---|' * len(reaching)}",
    ]
    for role, by_scope in TABLE.items():
        for scope, given in by_scope.items():
            cells = ("yes" if actions & given else "–" for actions in reaching.values())
            lines.append(f"| {role.value} | {scope.value} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def with_matrix(text: str) -> str:
    """The paper with the matrix of today in its place."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n{matrix()}\n{END}{rest.partition(END)[2]}"


def main() -> int:
    """Writes it; 0."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    PAPER.write_text(with_matrix(PAPER.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
