"""python -m reports.sipas, from the file to the JSON."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reports.sipas import index, interval
from reports.sipas.__main__ import main
from reports.sipas.csvfile import BadFile, Columns, read
from reports.sipas.index import Method
from reports.sipas.instrument import UnknownInstrument, named, shipped
from reports.sipas.sums import count
from surveys.instruments.reader import read_folder
from tests.reports.sipas.reference import DESIGNS, references, survey

ROOT = Path(__file__).parents[3]
SERVICES = named("sipas-2026-services")
CODES = [item.code for item in SERVICES.items]
METHODS = ("pooled", "mean_of_criteria", "mean_of_factors")

Json = dict[str, Any]  # what the command prints: figures within figures
Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str | bytes) -> Path:
        path = tmp_path / "answers.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to_file


@pytest.fixture
def compute(capsys: pytest.CaptureFixture[str]) -> Callable[..., Json]:
    def run(path: Path, *options: str) -> Json:
        assert main([str(path), *options]) == 0, capsys.readouterr().err
        computed: Json = json.loads(capsys.readouterr().out)
        return computed

    return run


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What stands on stderr when the command refuses, with nothing on stdout and code 2."""

    def run(path: Path, *options: str) -> str:
        assert main([str(path), *options]) == 2
        printed = capsys.readouterr()
        assert printed.out == ""
        return printed.err

    return run


