"""Writers at work on an index, what each was told, and what must hold whatever breaks.

Every writer has ids of its own, so what an id may name is known from what was acknowledged;
and every text is put once, so what an id names tells which write did it. A write that was
refused is made again until it is through, unless the writer is to stop there.
"""

from __future__ import annotations

import itertools
import multiprocessing
import random
import threading
import time
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Literal, Protocol

import index_cases

from dedup.compare import profile
from dedup.config import Settings
from dedup.document import read_document
from dedup.errors import IndexFullError, StoreError, UnknownArticleError
from dedup.index import open_index
from dedup.index.base import Index
from dedup.model import Article
from dedup.pipeline import Detector, keys_of

FORK = multiprocessing.get_context("fork")

WRITERS = 4
DELETIONS = 0.1
FAMILIES = 6
"""Stories that all writers of a detector take their articles from."""

MOST_SEEN = 100
"""Candidates asked for: more than a family has members."""

PATIENCE = 120.0
"""Seconds until a wait is given up; a round takes one or two."""

AGAIN_SECONDS = 0.005
"""Between two tries of a write that was refused."""

FULL = IndexFullError.__name__

SYLLABLES = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo"]


@dataclass(frozen=True, slots=True)
class Write:
    """A text put under an id, or the id deleted: text is None."""

    article_id: str
    text: str | None


@dataclass(slots=True, eq=False)
class Entry:
    """One write in the book.

    Attributes:
        write: What was asked for.
        begun: When, on the machine's monotonic clock.
        acknowledged: When the call returned; None if it did not.
        refusals: Names of the errors that it raised before.
    """

    write: Write
    begun: float
    acknowledged: float | None = None
    refusals: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Note:
    """What a writer tells of itself as it happens; it may be killed after any of them."""

    writer: int
    what: Literal["begun", "refused", "acknowledged", "failed"]
    write: Write | None = None
    error: str = ""
    when: float = field(default_factory=time.monotonic)


Tell = Callable[[Note], object]


class Book:
    """What all writers did, in the order in which they told it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open: dict[int, Entry] = {}
        self._failures: list[str] = []
        self.entries: list[Entry] = []
        self.acknowledged: list[Entry] = []

    def hear(self, note: Note) -> None:
        """Write it down."""
        with self._changed:
            if note.what == "begun":
                assert note.write is not None
                self._open[note.writer] = Entry(note.write, note.when)
                self.entries.append(self._open[note.writer])
            elif note.what == "refused":
                self._open[note.writer].refusals.append(note.error)
            elif note.what == "acknowledged":
                entry = self._open[note.writer]
                entry.acknowledged = note.when
                self.acknowledged.append(entry)
            else:
                self._failures.append(note.error)
            self._changed.notify_all()

    def wait_for(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds of the book."""
        with self._changed:
            came = self._changed.wait_for(lambda: bool(self._failures) or holds(), PATIENCE)
        assert not self._failures, self._failures[0]
        assert came, f"nothing happened for {PATIENCE} s after {len(self.acknowledged)} writes"

    def wait_for_more(self, writes: int) -> None:
        """Wait until so many more writes are acknowledged."""
        wanted = len(self.acknowledged) + writes
        self.wait_for(lambda: len(self.acknowledged) >= wanted)

    def wait_for_writes_since(self, moment: float, writes: int) -> float:
        """Wait until so many writes that were begun after a moment are acknowledged.

        Returns:
            Seconds from the moment to the first of them.
        """

        def later() -> list[float]:
            return [e.acknowledged for e in self.entries if e.begun > moment and e.acknowledged]

        self.wait_for(lambda: len(later()) >= writes)
        return min(later()) - moment

    def make(self, desk: Desk, write: Write) -> None:
        """Make a write oneself, which must be acknowledged."""
        self.hear(Note(WRITERS, "begun", write))
        desk.write(write)
        self.hear(Note(WRITERS, "acknowledged"))

    @property
    def refused(self) -> int:
        """How many writes were refused."""
        return sum(bool(entry.refusals) for entry in self.entries)

    @property
    def refusals(self) -> set[str]:
        """Names of all errors that writers met."""
        return {name for entry in self.entries for name in entry.refusals}

    def by_id(self) -> dict[str, list[Entry]]:
        """The writes of each id, in their order."""
        writes: dict[str, list[Entry]] = {}
        for entry in self.entries:
            writes.setdefault(entry.write.article_id, []).append(entry)
        return writes


