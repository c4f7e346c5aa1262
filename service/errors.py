"""Every error as RFC 9457 problem details, from one table.

The body is a promise (``docs/http.md``): ``type`` names the kind of problem and never
changes, ``detail`` says what is wrong here and what to do, ``errors`` names the fields.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from flask import Flask, Response, current_app, jsonify, request
from flask_openapi.types import ResponseDict
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from dedup.errors import (
    BadIdError,
    BatchError,
    DataError,
    IndexFormatError,
    IndexFullError,
    IndexUnavailableError,
    InputError,
    SecondhandError,
    StoreError,
    TooLargeError,
    UnknownArticleError,
)

MEDIA_TYPE: Final = "application/problem+json"

RETRY_AFTER_SECONDS: Final = 5
"""What a client is asked to wait while the index is away: a local server restarts, and
loads an index of a few hundred megabytes, in about that time."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of problem, as ``/problems/<slug>`` describes it.

    Attributes:
        slug: Last part of ``type``.
        status: HTTP status.
        title: What it is, in a few words.
        way_out: What to do about it.
        retry_after: Seconds after which the same request may work; None if it will not.
        public: Whether the error's own text may be shown; those of the store may hold
            addresses and are for the log.
    """

    slug: str
    status: HTTPStatus
    title: str
    way_out: str
    retry_after: int | None = None
    public: bool = True

    @property
    def uri(self) -> str:
        """The problem's ``type``."""
        return f"/problems/{self.slug}"


INVALID: Final = ProblemType(
    "invalid-input",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The article cannot be used",
    "Correct the fields that `errors` names.",
)
TOO_LARGE: Final = ProblemType(
    "too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The article is too large",
    "Send the article's text without the page around it, or only its first part.",
)
INTERNAL: Final = ProblemType(
    "internal",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong in the service",
    "This is a fault of the service, which has logged it. Nothing is known about the article.",
    public=False,
)

DOMAIN: Final[dict[type[SecondhandError], ProblemType]] = {
    SecondhandError: INTERNAL,
    InputError: INVALID,
    TooLargeError: TOO_LARGE,
    BadIdError: ProblemType(
        "bad-id",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "The id cannot name an article",
        "Use 1 to 512 bytes of printable text that ends like no other route.",
    ),
    UnknownArticleError: ProblemType(
        "unknown-article",
        HTTPStatus.NOT_FOUND,
        "No such article",
        "Check the id, percent-encoded in the address; PUT the article to make it known.",
    ),
    StoreError: ProblemType(
        "index-error",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The index cannot answer",
        "Nothing is known about the article; the operator finds the reason in the log.",
        public=False,
    ),
    IndexUnavailableError: ProblemType(
        "index-unavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The index is away",
        "Send the same request again after the time in Retry-After.",
        retry_after=RETRY_AFTER_SECONDS,
        public=False,
    ),
    IndexFullError: ProblemType(
        "index-full",
        HTTPStatus.INSUFFICIENT_STORAGE,
        "The index is full",
        "Delete articles, or give the index's server more memory; then send it again.",
        public=False,
    ),
    IndexFormatError: ProblemType(
        "index-format",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The index was made by another version or with other settings",
        "The operator has to point the service at an index of its own make.",
        public=False,
    ),
    BatchError: INTERNAL,  # of the command line; the service runs no batches
    DataError: replace(INTERNAL, slug="bad-data", title="The service's own data cannot be read"),
}

HTTP: Final[dict[HTTPStatus, ProblemType]] = {
    kind.status: kind
    for kind in (
        ProblemType(
            "bad-request",
            HTTPStatus.BAD_REQUEST,
            "The request cannot be read",
            "Send a JSON object in UTF-8.",
        ),
        ProblemType(
            "no-such-route",
            HTTPStatus.NOT_FOUND,
            "Nothing is at this address",
            "The routes are listed at / and described in /openapi.json.",
        ),
        ProblemType(
            "method-not-allowed",
            HTTPStatus.METHOD_NOT_ALLOWED,
            "This address does not take that method",
            "Use a method that the Allow header names.",
        ),
        ProblemType(
            "unsupported-media-type",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "The body is not JSON",
            "Send uncompressed JSON in UTF-8 with Content-Type: application/json.",
        ),
        TOO_LARGE,
        INTERNAL,
    )
}

