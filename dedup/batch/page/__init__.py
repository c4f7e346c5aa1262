"""The report of a batch run: one HTML file that needs nothing but itself.

It is made from the tables that the run wrote and holds a bounded number of rows of each, so it
opens as fast for a million articles as for a thousand. It has no script and loads nothing;
its policy forbids both, since article text is hostile input.
"""

from __future__ import annotations

from dedup.batch.page.render import write_page

__all__ = ["write_page"]
