"""The service itself: is it there, what does it offer."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from flask import Response, current_app, jsonify
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.openapi import OpenAPI
from pydantic import BaseModel
from werkzeug.exceptions import NotFound

import dedup
from service.errors import PROBLEM_TYPES, problem_responses
from service.schemas import Index, ProblemTypeOut, Status
from service.views import detector

OPENAPI = "/openapi.json"

system = APIBlueprint(
    "system",
    __name__,
    abp_tags=[{"name": "system", "description": "The service itself."}],
    abp_responses=problem_responses(HTTPStatus.INTERNAL_SERVER_ERROR),
)


class ProblemPath(BaseModel):
    """Which kind of problem."""

    slug: str


@system.get("/", operation_id="index", responses={HTTPStatus.OK: Index})
def index() -> Response:
    """What this service is, and its routes."""
    return jsonify(
        name="secondhand",
        version=dedup.__version__,
        openapi=OPENAPI,
        routes=[
            f"{method.upper()} {path}"
            for path, operations in _document()["paths"].items()
            for method in operations
        ],
    )


@system.get("/livez", operation_id="live", responses={HTTPStatus.OK: Status})
def live() -> Response:
    """The process runs."""
    return jsonify(status="alive")


@system.get(
    "/readyz",
    operation_id="ready",
    responses={HTTPStatus.OK: Status, **problem_responses(HTTPStatus.SERVICE_UNAVAILABLE)},
)
def ready() -> Response:
    """The index answers."""
    detector().ping()
    return jsonify(status="ready")


@system.get(
    "/problems/<slug>",
    operation_id="problem",
    responses={HTTPStatus.OK: ProblemTypeOut, **problem_responses(HTTPStatus.NOT_FOUND)},
)
def problem_type(path: ProblemPath) -> Response:
    """What a problem's `type` means."""
    kind = PROBLEM_TYPES.get(path.slug)
    if kind is None:
        raise NotFound
    return jsonify(type=kind.uri, title=kind.title, status=kind.status, way_out=kind.way_out)


@system.get(OPENAPI, doc_ui=False)
def openapi() -> Response:
    """This service, described for machines (OpenAPI 3.1)."""
    return jsonify(_document())


def _document() -> dict[str, Any]:
    return cast("OpenAPI", current_app).api_doc
