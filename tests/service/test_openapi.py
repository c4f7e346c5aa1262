"""The OpenAPI document; that answers keep to it is checked by ``client`` in every test."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from service.app import Service
from service.wire import NamedSubmission

DOCS = (Path(__file__).parents[2] / "docs" / "http.md").read_text(encoding="utf-8")


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/openapi.json").json
    return document


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(document).validate()


def test_every_route_is_in_the_document(app: Service, document: dict[str, Any]) -> None:
    routes = {
        method + " " + re.sub(r"<(?:[a-z]+:)?([a-z]+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {*operations(document), "GET /openapi.json"}


def test_every_route_is_documented_for_people(document: dict[str, Any]) -> None:
    documented = set(re.findall(r"^\| `([A-Z]+ /[^`]*)` \|", DOCS, re.MULTILINE))
    assert documented == {*operations(document), "GET /openapi.json"}


def test_every_field_is_documented_for_people() -> None:
    fields = re.findall(r"^\| `([a-z]+)` \|", DOCS, re.MULTILINE)
    assert set(fields) == set(NamedSubmission.model_fields)


def test_every_operation_says_what_it_does_and_how_it_fails(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        assert operation["summary"], name
        assert "<br" not in operation.get("description", ""), name
        failures = {s: r for s, r in operation["responses"].items() if int(s) >= 400}
        assert failures, name
        for status, response in failures.items():
            assert list(response["content"]) == ["application/problem+json"], (name, status)


def test_operation_ids_are_names(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for operation in operations(document).values()]
    assert len(set(ids)) == len(ids)
    assert [one for one in ids if not re.fullmatch(r"[a-z][A-Za-z]*", one)] == []


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({"text": "x"}, True),
        ({"html": "x", "text": None, "title": None}, True),
        ({"text": "x", "html": "y"}, False),
        ({"title": "x"}, False),
        ({"text": "x", "unknown": "y"}, False),
        ({"text": 7}, False),
    ],
)
def test_the_schema_of_a_request_agrees_with_the_service(
    client: FlaskClient,
    document: dict[str, Any],
    body: dict[str, Any],
    fits: bool,  # noqa: FBT001
) -> None:
    schema = document["components"]["schemas"]["NamedSubmission"]
    assert Draft202012Validator(schema).is_valid(body) is fits
    assert (client.post("/v1/check", json=body).status_code == 200) is fits


def test_the_index_page_lists_the_routes(client: FlaskClient, document: dict[str, Any]) -> None:
    assert client.get("/").json["routes"] == list(operations(document))
