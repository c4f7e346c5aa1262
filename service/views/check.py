"""Judging without storing."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint

from dedup.report import to_json
from service.errors import problem_responses
from service.schemas import CheckOut
from service.views import detector
from service.wire import NamedSubmission

UNNAMED: Final = ""
"""What the detector calls a text that came without an id: nothing is stored under it. The
answer says null."""

check = APIBlueprint(
    "check", __name__, abp_tags=[{"name": "check", "description": "Judging without storing."}]
)


@check.post(
    "/v1/check",
    operation_id="check",
    responses={
        HTTPStatus.OK: CheckOut,
        **problem_responses(
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            HTTPStatus.UNPROCESSABLE_ENTITY,
            HTTPStatus.INTERNAL_SERVER_ERROR,
            HTTPStatus.SERVICE_UNAVAILABLE,
        ),
    },
)
def check_text(body: NamedSubmission) -> Response:
    """Judge a text against all articles known now, without storing it."""
    report = detector().check(body.article(body.id or UNNAMED), replaces=body.id)
    return jsonify(to_json(report) | {"id": body.id})