def table(*rows: Sequence[object], more: Sequence[str] = (), delimiter: str = ",") -> str:
    """A file of the 16 criteria: each row is an id, one answer for all or 16, and the rest."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["response_id", *CODES, *more])
    for identifier, answers, *rest in rows:
        every = answers if isinstance(answers, list) else [answers] * len(CODES)
        writer.writerow([identifier, *every, *rest])
    return text.getvalue()


def sampled(design: str) -> tuple[str, list[str]]:
    """survey.csv with the columns of one design only, and the options that name them."""
    columns = DESIGNS[design]
    rows = [
        [row["response_id"], [row[c] for c in CODES]]
        + [
            f"{row['stratum']} {row['cluster']}" if name == "both" else row[name]
            for name in columns.values()
        ]
        for row in survey()
    ]
    options = [text for role, name in columns.items() for text in (f"--{role}", name)]
    return table(*rows, more=list(columns.values())), options


def figure_of(printed: Json, name: str) -> Json:
    found: Json = (
        printed["component"]
        if name == "component"
        else printed["factors" if len(name) == 1 else "criteria"][name]
    )
    return found


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("method", METHODS)
def test_figures_agree_with_r(
    design: str, method: str, write: Write, compute: Callable[..., Json]
) -> None:
    content, options = sampled(design)
    printed = compute(write(content), *options, "--method", method)
    compared = [r for r in references() if (r.design, r.method) == (design, method)]
    assert compared
    for reference in compared:
        figure = figure_of(printed, reference.figure)
        assert figure["value"] == pytest.approx(100 * reference.value, rel=1e-9)
        assert figure["se"] == pytest.approx(100 * reference.se, rel=1e-9)
        assert 0 <= figure["low"] < figure["value"] < figure["high"] <= 100


def test_it_needs_neither_django_nor_settings(write: Write) -> None:
    content, options = sampled("strata_clusters_weights_fpc")
    command = [sys.executable, "-X", "importtime", "-m", "reports.sipas", write(content), *options]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "reports.sipas.survey" in imported
    foreign = {"django", "psycopg", "celery", "surveys", "offices", "config", "scipy"}
    assert {name.partition(".")[0] for name in imported} & foreign == set()
    printed = json.loads(done.stdout)
    assert list(printed) == ["criteria", "factors", "component"]
    assert list(printed["criteria"]) == CODES
    assert list(printed["factors"]) == list("ABCDE")
    assert set(printed["component"]) == {"value", "n", "respondents", "se", "low", "high"}


def test_a_refusal_ends_the_process_with_code_2(write: Write) -> None:
    command = [sys.executable, "-m", "reports.sipas", write(table(["a", 5], ["b", 6]))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "line 3: A1 is '6'" in done.stderr


@pytest.mark.parametrize("method", METHODS)
def test_without_a_design_the_figures_are_those_of_the_reports(
    method: str, write: Write, compute: Callable[..., Json]
) -> None:
    path = write(sampled("simple")[0])
    printed = compute(path, "--method", method)
    packed = np.ascontiguousarray(read(path, [SERVICES]).answers.T)
    sums = count(SERVICES, packed)
    for code in CODES:
        share = index.criterion(sums.counts[SERVICES.index_of(code)])
        limits = interval.criterion(sums, code)
        assert share is not None
        assert limits is not None
        figure = printed["criteria"][code]
        assert figure["value"] == pytest.approx(float(100 * share), rel=1e-12)
        assert (figure["low"], figure["high"]) == (limits.low, limits.high)
    for code in "ABCDE":
        share = index.factor(sums, code, Method(method))
        assert share is not None
        assert printed["factors"][code]["value"] == pytest.approx(float(100 * share), rel=1e-12)
    share = index.component(sums, "services", Method(method))
    limits = interval.group(sums, "component", "services")
    assert share is not None
    assert limits is not None
    figure = printed["component"]
    assert figure["value"] == pytest.approx(float(100 * share), rel=1e-12)
    if method == "pooled":
        assert (figure["low"], figure["high"]) == (limits.low, limits.high)
        row = sums.moments[SERVICES.group_of("component", "services")]
        assert figure["se"] == pytest.approx(interval.standard_error(sums.people, row))


def test_n_counts_answers_and_respondents_people(
    write: Write, compute: Callable[..., Json]
) -> None:
    some = ["5", "", "9", *["8"] * 13]
    printed = compute(write(table(["a", 4], ["b", some], ["c", ""], ["d", 9])))
    assert (printed["criteria"]["A1"]["n"], printed["criteria"]["A1"]["respondents"]) == (2, 2)
    assert (printed["factors"]["A"]["n"], printed["factors"]["A"]["respondents"]) == (4, 2)
    assert (printed["component"]["n"], printed["component"]["respondents"]) == (17, 2)


NOTHING = {"value": None, "n": 0, "respondents": 0, "se": None, "low": None, "high": None}


@pytest.mark.parametrize("method", METHODS)
def test_what_nobody_answered_is_null(
    method: str, write: Write, compute: Callable[..., Json]
) -> None:
    without_e = [*["4"] * 13, "", "8", "9"]
    printed = compute(write(table(["a", without_e], ["b", without_e])), "--method", method)
    assert printed["criteria"]["E1"] == printed["factors"]["E"] == NOTHING
    assert printed["component"]["value"] == 100


def test_a_file_without_responses_has_null_everywhere(
    write: Write, compute: Callable[..., Json]
) -> None:
    options = ("--strata", "s", "--cluster", "c", "--weight", "w", "--fpc", "f")
    assert compute(write(table()))["component"] == NOTHING
    assert compute(write(table(more="scwf")), *options)["component"] == NOTHING


def test_one_response_has_no_standard_error(write: Write, compute: Callable[..., Json]) -> None:
    figure = compute(write(table(["a", 5])))["component"]
    assert (figure["value"], figure["se"], figure["high"]) == (100, None, 100)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_of_other_programs_are_read(
    delimiter: str, start: bytes, end: str, write: Write, compute: Callable[..., Json]
) -> None:
    rows = (["a", 5, "0,5"], ["b", 2, "1.5"], ['c"x', " 4", "2"])
    content = table(*rows, more=["w"], delimiter=delimiter)
    path = write(start + (content.replace("\n", end) + end * 2).encode())
    printed = compute(path, "--weight", "w")
    assert printed["criteria"]["B2"]["value"] == pytest.approx(100 * 2.5 / 4)


def test_columns_may_stand_in_any_order(write: Write, compute: Callable[..., Json]) -> None:
    lines = [line.split(",")[::-1] for line in table(["a", 4, "x"], more=["s"]).splitlines()]
    lines += [["y", *"2" * 16, "b"], ["x", *"2" * 16, "c"], ["y", *"4" * 16, "d"]]
    printed = compute(write("\n".join(",".join(line) for line in lines)), "--strata", "s")
    assert printed["component"]["value"] == 50


def test_the_shipped_questionnaires_are_read_as_the_apps_read_them() -> None:
    layouts = {layout.instrument: layout for layout in shipped()}
    forms = read_folder()
    assert len(layouts) == len(forms)
    for form in forms:
        layout = layouts[f"{form.slug}.{form.version}"]
        component = {factor.code: factor.component for factor in form.factors}
        expected = [
            (item.code, item.factor, component[item.factor]) for item in form.items if item.factor
        ]
        assert [(item.code, item.factor, item.component) for item in layout.items] == expected
    assert shipped()[0] is not None
    assert shipped()[0].instrument == "sipas-2026-services.1"


@pytest.mark.parametrize("layout", shipped(), ids=lambda layout: layout.instrument)
def test_the_columns_say_which_questionnaire_it_is(
    layout: Any, write: Write, compute: Callable[..., Json]
) -> None:
    codes = [item.code for item in layout.items]
    content = ",".join(["response_id", *codes]) + "\n" + ",".join(["a", *"4" * len(codes)])
    printed = compute(write(content))
    assert list(printed["criteria"]) == codes
    assert list(printed["factors"]) == list(layout.factors)
    assert printed == compute(write(content), "--instrument", layout.instrument)
    assert printed == compute(write(content), "--instrument", layout.instrument[:-2])


TWO_COMPONENTS = """
slug: household
version: 3
questions:
  - factors:
      - {code: P, component: policies, items: [{code: P1}, {code: P2}]}
      - {code: A, component: services, items: [{code: A1}]}
