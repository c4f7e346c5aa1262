"""The inner loops of the comparison, in C (``native/compare/``). Not there where no compiler was.

Arrays are contiguous: words and terms uint64, weights float32, numbers and places int32. Arrays
that are returned are bytes to be read as such.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias, TypeVar

from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any] | bytes | bytearray
Record = TypeVar("Record", bound=tuple[object, ...])  # noqa: PYI001 - named as in the reference

# Terms, weights, frequencies, scaled weights, sentences, words, bounds of sentences: the fields
# of dedup.compare.profile.SentenceTerms.
Text: TypeAlias = tuple[Array, Array, Array, Array, Array, Array, Array]

# Words, the first one of the stretch, and the one behind its last.
Stretch: TypeAlias = tuple[Array, int, int]

# Terms in text order, what each is (uint8, dedup.compare.words), and bounds of sentences.
Wording: TypeAlias = tuple[Array, Array, Array]

# Words, terms, weights, which words were inserted (a byte each, 1 or 0), bounds of sentences, and
# of each quotation its first word and the one behind its last (int32, in order): of all, and of those
# that are told. The fields of dedup.compare.profile.QuotingText.
QuotingText: TypeAlias = tuple[Array, Array, Array, Array, Array, Array, Array]

# Words and bounds of sentences; int32: where each word begins, and where it ends.
ShownText: TypeAlias = tuple[tuple[Array, Array], tuple[Array, Array]]

# Sentence of the query, sentence of the candidate, and more; in that order.
Pairs: TypeAlias = Sequence[tuple[Any, ...]]

# Of identity, its standard deviation, of similarity, of what is mutual, kept, in other words.
Means: TypeAlias = tuple[float, float, float, float, float, float]

def align(
    record: type[Record],
    query: Text,
    candidate: Text,
    thresholds: tuple[float, float, float],
    most: tuple[int, int],
) -> tuple[Record, ...]:
    """Give every sentence its best partner in the other text, where there is one.

    Args:
        record: A class of named tuples: sentence of the query, sentence of the candidate,
            similarity, identity, whether each is the other's best partner.
        query: One text.
        candidate: The other.
        thresholds: Least similarity, containment and shared weight (``dedup.compare.alignment``).
        most: Words of a sentence that are put in order with the other's, and sentences of a text
            that are looked at.

    Returns:
        The pairs in the order of the query.
    """

def best_means(
    pairs: Pairs, bounds: tuple[Array, Array], levels: tuple[float, float, float]
) -> Means:
    """Means over the best pairs of both texts' sentences, weighted by the words of the sentence.

    Args:
        pairs: What ``align`` gave.
        bounds: Where the sentences of either text begin, and the last one ends.
        levels: Least and largest identity of a sentence in other words, and the least of one that
            is kept.

    Returns:
        Of identity; its standard deviation; of similarity; shares of the words in pairs that are
        mutual, kept, in other words. 0 if there are none.
    """

def best_pairs(pairs: Sequence[Record]) -> list[Record]:
    """The best pair of each aligned sentence of the query.

    Args:
        pairs: What ``align`` gave.

    Returns:
        A mutual one before others, then the one of the largest identity, of several the first.
    """

def blocks_in_order(one: Stretch, other: Stretch) -> list[tuple[int, int, int]]:
    """What stands in two stretches of words in the same order: place here, place there, size.

    One of the longest common subsequences, as stretches without a gap on either side.
    """

def common_runs(
    record: type[Record], query: Array, candidate: Array, bounds: tuple[int, int, int]
) -> tuple[Record, ...]:
    """Tile two texts with common runs (``dedup.compare.runs``).

    Args:
        record: A class of named tuples: place in the query, place in the candidate, length.
        query: Its words.
        candidate: Its words.
        bounds: Least length of a run; places in the candidate that a window of the query is
            paired with at most; longest maximal runs that are tiled.

    Returns:
        The runs in the order of the query.
    """

def count_kept(
    query: Wording, candidate: Wording, pairs: Pairs
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Figures, and names, of the query's sentences: how many the other one has, of how many.

    Args:
        query: One text.
        candidate: The other.
        pairs: Sentences of both.
    """

def count_rewording(
    query: Wording, candidate: Wording, pairs: Pairs, max_sequence: int
) -> tuple[int, int, int, int]:
    """The fields of ``dedup.compare.rewording.Rewording``, of pairs of sentences.

    Args:
        query: One text.
        candidate: The other.
        pairs: Sentences of both.
        max_sequence: Words of a sentence that are put in order with the other's.
    """

def curve_pieces(
    values: Sequence[float], table: tuple[Array, Array, Array], limit: float
) -> bytearray:
    """Numbers as pieces of their curves (``dedup.judge.model``): float64 (f, 1 + k).

    Args:
        values: f of them; none is not a number.
        table: The mean and the scale of each, float64 (f,), and k knots of each, float64 (f, k).
        limit: Scales from the mean, at most.
    """

def distinct(values: Array) -> tuple[bytearray, bytearray]:
    """Every number of a uint64 array once, sorted, and the place where each stands first."""

