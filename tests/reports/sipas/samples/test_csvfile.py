"""Which files are read, and how the others are refused."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reports.sipas.samples.csvfile import BadFile, Columns, read
from reports.sipas.samples.survey import LARGEST, SMALLEST
from tests.reports.sipas.tables import SERVICES, Compute, Refusal, Write, table


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_of_other_programs_are_read(
    delimiter: str, start: bytes, end: str, write: Write, compute: Compute
) -> None:
    rows = (["a", 5, "0,5"], ["b", 2, "1.5"], ['c"x', " 4", "2"])
    content = table(*rows, more=["w"], delimiter=delimiter)
    path = write(start + (content.replace("\n", end) + end * 2).encode())
    printed = compute(path, "--weight", "w")
    assert printed["criteria"]["B2"]["value"] == pytest.approx(100 * 2.5 / 4)


def test_columns_may_stand_in_any_order(write: Write, compute: Compute) -> None:
    lines = [line.split(",")[::-1] for line in table(["a", 4, "x"], more=["s"]).splitlines()]
    lines += [["y", *"2" * 16, "b"], ["x", *"2" * 16, "c"], ["y", *"4" * 16, "d"]]
    printed = compute(write("\n".join(",".join(line) for line in lines)), "--strata", "s")
    assert printed["component"]["value"] == 50


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
    content: str | bytes, line: int, problem: str, write: Write, refusal: Refusal
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
        (["b", 4, "s", "2", "1e200", 9], 3, "w is '1e200', not a number from 1e-10 to 1e+10, or 0"),
        (["b", 4, "s", "2", "1e-320", 9], 3, "w is '1e-320', not a number"),
        (["b", 4, "s", "2", "inf", 9], 3, "w is 'inf', not a number"),
        (["b", 4, "s", "2", "", 9], 3, "w is empty. Write how many people the respondent is for"),
        (["b", 4, "s", "2", "1", 0], 3, "f is '0', not a number from 1e-10 to 1e+10. Write how"),
        (["b", 4, "s", "2", "1", -9], 3, "f is '-9', not a number"),
        (["b", 4, "s", "2", "1", "nan"], 3, "f is 'nan', not a number"),
        (["b", 4, "s", "2", "1", "1e300"], 3, "f is '1e300', not a number"),
        (["b", 4, "", "2", "1", 9], 3, "s is empty"),
        (["b", 4, "s", "", "1", 9], 3, "c is empty"),
        (["b", 4, "s", "2", "1", ""], 3, "f is empty"),
        (["b", 4, "s", "2", "1", 8], 3, "the stratum 's' has the fpc 8 here and 9 above"),
        (["b", 4, "t", "2", "1", 9], 3, "the stratum 't' has a single cluster"),
        (["b", 4, "t", "2", "1", "0.5"], 3, "the fpc 0.5 is a fraction"),
    ],
)
def test_a_malformed_design_is_refused_with_its_line(
    changed: list[object], line: int, problem: str, write: Write, refusal: Refusal
) -> None:
    rows = (["a", 5, "s", "1", "1", 9], changed, ["c", 2, "s", "3", "1", 9])
    message = refusal(write(table(*rows, more="scwf")), *DESIGN)
    assert f"line {line}: {problem}" in message


@pytest.mark.parametrize(
    ("third", "said"),
    [
        (
            ["c", 2, "s", "3", "0", 8],
            "the fpc 8 here and 9 above. Give all of a stratum the same (column f).",
        ),
        (["c", 2, "s", "3", "0", "0.5"], "Use one kind (column f)."),
        (["c", 2, "t", "3", "0", 9], "if it was drawn with certainty (columns s, c)."),
    ],
)
def test_what_is_wrong_with_several_rows_names_its_columns(
    third: list[object], said: str, write: Write, refusal: Refusal
) -> None:
    rows = (["a", 5, "s", "1", "1", 9], ["b", 5, "s", "2", "1", 9], third)
    message = refusal(write(table(*rows, more="scwf")), *DESIGN)
    assert "line 4: " in message
    assert said in message


def test_weights_that_are_all_0_are_refused(write: Write, refusal: Refusal) -> None:
    path = write(table(*([i, 5, "0,0"] for i in range(9)), more="w"))
    message = refusal(path, "--weight", "w")
    assert "line 2: every weight is 0" in message
    assert "(column w)" in message


def test_a_population_smaller_than_the_sample_is_refused(write: Write, refusal: Refusal) -> None:
    rows = [["a", 5, "t", 1, 9], ["b", 5, "t", 2, 9]]
    rows += [[f"x{i}", 4, "s", i, 2] for i in range(3)]
    message = refusal(
        write(table(*rows, more="scf")), "--strata", "s", "--cluster", "c", "--fpc", "f"
    )
    assert "line 4: the stratum 's' has 3 clusters in the sample but an fpc of 2" in message


def test_a_column_of_the_design_that_is_not_named_is_not_used(
    write: Write, refusal: Refusal
) -> None:
    path = write(table(["a", 5, 2], ["b", 2, 1], more=["weight"]))
    assert read(path, [SERVICES]).unused == ("weight",)
    assert "missing columns: w" in refusal(path, "--weight", "w")


def test_an_unknown_criterion_is_refused(write: Write, refusal: Refusal) -> None:
    assert "line 1: unknown columns: F1" in refusal(write(table(["a", 5, 2], more=["F1"])))


def test_a_line_beyond_the_first_block_keeps_its_number(tmp_path: Path) -> None:
    rows = "".join(f"{i}{',4' * 16}\n" for i in range(70_000))
    path = tmp_path / "many.csv"
    path.write_text(table() + rows + f"69999{',4' * 16}\n", "utf-8")
    with pytest.raises(BadFile, match="line 70002: response_id 69999 is also in line 70001"):
        read(path, [SERVICES], Columns())


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file that is written again and again."""
    return tmp_path_factory.mktemp("csv") / "answers.csv"


