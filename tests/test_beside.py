"""Two processes of one run meet nowhere."""

import pytest

from tests.beside import move_over, redis_beside


@pytest.mark.parametrize(
    ("url", "first", "second"),
    [
        ("redis://127.0.0.1:6379/15", "redis://127.0.0.1:6379/15", "redis://127.0.0.1:6379/14"),
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/15"),
        ("redis://127.0.0.1:6379", "redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/15"),
        ("redis://localhost:6379/", "redis://localhost:6379/0", "redis://localhost:6379/15"),
        (
            "redis+socket:///a/1/redis.sock",
            "redis+socket:///a/1/redis.sock?virtual_host=0",
            "redis+socket:///a/1/redis.sock?virtual_host=15",
        ),
        (
            "redis+socket:///a/redis.sock?virtual_host=3",
            "redis+socket:///a/redis.sock?virtual_host=3",
            "redis+socket:///a/redis.sock?virtual_host=2",
        ),
    ],
)
def test_each_process_has_a_database_of_redis(url: str, first: str, second: str) -> None:
    assert [redis_beside(url, number) for number in (0, 1)] == [first, second]


def test_each_process_has_its_own_folders_and_one_alone_keeps_what_was_named() -> None:
    named = {"REDIS_URL": "redis://h/2", "AUDIT_HEADS": "/a/heads", "INVITATION_KEYS": "/a/keys"}
    alone, second = dict(named), {**named, "PYTEST_XDIST_WORKER": "gw1"}
    move_over(alone)
    move_over(second)
    assert alone == named
    assert second == {
        "REDIS_URL": "redis://h/1",
        "AUDIT_HEADS": "/a/heads-gw1",
        "INVITATION_KEYS": "/a/keys-gw1",
        "PYTEST_XDIST_WORKER": "gw1",
    }
