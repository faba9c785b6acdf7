"""What the parts of a page ask alike is read once, and never kept beyond the page."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.reading import OnePageMiddleware
from offices.reading import keep, once, one_page

METHODS = {"GET": 1, "HEAD": 1, "POST": 2, "DELETE": 2}


class Reading:
    """Something that is read, and how often it was."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_within_a_page_each_is_read_once_and_told_apart() -> None:
    first, second = Reading(), Reading()
    with one_page():
        assert [once("first", first), once("second", second), once("first", first)] == [1, 1, 1]
        assert once(("first", 2), first) == 2
    assert (first.times, second.times) == (2, 1)


def test_a_page_is_given_nothing_that_another_read() -> None:
    read = Reading()
    for page in (1, 2):
        with one_page():
            assert once("it", read) == page
    assert [once("it", read), once("it", read)] == [3, 4]  # outside of pages nothing is kept


def test_what_was_read_along_is_not_read_again_and_is_kept_for_a_page_alone() -> None:
    read = Reading()
    keep("it", 7)
    with one_page():
        assert once("it", read) == 1
        keep("it", 7)
        assert once("it", read) == 7
    assert once("it", read) == 2


def test_nothing_is_kept_of_a_page_that_broke() -> None:
    read = Reading()

    def broken() -> None:
        with one_page():
            once("it", read)
            raise ValueError("broke")

    with pytest.raises(ValueError, match="broke"):
        broken()
    assert [once("it", read), once("it", read)] == [2, 3]


@pytest.mark.parametrize(("method", "times"), METHODS.items())
def test_whatever_changes_something_reads_anew(method: str, times: int) -> None:
    read = Reading()

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{once('it', read)}{once('it', read)}")

    OnePageMiddleware(view)(RequestFactory().generic(method, "/"))
    assert read.times == times