"""


def test_two_components_have_an_overall_figure(
    tmp_path: Path, write: Write, compute: Callable[..., Json]
) -> None:
    form = tmp_path / "form.yaml"
    form.write_text(TWO_COMPONENTS, "utf-8")
    path = write("response_id,P1,P2,A1\na,4,4,1\nb,5,3,5\nc,1,1,4\n")
    printed = compute(path, "--instrument", str(form))
    assert {code: f["value"] for code, f in printed["components"].items()} == {
        "policies": pytest.approx(50),
        "services": pytest.approx(200 / 3),
    }
    assert printed["component"] == printed["components"]["services"]
    assert printed["overall"]["value"] == pytest.approx(500 / 9)
    means = compute(path, "--instrument", str(form), "--method", "mean_of_factors")
    assert means["overall"]["value"] == pytest.approx((50 + 200 / 3) / 2)


def test_an_overall_question_is_the_overall_figure(
    write: Write, compute: Callable[..., Json]
) -> None:
    """The counter's form is not pooled with the question that asks for everything at once."""
    printed = compute(write("response_id,O1,A1,B1,C1,D1,E1\na,5,1,1,1,1,1\nb,4,1,1,1,1,1\n"))
    assert printed["overall"] == printed["components"]["overall"] == printed["criteria"]["O1"]
    assert printed["overall"]["value"] == 100
    assert printed["component"]["value"] == 0


GOOD = table(["a", 5], ["b", 4], ["c", 2])
DESIGN = ("--strata", "s", "--cluster", "c", "--weight", "w", "--fpc", "f")


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (GOOD.replace("b,4", "b,6"), 3, "A1 is '6'"),
        (GOOD.replace("b,4", "b,0"), 3, "A1 is '0'"),
        (GOOD.replace("b,4", "b,x"), 3, "A1 is 'x'"),
        (GOOD.replace("b,4", "b,4.5"), 3, "A1 is '4.5'"),
        (GOOD.replace("b,4", "b,7"), 3, "A1 is '7'"),
        (GOOD.replace("b,4", "b"), 3, "16 fields where the header has 17"),
        (GOOD.replace("b,4", "b,4,4"), 3, "18 fields where the header has 17"),
        (GOOD.replace("\nc", "\na"), 4, "response_id a is also in line 2"),
        (GOOD.replace("\nb", "\n "), 3, "response_id is empty"),
        (GOOD.replace("\nb", "\n\nb"), 3, "the line is empty"),
        (GOOD.replace("\nb", '\n"b'), 3, "stray quotation mark"),
        (GOOD.replace("\na", '\n"a\na"').replace("\nc", "\nb"), 5, "b is also in line 4"),
        (GOOD.encode().replace(b"\nc", b"\n\xe7"), 4, "byte 1 is not UTF-8"),
        (GOOD.encode("utf-16"), 1, "not UTF-8"),
        ("", 1, "no header"),
        ("\n", 1, "no header"),
        (GOOD.replace("A1", "A9"), 1, "missing criteria of sipas-2026-services.1: A1. unknown col"),
        (GOOD.replace("A1", "A9"), 1, "unknown columns: A9"),
        (GOOD.replace("A1,", ""), 1, "missing criteria of sipas-2026-services.1: A1"),
        (GOOD.replace("A1", "A2"), 1, "columns that occur twice: A2"),
        (GOOD.replace("response_id", "id"), 1, "missing columns: response_id"),
    ],
)
def test_a_malformed_file_is_refused_with_its_line(
    content: str | bytes, line: int, problem: str, write: Write, refusal: Callable[..., str]
) -> None:
    message = refusal(write(content))
    assert f"answers.csv: line {line}: " in message
    assert problem in message