class Desk(Protocol):
    """How a writer works with an index.

    Attributes:
        index: The index.
        full_is_nothing: A write that was refused because the memory was full was not made.
    """

    index: Index
    full_is_nothing: bool

    def write(self, write: Write) -> None:
        """Make one write."""
        ...

    def seen(self, text: str) -> list[tuple[str, bool]]:
        """Ids under which a query for a text sees it, and whether with all its keys."""
        ...

    def text(self, n: int, writer: str, chance: random.Random) -> str:
        """A text that was not put before."""
        ...

    def unfinished(self, texts: dict[str, str]) -> dict[str, set[str]]:
        """Of the articles with these texts by id, those that are not done with.

        Returns:
            For each of them the articles of its family that it does not know; itself, if it
            has no verdict.
        """
        ...


class IndexDesk:
    """Puts texts with random keys: many writes, little work for the writer."""

    full_is_nothing = True

    def __init__(self, index: Index, settings: Settings) -> None:
        self.index = index
        del settings

    def write(self, write: Write) -> None:
        """See ``Desk``."""
        if write.text is None:
            index_cases.delete(self.index, write.article_id)
        else:
            index_cases.replace(self.index, write.article_id, write.text)

    def seen(self, text: str) -> list[tuple[str, bool]]:
        """See ``Desk``."""
        return [
            (stored.article.id, collisions == index_cases.N_KEYS)
            for stored, collisions in index_cases.visible(self.index, text)
            if stored.article.text == text
        ]

    def text(self, n: int, writer: str, chance: random.Random) -> str:
        """See ``Desk``."""
        return f"text {n} of {writer}, {chance.randrange(2**32)}"

    def unfinished(self, texts: dict[str, str]) -> dict[str, set[str]]:  # noqa: ARG002
        """See ``Desk``: there is nothing to do beyond the write."""
        return {}


class DetectorDesk:
    """Puts articles as the service does: compared, linked with their family, judged.

    An article that was stored stays when the memory then runs out for its verdict; the same
    call again completes it.
    """

    full_is_nothing = False

    def __init__(self, index: Index, settings: Settings) -> None:
        self.index = index
        self._settings = settings
        self._detector = Detector(index, settings)

    def write(self, write: Write) -> None:
        """See ``Desk``."""
        if write.text is not None:
            self._detector.put(Article(write.article_id, write.text, lang="en"))
            return
        with suppress(UnknownArticleError):
            self._detector.delete(write.article_id)

    def seen(self, text: str) -> list[tuple[str, bool]]:
        """See ``Desk``."""
        query = profile(read_document(Article("query", text, lang="en")))
        keys = keys_of(query, self._settings).keys
        candidates = index_cases.ask(self.index, keys, 100)
        found = self.index.fetch([candidate.number for candidate in candidates])
        return [
            (stored.article.id, candidate.collisions == len(keys))
            for stored, candidate in zip(found, candidates, strict=True)
            if stored is not None and stored.article.text == text
        ]

    def text(self, n: int, writer: str, chance: random.Random) -> str:
        """See ``Desk``."""
        return f"{story(chance.randrange(FAMILIES))}\n\nThis is text {n} of writer {writer}."

    def unfinished(self, texts: dict[str, str]) -> dict[str, set[str]]:
        """See ``Desk``: each must have a verdict, and know all others of its family."""
        families: dict[str, set[str]] = {}
        for article_id, text in texts.items():
            families.setdefault(text.rpartition("\n\n")[0], set()).add(article_id)
        return {
            article_id: missing
            for family in families.values()
            for article_id in family
            if (missing := self._missing(article_id, family))
        }

    def _missing(self, article_id: str, family: set[str]) -> set[str]:
        stored = self._detector.stored(article_id)
        (links,) = self.index.links([stored.number])
        known = {match.other.id for match in self._detector.report(article_id).matches}
        return family - known - ({article_id} if links.state else set())