people = st.lists(
    st.tuples(
        st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 8, 9]), min_size=16, max_size=16),
        st.text('ăâđêôơư,;"\n\t x', min_size=1).map(lambda text: f"t{text}t"),
        st.just(0.0) | st.floats(SMALLEST, LARGEST),
    ),
    max_size=8,
)


@given(people, st.sampled_from(",;\t"))
def test_what_was_written_is_read(
    scratch: Path, rows: list[tuple[list[int], str, float]], delimiter: str
) -> None:
    written = [
        [i, [answer or "" for answer in answers], label, str(weight).replace(".", ",")]
        for i, (answers, label, weight) in enumerate(rows)
    ]
    content = table(*written, more=["c", "w"], delimiter=delimiter)
    scratch.write_text(content, "utf-8", newline="")
    assume(len({label for _, label, _ in rows}) != 1)  # a single cluster is refused
    assume(not rows or any(weight for *_, weight in rows))  # and so is nobody's weight
    found = read(scratch, [SERVICES], Columns(cluster="c", weight="w"))
    assert found.answers.T.tolist() == [answers for answers, _, _ in rows]
    assert found.design.weights.tolist() == [weight for _, _, weight in rows]
    assert len(found.design.psu_stratum) == len({label for _, label, _ in rows})


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 3), st.binary(max_size=4))
def test_a_damaged_file_is_read_or_refused_with_a_line(
    scratch: Path, place: int, cut: int, instead: bytes
) -> None:
    content = GOOD.encode()
    damaged = content[:place] + instead + content[place + cut :]
    scratch.write_bytes(damaged)
    line, answers = 1, np.zeros((16, 1), dtype=np.uint8)
    try:
        answers = read(scratch, [SERVICES]).answers
    except BadFile as error:
        line = error.line
    assert 1 <= line <= damaged.count(b"\n") + 1
    assert answers.shape[0] == 16
    assert set(answers.ravel().tolist()) <= {0, 1, 2, 3, 4, 5, 8, 9}


def test_a_column_has_one_purpose(write: Write, refusal: Refusal) -> None:
    path = write(table(["a", 5, 2], ["b", 2, 1], more="s"))
    message = refusal(path, "--strata", "s", "--weight", "s")
    assert "line 1: columns named for two purposes: s" in message
