"""The service under test is the real one, on a real index.

``client`` talks to an app in this process, on an index of its own, and holds every answer
against ``/openapi.json``: a status, a field or a type that the document does not promise
fails the test that met it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from dedup.index.base import Index
from dedup.pipeline import Detector
from service.app import Service, create_app
from service.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds"
PROBLEM = "application/problem+json"


@pytest.fixture(scope="session")
def seeds() -> dict[str, str]:
    """The texts of the seed articles by the first three digits of their names."""
    return {path.name[:3]: path.read_text(encoding="utf-8") for path in SEEDS.glob("0*.txt")}


class ContractClient(FlaskClient):
    """A test client that accepts only what the OpenAPI document promises."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        check_contract(self.application, response)
        return response


def check_contract(app: Any, response: TestResponse) -> None:
    assert isinstance(app, Service)
    document = app.api_doc
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    path = documented_path(app, response)
    if path not in document["paths"] or response.request.method == "OPTIONS":
        assert response.status_code < 400 or response.mimetype == PROBLEM
        schema = {"$ref": "#/components/schemas/Problem"} if response.status_code >= 400 else {}
        validate(document, schema, response)
        return
    method = response.request.method.lower().replace("head", "get")
    promised = document["paths"][path][method]["responses"][str(response.status_code)]
    content = promised.get("content", {})
    if not response.data:
        assert response.status_code in {204, 304} or response.request.method == "HEAD"
        return
    assert response.mimetype in content
    if response.mimetype.endswith("json"):
        validate(document, content[response.mimetype]["schema"], response)


def documented_path(app: Service, response: TestResponse) -> str | None:
    """The path as OpenAPI spells it; None if nothing is there, or not for that method."""
    try:
        rule, _ = app.url_map.bind_to_environ(response.request.environ).match(return_rule=True)
    except HTTPException:
        return None
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def validate(document: dict[str, Any], schema: dict[str, Any], response: TestResponse) -> None:
    Draft202012Validator(
        {**schema, "components": document["components"]}, format_checker=FormatChecker()
    ).validate(response.get_json())


@pytest.fixture
def app(index: Index) -> Service:
    app = create_app(Settings(max_body_bytes=200_000), Detector(index))
    app.test_client_class = ContractClient
    assert isinstance(app, Service)
    return app


@pytest.fixture
def client(app: Service) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client