def story(number: int) -> str:
    """A made-up article of 60 words that shares nothing with those of other numbers."""
    chance = random.Random(number)
    sentences = (
        " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(12)) for _ in range(5)
    )
    return "\n\n".join(f"{sentence.capitalize()}." for sentence in sentences)


# Writers


class Stop(Protocol):
    """What ends a writer; as ``threading.Event``."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for it; whether to stop."""
        ...


def write_on(
    desk: Desk, writer: int, seed: str, tell: Tell, stop: Stop, *, stubborn: bool = True
) -> None:
    """Write until told to stop; unless stubborn, until the first refusal."""
    try:
        for write in writes(desk, writer, seed):
            if stop.is_set():
                return
            tell(Note(writer, "begun", write))
            while not accepted(desk, write, writer, tell):
                if stop.wait(AGAIN_SECONDS) or not stubborn:
                    return
            tell(Note(writer, "acknowledged"))
    except Exception:
        tell(Note(writer, "failed", error=traceback.format_exc()))
        raise


def accepted(desk: Desk, write: Write, writer: int, tell: Tell) -> bool:
    """Try a write; an error of the index is told."""
    try:
        desk.write(write)
    except StoreError as error:
        tell(Note(writer, "refused", error=type(error).__name__))
        return False
    return True


def writes(desk: Desk, writer: int, seed: str) -> Iterator[Write]:
    """New articles, new texts of articles that there are, deletions; the same for a seed."""
    chance = random.Random(f"{seed} {writer}")
    for n in itertools.count():
        article_id = f"{seed}-{writer}-{chance.randrange(n // 2 + 1)}"
        is_deletion = chance.random() < DELETIONS
        yield Write(article_id, None if is_deletion else desk.text(n, f"{seed}-{writer}", chance))


@contextmanager
def threads_writing(desk: Desk, book: Book, seed: str, *, stubborn: bool = True) -> Iterator[None]:
    """Have threads write on one index meanwhile."""
    stop = threading.Event()
    with ThreadPoolExecutor(WRITERS) as pool:
        running = [
            pool.submit(write_on, desk, writer, seed, book.hear, stop, stubborn=stubborn)
            for writer in range(WRITERS)
        ]
        try:
            yield
        finally:
            stop.set()
    for writer in running:
        writer.result()


class StopPipe:
    """Ends the writer at one end of a pipe when the other end says so, or is gone."""

    def __init__(self, end: Connection) -> None:
        self._end = end

    def is_set(self) -> bool:
        """See ``Stop``."""
        return self._end.poll()

    def wait(self, timeout: float | None = None) -> bool:
        """See ``Stop``."""
        return self._end.poll(timeout)


@contextmanager
def processes_writing(data_dir: Path, book: Book, seed: str) -> Iterator[list[ForkProcess]]:
    """Have processes write as workers of the service do; each may be killed.

    What a process told before it was killed is read to the end.
    """
    workers, ends = [], []
    for writer in range(WRITERS):
        ours, theirs = FORK.Pipe()
        process = FORK.Process(target=write_as_worker, args=(data_dir, writer, seed, theirs))
        process.start()
        theirs.close()
        workers.append(process)
        ends.append(ours)
    with ThreadPoolExecutor(WRITERS) as listeners:
        for end in ends:
            listeners.submit(listen, end, book)
        try:
            yield workers
        finally:
            for worker, end in zip(workers, ends, strict=True):
                with suppress(OSError):  # It may have been killed.
                    end.send("stop")
                worker.join()
    for end in ends:
        end.close()


def write_as_worker(data_dir: Path, writer: int, seed: str, end: Connection) -> None:
    """What such a process does."""
    settings = Settings()
    with closing(open_index(data_dir=data_dir, redis_url=None, settings=settings)) as index:
        write_on(DetectorDesk(index, settings), writer, seed, end.send, StopPipe(end))


def listen(end: Connection, book: Book) -> None:
    """Write down what a process tells, until it has ended."""
    with suppress(EOFError, ConnectionResetError):
        while True:
            book.hear(end.recv())


# What must hold


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
