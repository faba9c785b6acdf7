"""python -m reports.sipas, from the file to the JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from reports.sipas.__main__ import main
from reports.sipas.counts.layout import Method
from reports.sipas.counts.sums import count
from reports.sipas.index import interval, percentages
from reports.sipas.samples.csvfile import read
from tests.reports.sipas.reference import DESIGNS, references, survey
from tests.reports.sipas.tables import CODES, SERVICES, Compute, Json, Write, table

ROOT = Path(__file__).parents[3]
METHODS = ("pooled", "mean_of_criteria", "mean_of_factors")


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
def test_figures_agree_with_r(design: str, method: str, write: Write, compute: Compute) -> None:
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
    command = [sys.executable, "-X", "importtime", "-m", "reports.sipas", str(write(content))]
    done = subprocess.run(
        command + options,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "reports.sipas.samples.survey" in imported
    foreign = {"django", "psycopg", "celery", "surveys", "offices", "config", "scipy"}
    assert {name.partition(".")[0] for name in imported} & foreign == set()
    printed = json.loads(done.stdout)
    assert list(printed) == ["responses", "criteria", "factors", "component"]
    assert list(printed["criteria"]) == CODES
    assert list(printed["factors"]) == list("ABCDE")
    assert set(printed["component"]) == {"value", "n", "respondents", "se", "low", "high"}


def test_a_refusal_ends_the_process_with_code_2(write: Write) -> None:
    command = [sys.executable, "-m", "reports.sipas", str(write(table(["a", 5], ["b", 6])))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "line 3: A1 is '6'" in done.stderr


@pytest.mark.parametrize("method", METHODS)
def test_without_a_design_the_figures_are_those_of_the_reports(
    method: str, write: Write, compute: Compute
) -> None:
    path = write(sampled("simple")[0])
    printed = compute(path, "--method", method)
    packed = np.ascontiguousarray(read(path, [SERVICES]).answers.T)
    sums = count(SERVICES, packed)
    for code in CODES:
        share = percentages.criterion(sums.counts[SERVICES.index_of(code)])
        limits = interval.criterion(sums, code)
        assert share is not None
        assert limits is not None
        figure = printed["criteria"][code]
        assert figure["value"] == pytest.approx(float(100 * share), rel=1e-12)
        assert (figure["low"], figure["high"]) == (limits.low, limits.high)
    for code in "ABCDE":
        share = percentages.factor(sums, code, Method(method))
        assert share is not None
        assert printed["factors"][code]["value"] == pytest.approx(float(100 * share), rel=1e-12)
    share = percentages.component(sums, "services", Method(method))
    limits = interval.group(sums, "component", "services")
    assert share is not None
    assert limits is not None
    figure = printed["component"]
    assert figure["value"] == pytest.approx(float(100 * share), rel=1e-12)
    if method == "pooled":
        assert (figure["low"], figure["high"]) == (limits.low, limits.high)
        row = sums.moments[SERVICES.group_of("component", "services")]
        assert figure["se"] == pytest.approx(interval.standard_error(sums.people, row))


def test_n_counts_answers_and_respondents_people(write: Write, compute: Compute) -> None:
    some = ["5", "", "9", *["8"] * 13]
    path = write(table(["a", 4], ["b", some], ["c", ""], ["d", 9]))
    printed = compute(path, "--count-all")
    assert (printed["criteria"]["A1"]["n"], printed["criteria"]["A1"]["respondents"]) == (2, 2)
    assert (printed["factors"]["A"]["n"], printed["factors"]["A"]["respondents"]) == (4, 2)
    assert (printed["component"]["n"], printed["component"]["respondents"]) == (17, 2)


def partial(answered: int) -> list[str]:
    """Answers to the first so many criteria."""
    return [*["5"] * answered, *["", "8", "9"], *[""] * 13][:16]


def test_rows_with_too_few_answers_are_not_counted_as_on_the_pages(
    write: Write, compute: Compute
) -> None:
    path = write(table(["a", 1], ["b", 4], ["c", partial(8)], ["d", partial(7)], ["e", ""]))
    printed = compute(path)
    assert printed["responses"] == {
        "read": 5,
        "counted": 3,
        "too_few_answers": 2,
        "weight_0": 0,
        "answers_needed": 8,
    }
    alone = compute(write(table(["a", 1], ["b", 4], ["c", partial(8)])))
    assert {**printed, "responses": None} == {**alone, "responses": None}
    everybody = compute(
        write(table(["a", 1], ["b", 4], ["c", partial(8)], ["d", partial(7)], ["e", ""])),
        "--count-all",
    )
    assert everybody["component"]["n"] == printed["component"]["n"] + 7
    assert everybody["responses"]["counted"] == 5
    assert everybody["responses"]["answers_needed"] == 0


def test_why_rows_are_not_counted_stands_on_stderr(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = (["a", 1, 2], ["b", partial(7), 2], ["c", 4, 0], ["d", partial(7), 0])
    path = write(table(*rows, more="w"))
    assert main([str(path), "--weight", "w"]) == 0
    said = capsys.readouterr().err
    assert (
        "not counted: 2 of 4 rows, which answer fewer than 8 of the 16 criteria, as sipas-2026-"
        in (said)
    )
    assert "Give --count-all to count them" in said
    assert "not counted: 1 of 4 rows, with the weight 0" in said
    assert main([str(path), "--weight", "w", "--count-all"]) == 0
    said = capsys.readouterr().err
    assert "--count-all" not in said
    assert "not counted: 2 of 4 rows, with the weight 0" in said
    whole = write(table(["a", 1], ["b", 4]))
    assert main([str(whole)]) == 0
    assert capsys.readouterr().err == ""


def test_in_a_design_rows_that_do_not_count_stay_as_people_without_an_answer(
    write: Write, compute: Compute
) -> None:
    def counted(last: object, *options: str) -> Json:
        rows = [[i, said, "ab"[i % 2], 1 + i] for i, said in enumerate((4, 1, 5, 2, 1, 4, 4, last))]
        path = write(table(*rows, more="sw"))
        return compute(path, "--strata", "s", "--weight", "w", *options)

    found, blank = counted(partial(7)), counted("", "--count-all")
    assert found["responses"]["too_few_answers"] == 1
    assert {**found, "responses": None} == {**blank, "responses": None}


def test_whoever_has_the_weight_0_is_in_no_n(write: Write, compute: Compute) -> None:
    rows = (["a", 5, 2], ["b", 1, 2], ["c", 1, 0], ["d", [*"2" * 15, ""], 0])
    printed = compute(write(table(*rows, more="w")), "--weight", "w")
    figure = printed["criteria"]["A1"]
    assert (figure["value"], figure["n"], figure["respondents"]) == (50, 2, 2)
    assert printed["responses"]["weight_0"] == 2


def test_a_stratum_that_stands_for_nobody_changes_no_figure(write: Write, compute: Compute) -> None:
    rows: list[list[object]] = [[i, 1 + i % 5, "here", 1 + i] for i in range(9)]
    empty: list[list[object]] = [[10 + i, 5, "there", 0] for i in range(3)]
    options = ("--strata", "s", "--weight", "w")
    without = compute(write(table(*rows, more="sw")), *options)
    beside = compute(write(table(*rows, *empty, more="sw")), *options)
    assert beside["responses"]["weight_0"] == 3
    assert {**beside, "responses": None} == {**without, "responses": None}


NOTHING = {"value": None, "n": 0, "respondents": 0, "se": None, "low": None, "high": None}


@pytest.mark.parametrize("method", METHODS)
def test_what_nobody_answered_is_null(method: str, write: Write, compute: Compute) -> None:
    without_e = [*["4"] * 13, "", "8", "9"]
    printed = compute(write(table(["a", without_e], ["b", without_e])), "--method", method)
    assert printed["criteria"]["E1"] == printed["factors"]["E"] == NOTHING
    assert printed["component"]["value"] == 100


def test_a_file_without_responses_has_null_everywhere(write: Write, compute: Compute) -> None:
    options = ("--strata", "s", "--cluster", "c", "--weight", "w", "--fpc", "f")
    assert compute(write(table()))["component"] == NOTHING
    assert compute(write(table(more="scwf")), *options)["component"] == NOTHING


def test_one_response_has_no_standard_error(write: Write, compute: Compute) -> None:
    figure = compute(write(table(["a", 5])))["component"]
    assert (figure["value"], figure["se"], figure["high"]) == (100, None, 100)


TWO_COMPONENTS = """
slug: household
version: 3
questions:
  - factors:
      - {code: P, component: policies, items: [{code: P1}, {code: P2}]}
      - {code: A, component: services, items: [{code: A1}]}
"""


def test_two_components_have_an_overall_figure(
    tmp_path: Path, write: Write, compute: Compute
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


def test_an_overall_question_is_the_overall_figure(write: Write, compute: Compute) -> None:
    """The counter's form is not pooled with the question that asks for everything at once."""
    printed = compute(write("response_id,O1,A1,B1,C1,D1,E1\na,5,1,1,1,1,1\nb,4,1,1,1,1,1\n"))
    assert printed["overall"] == printed["components"]["overall"]
    assert printed["overall"]["value"] == 100
    assert printed["component"]["value"] == 0
