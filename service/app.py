"""The application, put together."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response
from flask.json.provider import DefaultJSONProvider
from flask_openapi.models.info import Info
from flask_openapi.models.license import License
from flask_openapi.openapi import OpenAPI
from werkzeug.routing import BaseConverter

import dedup
from dedup.config import IndexSettings
from dedup.config import Settings as DetectionSettings
from dedup.index import open_index
from dedup.pipeline import Detector
from service import errors
from service.request import StrictRequest, check_address_is_text
from service.settings import Settings
from service.sweeper import Sweeper
from service.views import DETECTOR
from service.views.articles import articles
from service.views.check import check
from service.views.system import system

OPENAPI_VERSION: Final = "3.1.0"

SECURITY_HEADERS: Final = {
    # Article text is hostile input: whatever a browser makes of an answer, it runs nothing.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class ArticleIdConverter(BaseConverter):
    """An article's id in an address: anything, slashes at its ends too."""

    regex = r"[\s\S]+?"
    part_isolating = False


class PlainJson(DefaultJSONProvider):
    """JSON in UTF-8, its keys in the order of ``dedup.report``."""

    ensure_ascii = False
    sort_keys = False


class Service(OpenAPI):
    """Flask with the strict request and plain JSON."""

    request_class = StrictRequest
    json_provider_class = PlainJson


def open_detector(settings: Settings) -> Detector:
    """A detector on the index that the settings name.

    Raises:
        StoreError: The index cannot be opened.
    """
    detection = DetectionSettings(
        index=IndexSettings(prefix=settings.key_prefix, acknowledge=settings.acknowledge)
    )
    index = open_index(
        data_dir=None if settings.redis_url else settings.data_dir,
        redis_url=settings.redis_url,
        settings=detection,
    )
    return Detector(index, detection)


def create_app(settings: Settings, detector: Detector | None = None) -> Flask:
    """The WSGI application.

    Args:
        settings: How the service runs.
        detector: What judges, looked after by the caller. None for one on the index that the
            settings name, which is swept from the first request on: not earlier, since a
            server may fork its workers after it has made the app.
    """
    app = Service(
        __name__,
        info=Info(
            title="secondhand",
            version=dedup.__version__,
            description=dedup.__doc__,
            license=License(name="Apache-2.0", identifier="Apache-2.0"),
        ),
        validation_error_callback=errors.on_validation_error,
        validation_error_model=errors.Problem,
        # Only named so that the generated document keeps what each route says about 422.
        validation_error_status=500,
        doc_ui=False,
        static_folder=None,
    )
    app.openapi_version = OPENAPI_VERSION
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.url_map.merge_slashes = False
    app.url_map.converters["article"] = ArticleIdConverter
    if detector is None:
        detector = open_detector(settings)
        app.before_request(Sweeper(detector, app.logger).start)
    app.extensions[DETECTOR] = detector
    errors.register(app)
    for routes in (articles, check, system):
        app.register_api(routes)
    app.before_request(check_address_is_text)
    app.after_request(_secure)
    return app


def _secure(response: Response) -> Response:
    response.headers.extend(SECURITY_HEADERS)
    return response