@pytest.mark.parametrize(
    ("changed", "line", "problem"),
    [
        (["b", 4, "s", "2", "", 9], 3, "w is empty"),
        (["b", 4, "s", "2", "-1", 9], 3, "w is '-1', not a number"),
        (["b", 4, "s", "2", "many", 9], 3, "w is 'many', not a number"),
        (["b", 4, "s", "2", "1_000", 9], 3, "w is '1_000', not a number"),
        (["b", 4, "s", "2", "nan", 9], 3, "w is 'nan', not a number"),
        (["b", 4, "s", "2", "1e999", 9], 3, "w is '1e999', not a number"),
        (["b", 4, "", "2", "1", 9], 3, "s is empty"),
        (["b", 4, "s", "", "1", 9], 3, "c is empty"),
        (["b", 4, "s", "2", "1", ""], 3, "f is empty"),
        (["b", 4, "s", "2", "1", 8], 3, "the stratum 's' has the fpc 8 here and 9 above"),
        (["b", 4, "t", "2", "1", 9], 3, "the stratum 't' has a single cluster"),
        (["b", 4, "t", "2", "1", "0.5"], 3, "the fpc 0.5 is a fraction"),
    ],
)
def test_a_malformed_design_is_refused_with_its_line(
    changed: list[object], line: int, problem: str, write: Write, refusal: Callable[..., str]
) -> None:
    rows = (["a", 5, "s", "1", "1", 9], changed, ["c", 2, "s", "3", "1", 9])
    message = refusal(write(table(*rows, more="scwf")), *DESIGN)
    assert f"line {line}: {problem}" in message


def test_a_population_smaller_than_the_sample_is_refused(
    write: Write, refusal: Callable[..., str]
) -> None:
    rows = [["a", 5, "t", 1, 9], ["b", 5, "t", 2, 9]]
    rows += [[f"x{i}", 4, "s", i, 2] for i in range(3)]
    message = refusal(
        write(table(*rows, more="scf")), "--strata", "s", "--cluster", "c", "--fpc", "f"
    )
    assert "line 4: the stratum 's' has 3 clusters in the sample but an fpc of 2" in message


def test_a_column_of_the_design_that_is_not_named_is_not_ignored(
    write: Write, refusal: Callable[..., str]
) -> None:
    path = write(table(["a", 5, 2], ["b", 2, 1], more=["weight"]))
    assert "line 1: unknown columns: weight" in refusal(path)
    assert "--weight" in refusal(path)
    assert "missing columns: w" in refusal(path, "--weight", "w")


def test_a_line_beyond_the_first_block_keeps_its_number(tmp_path: Path) -> None:
    rows = "".join(f"{i}{',4' * 16}\n" for i in range(70_000))
    path = tmp_path / "many.csv"
    path.write_text(table() + rows + f"69999{',4' * 16}\n", "utf-8")
    with pytest.raises(BadFile, match="line 70002: response_id 69999 is also in line 70001"):
        read(path, [SERVICES], Columns())


def test_a_file_or_questionnaire_that_is_not_there_is_said(
    tmp_path: Path, write: Write, refusal: Callable[..., str]
) -> None:
    assert "No such file" in refusal(tmp_path / "none.csv")
    path = write(GOOD)
    assert "Known: counter.1," in refusal(path, "--instrument", "sipas-1999")
    assert "No such file" in refusal(path, "--instrument", str(tmp_path / "none.yaml"))
    form = tmp_path / "form.yaml"
    for text, problem in (
        ("slug: [", "form.yaml"),
        ("- a", "is no questionnaire"),
        ("slug: a\nversion: 1\nquestions: []", "no factor with criteria"),
    ):
        form.write_text(text, "utf-8")
        assert problem in refusal(path, "--instrument", str(form))


def test_the_newest_version_of_a_questionnaire_is_meant(tmp_path: Path) -> None:
    for version in (9, 10):
        text = TWO_COMPONENTS.replace("version: 3", f"version: {version}")
        (tmp_path / f"household-{version}.yaml").write_text(text, "utf-8")
    assert named("household", tmp_path).instrument == "household.10"
    assert named("household.9", tmp_path).instrument == "household.9"
    with pytest.raises(UnknownInstrument, match="household.11"):
        named("household.11", tmp_path)