PROBLEM_TYPES: Final[dict[str, ProblemType]] = {
    kind.slug: kind for kind in (*DOMAIN.values(), *HTTP.values())
}


FIELD_MESSAGES: Final = {
    "extra_forbidden": "unknown field; take it out",
    "string_type": "must be a string",
}
"""Plainer words for what pydantic says most often."""


class FieldError(BaseModel):
    """What is wrong with one field."""

    model_config = ConfigDict(extra="forbid")

    path: str = Field(description="The field; `body` for the request as a whole.")
    message: str = Field(description="What is wrong with it.")


class Problem(BaseModel):
    """Problem details (RFC 9457): the body of every error."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(description="Which kind of problem; a stable address that describes it.")
    title: str = Field(description="The kind in a few words.")
    status: int = Field(description="The HTTP status again.")
    detail: str = Field(description="What is wrong with this request and what to do.")
    instance: str = Field(description="The address that was asked for.")
    errors: list[FieldError] = Field(description="The fields at fault; empty if none is.")


def problem(kind: ProblemType, detail: str, errors: tuple[FieldError, ...] = ()) -> Response:
    """One problem as a response."""
    body = Problem(
        type=kind.uri,
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=quote(request.path),
        errors=list(errors),
    )
    response = jsonify(body.model_dump())
    response.status_code = kind.status
    response.mimetype = MEDIA_TYPE
    if kind.retry_after is not None:
        response.headers["Retry-After"] = str(kind.retry_after)
    return response


def problem_responses(*statuses: HTTPStatus) -> ResponseDict:
    """What a route's OpenAPI description says about its errors."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        status: {
            "description": "; ".join(
                kind.title for kind in PROBLEM_TYPES.values() if kind.status == status
            ),
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in statuses
    }


def on_validation_error(error: ValidationError) -> Response:
    """A request that does not fit its schema."""
    errors = tuple(
        FieldError(
            path=".".join(str(part) for part in found["loc"]) or "body",
            message=_message(found["type"], found["msg"]),
        )
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    )
    listed = "; ".join(f"{one.path}: {one.message}" for one in errors)
    return problem(INVALID, f"{listed}.", errors)


def _message(error_type: str, message: str) -> str:
    return FIELD_MESSAGES.get(error_type) or message.removeprefix("Value error, ")


def on_domain_error(error: SecondhandError) -> Response:
    """What ``dedup`` raised."""
    kind = next(DOMAIN[cls] for cls in type(error).__mro__ if cls in DOMAIN)
    if kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error(
            "%s %s: %s: %s", request.method, quote(request.path), type(error).__name__, error
        )
    field = error.field if isinstance(error, InputError) else None
    errors = () if field is None else (FieldError(path=field, message=str(error)),)
    return problem(kind, f"{error}." if kind.public else kind.way_out, errors)


def on_http_error(error: HTTPException) -> Response:
    """What Flask raised, and every error that nobody foresaw."""
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    kind = HTTP.get(status) or ProblemType("http-error", status, status.phrase, status.description)
    response = problem(kind, _detail(kind, error))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _detail(kind: ProblemType, error: HTTPException) -> str:
    if isinstance(error, RequestEntityTooLarge):
        limit = current_app.config["MAX_CONTENT_LENGTH"]
        return f"The body is larger than {limit} bytes, which is the most that is read."
    own_words = error.description != type(error).description
    return error.description if own_words and error.description else kind.way_out


def register(app: Flask) -> None:
    """Let every error leave ``app`` as problem details."""
    app.register_error_handler(SecondhandError, on_domain_error)
    app.register_error_handler(HTTPException, on_http_error)