def follow_quotes(
    record: type[Record],
    query: QuotingText,
    candidate: QuotingText,
    found: tuple[tuple[tuple[int, int, int], ...], tuple[tuple[Any, ...], ...]],
    bounds: tuple[tuple[float, float, float], tuple[int, int, int]],
) -> tuple[Record, ...]:
    """What became of those of the query's quotations that are told.

    Args:
        record: A class of named tuples with the fields of ``dedup.compare.quotes.Quote``.
        query: Whose quotations.
        candidate: Where they are looked for.
        found: Exact runs, and aligned sentences, both in the order of the query.
        bounds: Least share of words that is kept, of the terms' weight, of both texts' words; words
            in a row to look for, fewest of a quotation of the candidate, most that are compared.
    """

def n_in_order(one: Stretch, other: Stretch) -> int:
    """How many words stand in two stretches in the same order."""

def quoted_words(
    starts: Array, ends: Array, spans: Sequence[tuple[int, int]], shortest: tuple[int, int]
) -> tuple[bytearray, bytearray, bytes]:
    """The words of quotations.

    Args:
        starts: int32: where each word of the text begins.
        ends: int32: where each ends.
        spans: Where each quotation begins and ends, in order.
        shortest: Fewest words of those that are told: in scripts with spaces, and without.

    Returns:
        int32: the first word of each, and the one behind its last, without those that have no word.
        The same of those that are told. A byte for each word of the text: 1 outside quotations, else 0.
    """

def scores(
    record: type[Record],
    query: tuple[Array, Array, Array],
    candidate: tuple[Array, Array, Array],
    shared: tuple[Pairs, Pairs, float],
    size: int,
) -> tuple[Record, Record, Record, Record]:
    """How two texts overlap, seen from either (``dedup.compare.comparison``).

    Args:
        record: A class of named tuples with the fields of ``dedup.model.Scores``.
        query: Words, bounds of sentences, and a byte for each word, 1 if it stands outside
            quotations, else 0.
        candidate: Likewise.
        shared: What ``align`` gave, what ``common_runs`` gave, and the order of the pairs, which is
            the same in all four.
        size: Words of a shingle.

    Returns:
        Of the query over all words, and over those outside quotations; likewise of the candidate.
    """

def sentence_terms(
    terms: Array, weights: Array, sentence: Array, most_sentences: int
) -> tuple[bytearray, bytearray, bytearray, bytearray, bytearray]:
    """The arrays of ``dedup.compare.profile.SentenceTerms`` but the last two.

    Args:
        terms: Of every word, in text order.
        weights: Likewise.
        sentence: Where each word stands, ascending.
        most_sentences: Sentences that are looked at.
    """

def shared_passage(
    pairs: Pairs,
    bounds: tuple[Array, Array],
    levels: tuple[float, float, float],
    runs: Pairs,
    gap: int,
) -> tuple[int, int, int, Means, list[int]]:
    """The pairs, each a step of at most ``gap`` sentences on, that hold the most words.

    Args:
        pairs: What ``align`` gave.
        bounds: See ``best_means``.
        levels: Likewise.
        runs: What ``common_runs`` gave.
        gap: Sentences from one pair to the next on either side, at most.

    Returns:
        Words of the query from the first sentence to the last; of the candidate; of both in aligned
        sentences; means over the pairs, weighted by the words of both sentences; words of the runs
        inside. Of several such chains it is the one that ends first.
    """

def shares_a_window(query: Array, candidate: Array, size: int) -> bool:
    """Whether so many words in a row stand in both."""

def shown_passages(
    record: type[Record],
    query: ShownText,
    candidate: ShownText,
    shared: tuple[Pairs, Pairs, Array],
    bounds: tuple[tuple[float, float, float], tuple[int, int, int, int]],
) -> list[tuple[Record, Record, bool, bool]]:
    """The stretches of two texts that are shown beside each other (``dedup.compare.passages``).

    Args:
        record: A class of named tuples: where a stretch begins, and where it ends.
        query: One text.
        candidate: The other.
        shared: What ``align`` gave, what ``common_runs`` gave, and a byte for each word of the
            query, 1 if it stands outside quotations, else 0.
        bounds: ``MIN_IDENTITY``, ``MOSTLY``, ``NEARLY_ALL``; and ``MIN_SENTENCE_WORDS``,
            ``MIN_RUN_WORDS``, ``MAX_DANGLING``, ``MAX_SEQUENCE``.

    Returns:
        In the order of the query: where it stands in either text, whether the words are the same,
        and whether it is a quotation for the most part.
    """

def weights_of_shared(
    query_terms: Array, query_weights: Array, candidate_terms: Array
) -> bytearray:
    """The weights of the query's terms that the candidate has too; terms ascending, each once."""

def words_in_runs(
    runs: Pairs, query: Array, candidate: Array, n_texts: int
) -> tuple[list[int], int]:
    """How many words of each run are chosen, and the most of them in a row.

    Args:
        runs: What ``common_runs`` gave.
        query: A byte for each of its words, 1 or 0: whether it is chosen there.
        candidate: Likewise.
        n_texts: In how many of the two texts a word is to be chosen, 1 or 2.
    """
