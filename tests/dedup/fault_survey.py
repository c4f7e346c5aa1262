"""What must hold of an index after a fault, by the book of what was acknowledged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from fault_book import Book, Entry
from fault_desks import Desk

from dedup.errors import IndexFullError

FULL = IndexFullError.__name__


def survey(desk: Desk, book: Book, sure: Collection[Entry] | None = None) -> list[Entry]:
    """Hold an index against the book after a fault, before anything is written again.

    Every id names what the last sure write made of it, or what a write after that did; and a
    query sees that, by all its keys. Of what an id no longer names a part may be left, until
    the id is written again: its keys are removed before its record.

    Args:
        desk: A way to the index.
        book: What was written, by writers who have ended.
        sure: Acknowledged writes that must not be lost; all of them if None.

    Returns:
        The acknowledged writes that are lost.
    """
    acknowledged = set(book.acknowledged)
    must_stay = acknowledged if sure is None else set(sure)
    void = {entry for entry in book.entries if FULL in entry.refusals and desk.full_is_nothing}
    lost: list[Entry] = []
    for article_id, entries in book.by_id().items():
        stored = desk.index.find(article_id)
        named = None if stored is None else stored.article.text
        made = [entry for entry in entries if entry not in void]
        assert named in possible(made, must_stay), f"{article_id} names {named!r}: {made}"
        if named not in possible(made, acknowledged):
            made_it = max((n for n, e in enumerate(entries) if e.write.text == named), default=-1)
            lost += [entry for entry in entries[made_it + 1 :] if entry.acknowledged]
        if named is not None:
            assert desk.seen(named) == [(article_id, True)], f"{named!r} is not seen, or in part"
    last = [entries[-1] for entries in book.by_id().values()]
    done = [entry for entry in last if entry.acknowledged and entry not in lost]
    when = {entry.write.article_id: entry for entry in done}
    lost += {
        # Of two that do not know each other the later one should have made them known.
        max((when[name] for name in (article_id, *missing)), key=book.acknowledged.index)
        for article_id, missing in unfinished(desk, done).items()
    }
    # What is sure is judged as if nothing else had been written.
    kept = [entry for entry in done if entry in must_stay]
    left = unfinished(desk, kept)
    assert not left, left
    return lost


def unfinished(desk: Desk, writes: Iterable[Entry]) -> dict[str, set[str]]:
    """Of the articles that these writes made, those that are not done with."""
    return desk.unfinished(
        {entry.write.article_id: entry.write.text for entry in writes if entry.write.text}
    )


def possible(entries: Sequence[Entry], sure: Collection[Entry]) -> set[str | None]:
    """What an id may name after these writes, of which some are sure to have been made."""
    texts: set[str | None] = {None}
    for entry in entries:
        if entry in sure:
            texts = {entry.write.text}
        else:
            texts.add(entry.write.text)
    return texts


def mend(desk: Desk, book: Book) -> None:
    """Make the last write of each id again; then exactly that must be there."""
    last = {article_id: entries[-1].write for article_id, entries in book.by_id().items()}
    for write in last.values():
        desk.write(write)
    for entry in book.entries:
        write = entry.write
        if write.text is not None:
            expected = [(write.article_id, True)] if last[write.article_id] == write else []
            assert desk.seen(write.text) == expected, f"{write.text!r} is seen {expected}"
    current = {name: write.text for name, write in last.items() if write.text is not None}
    for article_id in last:
        stored = desk.index.find(article_id)
        assert (stored and stored.article.text) == current.get(article_id)
    left = desk.unfinished(current)
    assert not left, left
