"""Which questionnaire a file of answers belongs to."""

import ast
import sys
from pathlib import Path

import pytest

from reports import sipas
from reports.sipas.counts.layout import Layout
from reports.sipas.samples.instrument import UnknownInstrument, named, shipped
from surveys.questionnaires.reader import read_folder
from tests.reports.sipas.tables import Compute, Refusal, Write, table

FORM = """
slug: household
version: 3
questions:
  - factors: [{code: A, component: services, items: [{code: A1}]}]
"""


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
    layout: Layout, write: Write, compute: Compute
) -> None:
    codes = [item.code for item in layout.items]
    content = ",".join(["response_id", *codes]) + "\n" + ",".join(["a", *"4" * len(codes)])
    printed = compute(write(content))
    assert list(printed["criteria"]) == codes
    assert list(printed["factors"]) == list(layout.factors)
    # versions with the same columns are told apart by name alone; without it the newest counts
    slug = layout.instrument[:-2]
    newest = max(one.instrument for one in shipped() if one.instrument.startswith(f"{slug}."))
    assert printed == compute(write(content), "--instrument", newest)
    assert printed == compute(write(content), "--instrument", slug)


def test_a_file_or_questionnaire_that_is_not_there_is_said(
    tmp_path: Path, write: Write, refusal: Refusal
) -> None:
    assert "No such file" in refusal(tmp_path / "none.csv")
    path = write(table(["a", 5]))
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
        text = FORM.replace("version: 3", f"version: {version}")
        (tmp_path / f"household-{version}.yaml").write_text(text, "utf-8")
    assert named("household", tmp_path).instrument == "household.10"
    assert named("household.9", tmp_path).instrument == "household.9"
    with pytest.raises(UnknownInstrument, match="no instrument household"):
        named("household.11", tmp_path)


def test_a_questionnaire_may_say_which_answers_count(
    tmp_path: Path, write: Write, compute: Compute
) -> None:
    form = tmp_path / "form.yaml"
    form.write_text(FORM + "satisfied: [3]\nvalid: [1, 2, 3]\n", "utf-8")
    path = write("response_id,A1\na,3\nb,3\nc,1\nd,5\n")
    figure = compute(path, "--instrument", str(form))["criteria"]["A1"]
    assert (figure["n"], figure["value"]) == (3, pytest.approx(200 / 3))
    form.write_text(FORM + "satisfied: [6]\n", "utf-8")
    with pytest.raises(UnknownInstrument, match="satisfied answers must be valid"):
        named(str(form))


def test_a_questionnaire_may_say_how_many_answers_make_a_response_count(
    tmp_path: Path, write: Write, compute: Compute
) -> None:
    form = tmp_path / "form.yaml"
    path = write("response_id,A1\na,3\nb,\n")
    for share in (0, 1):
        form.write_text(FORM + f"minimum_answered: {share}\n", "utf-8")
        responses = compute(path, "--instrument", str(form))["responses"]
        assert (responses["counted"], responses["answers_needed"]) == (1, 1)
    for wrong in ("1.5", "-1", ".nan", "half"):
        form.write_text(FORM + f"minimum_answered: {wrong}\n", "utf-8")
        with pytest.raises(UnknownInstrument, match=r"form\.yaml"):
            named(str(form))


def test_what_computes_needs_numpy_and_nothing_else() -> None:
    """Only the reader of questionnaires knows YAML."""
    needed: dict[str, set[str]] = {}
    for path in Path(sipas.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [str(node.module)]
            elsewhere = {name for name in names if not f"{name}.".startswith("reports.sipas.")}
            needed.setdefault(path.stem, set()).update(name.partition(".")[0] for name in elsewhere)
    outside = {module: names - sys.stdlib_module_names for module, names in needed.items()}
    assert outside.pop("instrument") == {"yaml"}
    assert set().union(*outside.values()) == {"numpy"}
