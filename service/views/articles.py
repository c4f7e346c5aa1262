"""Articles by id: store, read, judge, remove."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from uuid import uuid4

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.types import ResponseDict

from service import render
from service.badge import badge, to_svg
from service.errors import problem_responses
from service.schemas import ArticleOut, StoredOut, VerdictOut
from service.views import detector
from service.wire import ArticlePath, NamedSubmission, Submission, address

ANY: Final = problem_responses(
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
STORING: Final[ResponseDict] = {
    HTTPStatus.OK: StoredOut,
    HTTPStatus.CREATED: StoredOut,
    **problem_responses(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.INSUFFICIENT_STORAGE,
    ),
}

articles = APIBlueprint(
    "articles",
    __name__,
    url_prefix="/v1/articles",
    abp_tags=[{"name": "articles", "description": "Known articles and their verdicts."}],
    abp_responses=ANY,
)


@articles.put(
    "/<article:id>",
    operation_id="putArticle",
    description="201 if the id is new. 200 if it was known: other content replaces what was "
    "there, the same content changes nothing.",
    responses=STORING,
)
def put_article(path: ArticlePath, body: Submission) -> Response:
    """Store an article under an id and judge it."""
    return _store(path.id, body)


@articles.post(
    "",
    operation_id="postArticle",
    description="Without an id every request makes a new article, so a retry may store it twice.",
    responses=STORING,
)
def post_article(body: NamedSubmission) -> Response:
    """Store an article under the id it brings, or a new one, and judge it."""
    return _store(body.id or uuid4().hex, body)


def _store(article_id: str, body: Submission) -> Response:
    done = detector().put(body.article(article_id))
    response = jsonify(render.outcome(done))
    response.status_code = HTTPStatus.CREATED if done.created else HTTPStatus.OK
    response.location = address(article_id)
    return response


@articles.get(
    "/<article:id>",
    operation_id="getArticle",
    responses={HTTPStatus.OK: ArticleOut, HTTPStatus.NOT_MODIFIED: None},
)
def get_article(path: ArticlePath) -> Response:
    """An article as it was submitted."""
    return render.article(detector().stored(path.id))


@articles.delete(
    "/<article:id>", operation_id="deleteArticle", responses={HTTPStatus.NO_CONTENT: None}
)
def delete_article(path: ArticlePath) -> Response:
    """Remove an article. Verdicts that name it keep its id."""
    detector().delete(path.id)
    return render.nothing()


@articles.get(
    "/<article:id>/verdict",
    operation_id="getVerdict",
    responses={HTTPStatus.OK: VerdictOut, HTTPStatus.NOT_MODIFIED: None},
)
def get_verdict(path: ArticlePath) -> Response:
    """The verdict on a stored article, against all articles known now."""
    return render.verdict(detector().explained(path.id))


@articles.get(
    "/<article:id>/badge.svg",
    operation_id="getBadge",
    responses={
        HTTPStatus.OK: {
            "description": "A badge.",
            "content": {render.SVG: {"schema": {"type": "string"}}},
        },
        HTTPStatus.NOT_MODIFIED: None,
    },
)
def get_badge(path: ArticlePath) -> Response:
    """The verdict as a picture to show beside the article."""
    return render.picture(to_svg(badge(detector().report(path.id))))
