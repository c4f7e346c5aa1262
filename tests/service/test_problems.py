"""Errors: one table, one shape, nothing left out."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dedup.errors import (
    IndexFormatError,
    IndexFullError,
    IndexUnavailableError,
    InputError,
    SecondhandError,
    StoreError,
    TooLargeError,
    UnknownArticleError,
)
from service.app import Service
from service.errors import DOMAIN, PROBLEM_TYPES

DOCS = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")


def tree(root: type[SecondhandError]) -> Iterator[type[SecondhandError]]:
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


def test_every_domain_error_has_its_row() -> None:
    of_dedup = {error for error in tree(SecondhandError) if error.__module__.startswith("dedup.")}
    assert of_dedup == set(DOMAIN)


def test_every_problem_is_documented() -> None:
    rows = re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \|", DOCS, re.MULTILINE)
    assert {slug: int(status) for status, slug in rows} == {
        slug: kind.status for slug, kind in PROBLEM_TYPES.items()
    }


@pytest.mark.parametrize("slug", PROBLEM_TYPES)
def test_the_type_of_a_problem_is_an_address_that_explains_it(
    client: FlaskClient, slug: str
) -> None:
    kind = PROBLEM_TYPES[slug]
    explained = client.get(kind.uri).json
    assert (explained["type"], explained["status"]) == (kind.uri, kind.status)
    assert explained["way_out"] == kind.way_out


def raising(app: Service, error: Exception) -> FlaskClient:
    """A client of the app with a route at /boom that fails so."""

    def boom() -> str:
        raise error

    app.add_url_rule("/boom", view_func=boom)
    return app.test_client()


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (InputError("wrong", "title"), 422, "invalid-input"),
        (TooLargeError("too long", "text"), 413, "too-large"),
        (UnknownArticleError("x"), 404, "unknown-article"),
        (StoreError("redis://:hunter2@x"), 503, "index-error"),
        (IndexUnavailableError("redis://:hunter2@x"), 503, "index-unavailable"),
        (IndexFullError("redis://:hunter2@x"), 507, "index-full"),
        (IndexFormatError("redis://:hunter2@x"), 503, "index-format"),
        (SecondhandError("redis://:hunter2@x"), 500, "internal"),
        (RuntimeError("redis://:hunter2@x"), 500, "internal"),
    ],
)
def test_an_error_becomes_its_problem_and_keeps_secrets(
    app: Service, caplog: pytest.LogCaptureFixture, error: Exception, status: int, slug: str
) -> None:
    response = raising(app, error).get("/boom")
    assert (response.status_code, response.json["type"]) == (status, f"/problems/{slug}")
    assert "hunter2" not in response.text
    assert "Traceback" not in response.text
    logged = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert bool(logged) == (status >= 500)


def test_only_what_may_pass_says_when_to_try_again(app: Service) -> None:
    away = raising(app, IndexUnavailableError("x")).get("/boom")
    assert int(away.headers["Retry-After"]) > 0


def test_what_the_operator_has_to_mend_does_not_invite_a_retry(app: Service) -> None:
    assert "Retry-After" not in raising(app, IndexFormatError("x")).get("/boom").headers


def test_a_field_error_of_the_domain_names_the_field(app: Service) -> None:
    response = raising(app, InputError("not a language", "lang")).get("/boom")
    assert response.json["errors"] == [{"path": "lang", "message": "not a language"}]


def test_nothing_at_an_address_is_a_problem_too(client: FlaskClient) -> None:
    response = client.get("/v2/<b>")
    assert (response.status_code, response.json["type"]) == (404, "/problems/no-such-route")
    assert response.json["instance"] == "/v2/%3Cb%3E"


def test_a_wrong_method_is_answered_with_the_right_ones(client: FlaskClient) -> None:
    response = client.patch("/v1/articles/1", json={"text": "x"})
    assert (response.status_code, response.json["type"]) == (405, "/problems/method-not-allowed")
    assert set(response.headers["Allow"].split(", ")) >= {"GET", "PUT", "DELETE"}


def test_an_unknown_kind_of_problem_is_not_found(client: FlaskClient) -> None:
    assert client.get("/problems/nobody").status_code == 404
