"""No line of our own log joins a moment to an answer, whoever writes it."""

import copy
import io
import logging
from logging.config import dictConfig
from typing import Any

import pytest
from django.conf import settings

from config.logs import SERVERS, WithoutTokens


def kept(said: str, *given: object) -> str:
    record = logging.LogRecord("any", logging.INFO, "", 1, said, given, None)
    assert WithoutTokens().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Not Found: /m/AbC_123-xyz/", "Not Found: /m/…"),
        ("Not Found: /M/AbC_123-xyz.", "Not Found: /M/…"),
        ("Not Found: /KS/Ha-Tien/counter/", "Not Found: /KS/Ha-Tien/…"),
        ("Not Found: /m/AbC_123-xyz/a/b", "Not Found: /m/…"),
        ("Gone: /lien-ket/AbC-1/tiep/", "Gone: /lien-ket/…"),
        ("Not Found: /ks/ha-tien/counter/", "Not Found: /ks/ha-tien/…"),
        ("Not Found: /ks/phan-hoi/ABCDE-FGHIJ-KLMNO", "Not Found: /ks/phan-hoi/…"),
        ("Not Found: /ks/ha-tien/", "Not Found: /ks/ha-tien/"),
        ('"GET /ks/ha-tien/?quay=3 HTTP/1.1" 200', '"GET /ks/ha-tien/?… HTTP/1.1" 200'),
        ('"GET /ks/ha-tien/counter/?quay=3 HTTP/1.1"', '"GET /ks/ha-tien/…?… HTTP/1.1"'),
        ('"https://a.vn/bao-cao/?tim=lan" "Mozilla"', '"https://a.vn/bao-cao/?…" "Mozilla"'),
        ("Is it? 3 contacts are deleted", "Is it? 3 contacts are deleted"),
        ("rows of /var/lib/m/things stay", "rows of /var/lib/m/things stay"),
    ],
)
def test_addresses_are_cut(said: str, written: str) -> None:
    assert kept("%s", said) == written
    assert kept(said.replace("%", "%%")) == written


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_that_logs_requests_writes_them_cut(name: str) -> None:
    logger, root = logging.getLogger(name), logging.getLogger()
    before = [
        (one, list(one.handlers), list(one.filters), one.level, one.propagate)
        for one in (logger, root)
    ]
    own, ours = io.StringIO(), io.StringIO()
    config: dict[str, Any] = copy.deepcopy(settings.LOGGING)  # Any: as logging has it
    config["handlers"]["console"]["stream"] = ours
    try:
        # as these servers begin: a handler of their own, and nothing handed on
        logger.handlers, logger.propagate = [logging.StreamHandler(own)], False
        logger.setLevel(logging.INFO)
        dictConfig(config)
        asked = ("198.51.100.7", "GET", "/ks/ha-tien/?quay=3", "1.1", 200)
        logger.info('%s "%s %s HTTP/%s" %d', *asked)
    finally:
        for one, handlers, filters, level, propagate in before:
            one.handlers, one.filters, one.propagate = handlers, filters, propagate
            one.setLevel(level)
    assert own.getvalue() == ""
    assert ours.getvalue() == '198.51.100.7 "GET /ks/ha-tien/?… HTTP/1.1" 200\n'
