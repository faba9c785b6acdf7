"""python -m reports.sipas, from the file to the JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

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
    assert list(printed) == ["criteria", "factors", "component"]
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
    printed = compute(write(table(["a", 4], ["b", some], ["c", ""], ["d", 9])))
    assert (printed["criteria"]["A1"]["n"], printed["criteria"]["A1"]["respondents"]) == (2, 2)
    assert (printed["factors"]["A"]["n"], printed["factors"]["A"]["respondents"]) == (4, 2)
    assert (printed["component"]["n"], printed["component"]["respondents"]) == (17, 2)


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
