"""For any WSGI server: ``gunicorn service.wsgi:app``. The only module that runs on import."""

from __future__ import annotations

import os

from service.app import create_app
from service.settings import Settings

app = create_app(Settings.from_env(os.environ))
