"""Satisfaction figures from a CSV file of responses; needs no database and no settings.

    python -m reports.sipas FILE.csv
    python -m reports.sipas FILE.csv --strata province --cluster commune --weight w --fpc communes

The file is UTF-8 with `,`, `;` or tab between fields and a header. Columns: response_id, one per
criterion of the questionnaire (1 to 5; blank; 9 don't know; 8 not asked), and those named by the
options of the design. Weights and fpc may have a decimal comma.

Prints one JSON object: criteria, factors, component (that of services), for a questionnaire of
several components also components and overall. Each figure has, in percent and unrounded, its
value, its standard error se and its 95 % limits low and high; n, the valid answers; respondents,
the people who gave them. What nobody answered has null.

Standard errors are those of svyratio in R's package survey for
svydesign(ids=~cluster, strata=~strata, weights=~weight, fpc=~fpc, nest=TRUE). Without --cluster
everybody was drawn alone. Cluster names are those of their stratum: 1 in stratum a is not 1 in b.

A file with an error anywhere is refused: its line is on stderr, nothing on stdout, exit code 2.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from reports.sipas.counts.layout import Method
from reports.sipas.samples import csvfile, figures, instrument


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; 0, or 2 if nothing could be computed."""
    options = _parser().parse_args(arguments)
    columns = csvfile.Columns(options.strata, options.cluster, options.weight, options.fpc)
    try:
        if options.instrument:
            layouts = [instrument.named(options.instrument)]
        else:
            layouts = list(instrument.shipped())
        table = csvfile.read(options.file, layouts, columns)
    except OSError as error:
        return _refuse(f"{options.file}: {error.strerror}")
    except csvfile.BadFile as error:
        return _refuse(f"{options.file}: {error}")
    except instrument.UnknownInstrument as error:
        return _refuse(str(error))
    if table.unused:
        print(
            f"not used: {', '.join(table.unused)}. Name what belongs to the design with "
            "--strata, --cluster, --weight or --fpc",
            file=sys.stderr,
        )
    method = Method(options.method) if options.method else table.layout.method
    computed = figures.compute(table, method)
    print(json.dumps(computed, allow_nan=False, indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reports.sipas",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument(
        "--instrument",
        metavar="SLUG[.VERSION]|FILE.yaml",
        help="the questionnaire; without it, the one whose criteria the columns are",
    )
    parser.add_argument(
        "--method",
        choices=[method.value for method in Method],
        help="how criteria make factors and components (default: what the questionnaire says)",
    )
    parser.add_argument("--strata", metavar="COL", help="stratum of the respondent")
    parser.add_argument("--cluster", metavar="COL", help="first-stage cluster that was drawn")
    parser.add_argument("--weight", metavar="COL", help="how many people the respondent stands for")
    parser.add_argument(
        "--fpc",
        metavar="COL",
        help="clusters that the stratum has in the population (people, without --cluster), or, "
        "with no value above 1, the fraction of them that was drawn",
    )
    return parser


def _refuse(problem: str) -> int:
    print(problem, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
