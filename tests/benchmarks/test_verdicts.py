from benchmarks.measures.verdicts import measure, sizes


def test_most_offices_of_a_list_are_small() -> None:
    people = sizes(40)
    assert (people[0], people[-1], len(people)) == (20, 400, 40)
    assert people[20] < 100


def test_a_row_tells_chance_from_what_is_worse() -> None:
    row = measure("all or nothing", 8, 80, lists=100)
    assert row.lists == 100
    assert row.error <= 8
    assert row.worse == 65
    assert row.found > 50
    assert measure("all or nothing", 8, 80, lists=100) == row
