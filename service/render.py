"""From what ``dedup`` answers to responses."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Response, jsonify, request

from dedup.index.base import Stored
from dedup.model import Report
from dedup.pipeline import Outcome
from dedup.report import Json, reference_to_json, time_to_json, to_json

SVG: Final = "image/svg+xml"


def revalidated(response: Response) -> Response:
    """Let clients keep a response but ask about it: 304 if it is still the same.

    The tag is made of the body: matches may change while the verdict, and so its
    revision, stays.
    """
    response.cache_control.no_cache = True
    response.add_etag()
    response.make_conditional(request)
    return response


def verdict(report: Report) -> Response:
    """The verdict on a stored article."""
    return revalidated(jsonify(to_json(report)))


def picture(svg: str) -> Response:
    """An SVG picture."""
    return revalidated(Response(svg, mimetype=SVG))


def nothing() -> Response:
    """No content, and so no type of content."""
    response = Response(status=HTTPStatus.NO_CONTENT)
    del response.headers["Content-Type"]
    return response


def outcome(done: Outcome) -> Json:
    """The verdict on the article just stored, and whose verdicts it changed."""
    return {
        **to_json(done.report),
        "revised": [
            {
                "id": report.article.id,
                "verdict": report.verdict.verdict,
                "kind": report.verdict.kind,
                "source": None
                if report.verdict.source is None
                else reference_to_json(report.verdict.source),
                "revision": report.revision,
            }
            for report in done.revised
        ],
    }


def article(stored: Stored) -> Response:
    """An article as it was submitted."""
    given = stored.article
    published = given.published
    body: Json = {
        "id": given.id,
        "text": given.text if given.media == "text" else None,
        "html": given.text if given.media == "html" else None,
        "title": given.title,
        "url": given.url,
        "source": given.source,
        "published": None if published is None else time_to_json(published),
        "lang": given.lang,
        "language": {"code": stored.language.code, "by": stored.language.by},
        "received": time_to_json(stored.received),
        "expires": None if stored.expires is None else time_to_json(stored.expires),
    }
    return revalidated(jsonify(body))
