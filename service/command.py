"""The ``secondhand`` command: that of ``dedup``, and ``serve``."""

from __future__ import annotations

from dedup.cli import main

__all__ = ["main"]

main.add_later("serve", "service.serving", "serve")
