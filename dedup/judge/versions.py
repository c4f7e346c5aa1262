"""Whether two articles are versions of one, by their outlets and by what they say of themselves."""

from __future__ import annotations

from urllib.parse import urlsplit

from dedup.artifacts import title_revises
from dedup.document import Document


def one_revises(query: Document, candidate: Document) -> bool:
    """Whether exactly one says that it revises an earlier version, and may mean the other one.

    An outlet revises its own text. Who copies a corrected text leaves out the notice, as often
    as not: between two outlets it says nothing.
    """
    return revises(query) != revises(candidate) and same_outlet(query, candidate) is not False


def revises(document: Document) -> bool:
    """Whether title or text say that this is not the first version."""
    title = document.article.title or document.clean.title or ""
    return title_revises(title) is not None or any(
        finding.rule == "revision_notice" for finding in document.findings
    )


def same_outlet(query: Document, candidate: Document) -> bool | None:
    """The same publisher by name, or the same host in the addresses; None if not known."""
    one, other = query.article, candidate.article
    if one.source and other.source:
        return one.source.strip().casefold() == other.source.strip().casefold()
    hosts = _host(one.url), _host(other.url)
    return hosts[0] == hosts[1] if all(hosts) else None


def _host(url: str | None) -> str:
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:  # "http://[" is no address; nothing can be said of its host
        return ""
    return host.removeprefix("www.")
