"""Satisfaction figures from a CSV file of responses; needs no database and no settings.

    python -m reports.sipas FILE.csv
    python -m reports.sipas FILE.csv --strata province --cluster commune --weight w --fpc communes

The file is UTF-8 with `,`, `;` or tab between fields and a header. Columns: response_id, one per
criterion of the questionnaire (1 to 5; blank; 9 don't know; 8 not asked), and those named by the
options of the design. Weights and fpc may have a decimal comma.

A row counts if it answers as many criteria as the questionnaire asks for (its minimum_answered: at
least half where it says nothing), as on the pages; --count-all counts every row. Rows with the
weight 0 stand for nobody and are in no n. How many rows were not counted, and why, stands under
responses and on stderr.

Prints one JSON object: responses, criteria, factors, component (that of services), for a
questionnaire of several components also components and overall. Each figure has, in percent and
unrounded, its value, its standard error se and its 95 % limits low and high; n, the valid answers;
respondents, the people who gave them. What nobody answered has null.

Standard errors are those of svyratio in R's package survey for
svydesign(ids=~cluster, strata=~strata, weights=~weight, fpc=~fpc, nest=TRUE). Without --cluster
everybody was drawn alone. Cluster names are those of their stratum: 1 in stratum a is not 1 in b.

A file with an error anywhere is refused: its line is on stderr, nothing on stdout, exit code 2.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from reports.sipas.counts.layout import Layout, Method
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
    computed = figures.compute(table, method, count_all=options.count_all)
    for sentence in _left_out(table.layout, computed["responses"]):
        print(sentence, file=sys.stderr)
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
    parser.add_argument(
        "--count-all",
        action="store_true",
        help="count rows with any number of answers (default: with as many as the questionnaire "
        "asks for)",
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


def _left_out(layout: Layout, responses: Mapping[str, object]) -> Iterator[str]:
    """Which rows of the file are in no figure, and why; nothing where all are."""
    if responses["too_few_answers"]:
        yield (
            f"not counted: {responses['too_few_answers']} of {responses['read']} rows, which "
            f"answer fewer than {responses['answers_needed']} of the {len(layout.criteria)} "
            f"criteria, as {layout.instrument} asks. Give --count-all to count them"
        )
    if responses["weight_0"]:
        yield f"not counted: {responses['weight_0']} of {responses['read']} rows, with the weight 0"


def _refuse(problem: str) -> int:
    print(problem, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
