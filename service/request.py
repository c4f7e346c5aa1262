"""The request as this service reads it: strictly, or not at all."""

from __future__ import annotations

from typing import Any, Final

from flask import Request, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from service.wire import parse_json

DRAINED_BYTES: Final = 16 * 1024 * 1024
"""How much of a body that is too large is read and dropped; a larger one is cut off."""

PIECE_BYTES: Final = 64 * 1024


def check_address_is_text() -> None:
    """Refuse an address that is not UTF-8.

    Werkzeug would put U+FFFD in place of what it cannot decode, and many addresses would
    lead to the one article whose id holds that.
    """
    try:
        request.environ["PATH_INFO"].encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("The address is not percent-encoded UTF-8; encode it so.") from error


class StrictRequest(Request):
    """A request whose JSON is an object in UTF-8, unpacked, under its own name."""

    def get_json(
        self,
        force: bool = False,  # noqa: ARG002, FBT001, FBT002  # the signature is Flask's
        silent: bool = False,  # noqa: ARG002, FBT001, FBT002
        cache: bool = True,  # noqa: ARG002, FBT001, FBT002
    ) -> Any:  # noqa: ANN401
        """The JSON object in the body.

        flask-openapi asks silently and would take a body that cannot be read for an
        empty one; here the reason always reaches the client.

        Raises:
            BadRequest: The body is empty or no JSON object.
            UnsupportedMediaType: It is declared to be something else, or is compressed.
            RequestEntityTooLarge: It is larger than ``MAX_CONTENT_LENGTH``.
        """
        coding = self.headers.get("Content-Encoding", "identity")
        if coding.lower() != "identity":
            raise UnsupportedMediaType(f"Content-Encoding {coding!r}: send the body uncompressed.")
        body = self._whole_body()
        if not body:
            raise BadRequest("The body is empty; send a JSON object with `text` or `html`.")
        charset = self.mimetype_params.get("charset", "utf-8")
        if not self.is_json or charset.lower() not in {"utf-8", "utf8"}:
            raise UnsupportedMediaType(
                f"Content-Type {self.content_type!r}: send JSON in UTF-8 as application/json."
            )
        try:
            return parse_json(body)
        except ValueError as error:
            raise BadRequest(f"The body cannot be read: {error}.") from error

    def _whole_body(self) -> bytes:
        limit = self.max_content_length
        if limit is not None and (self.content_length or 0) > limit:
            raise self._too_large()
        body = self.get_data()
        # A body without a declared length is cut at the limit by werkzeug, in silence.
        if limit is not None and self.content_length is None and len(body) >= limit:
            raise self._too_large()
        return body

    def _too_large(self) -> RequestEntityTooLarge:
        """The refusal; reads on first, so that clients which send all before they listen hear it."""
        left = min(self.content_length or DRAINED_BYTES, DRAINED_BYTES)
        while left > 0 and (piece := self.environ["wsgi.input"].read(min(left, PIECE_BYTES))):
            left -= len(piece)
        return RequestEntityTooLarge()
