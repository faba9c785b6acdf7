"""What `make mutations` would break still stands in the code."""

import pytest

from scripts.mutate import ROOT, Mutation, broken, mutations


@pytest.mark.parametrize("mutation", mutations(), ids=lambda mutation: mutation.name)
def test_the_line_stands_once_and_the_test_is_there(mutation: Mutation) -> None:
    assert broken(mutation, ROOT) != (ROOT / mutation.file).read_text("utf-8")
    assert (ROOT / mutation.test).exists()
