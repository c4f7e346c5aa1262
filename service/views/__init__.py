"""Routes: parse (``service.wire``), call ``dedup``, render."""

from __future__ import annotations

from typing import Final, cast

from flask import current_app

from dedup.pipeline import Detector

DETECTOR: Final = "secondhand.detector"
"""Where ``create_app`` leaves the detector for the views."""


def detector() -> Detector:
    """The detector of the app that serves this request."""
    return cast("Detector", current_app.extensions[DETECTOR])
