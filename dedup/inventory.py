"""What an index holds, told with what its texts say: an index itself knows keys only."""

from __future__ import annotations

from dedup.compare import profile
from dedup.document import read_document
from dedup.index.base import Index, Stored
from dedup.index.figures import Indexed, IndexStats
from dedup.pipeline import keys_of


def inventory(index: Index) -> IndexStats:
    """How large an index is, what fills it, and what it stands on. Takes some seconds."""
    settings = index.settings

    def read(stored: Stored) -> Indexed:
        document = read_document(stored.article, stored.language)
        return Indexed(keys_of(profile(document), settings), document.tokens.words)

    return index.stats(read)
