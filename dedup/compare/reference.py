"""The inner loops of the comparison in Python: what ``native/compare/`` says in C, bit for bit.

``_native.pyi`` says what each function is given and gives. Weights are added up in a stated
order, as doubles, and not by products of matrices, whose last bits depend on the processor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from operator import and_, or_
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray
from rapidfuzz.distance import LCSseq

from dedup.compare.followed import follow_quotes, quoted_words
from dedup.compare.stretches import PassageBounds, shown_stretches
from dedup.compare.words import CONTENT, FIGURE, NAME
from dedup.hashing import window_hashes

Array = NDArray[Any] | bytes | bytearray
Record = TypeVar("Record", bound=tuple[object, ...])
Text = tuple[Array, Array, Array, Array, Array, Array, Array]
Stretch = tuple[Array, int, int]
Wording = tuple[Array, Array, Array]
ShownText = tuple[tuple[Array, Array], tuple[Array, Array]]
Pairs = Sequence[tuple[Any, ...]]
Means = tuple[float, float, float, float, float, float]

__all__ = [
    "align",
    "best_means",
    "best_pairs",
    "blocks_in_order",
    "common_runs",
    "count_kept",
    "count_rewording",
    "curve_pieces",
    "distinct",
    "follow_quotes",
    "n_in_order",
    "quoted_words",
    "scores",
    "sentence_terms",
    "shared_passage",
    "shares_a_window",
    "shown_passages",
    "similarities",
    "weights_of_shared",
    "words_in_runs",
]

_TAKEN: Final = b"\1"
_TINY: Final = np.float32(1e-6)


def _read(array: Array, dtype: DTypeLike) -> NDArray[Any]:
    return np.frombuffer(array, dtype=dtype)


def _words(stretch: Stretch) -> list[int]:
    array, start, end = stretch
    words: list[int] = _read(array, np.uint64)[start:end].tolist()
    return words


# --- what stands in two texts in the same order


def n_in_order(one: Stretch, other: Stretch) -> int:
    """How many words stand in two stretches in the same order."""
    return LCSseq.similarity(_words(one), _words(other))


def blocks_in_order(one: Stretch, other: Stretch) -> list[tuple[int, int, int]]:
    """Which ones: place here, place there, and how many in a row."""
    return [
        (one[1] + block.a, other[1] + block.b, block.size)
        for block in LCSseq.editops(_words(one), _words(other)).as_matching_blocks()
        if block.size
    ]


# --- windows of words


def shares_a_window(query: Array, candidate: Array, size: int) -> bool:
    """Whether so many words in a row stand in both."""
    ours, theirs = _windows(query, size), _windows(candidate, size)
    return bool(np.isin(ours, theirs).any())


def _windows(words: Array, size: int) -> NDArray[np.uint64]:
    return window_hashes(_read(words, np.uint64), size)


def _chosen_windows(words: Array, chosen: Array | None, size: int) -> NDArray[np.uint64]:
    windows = _windows(words, size)
    if chosen is not None and len(windows):
        left_out = np.concatenate(([0], np.cumsum(_read(chosen, np.uint8) == 0)))
        windows = windows[left_out[size:] == left_out[:-size]]
    return np.unique(windows)


def common_runs(
    record: Callable[..., Record], query: Array, candidate: Array, bounds: tuple[int, int, int]
) -> tuple[Record, ...]:
    """Tile two texts with common runs."""
    shortest, most_repeats, most_runs = bounds
    ours, theirs = _windows(query, shortest), _windows(candidate, shortest)
    n_query, n_candidate = len(_read(query, np.uint64)), len(_read(candidate, np.uint64))
    taken_query, taken_candidate = bytearray(n_query), bytearray(n_candidate)
    tiles: list[tuple[int, int, int]] = []
    for i, j, length in _maximal_runs(ours, theirs, shortest, most_repeats, most_runs):
        start, free = _longest_free(
            taken_query[i : i + length], taken_candidate[j : j + length], length
        )
        if free >= shortest:
            taken_query[i + start : i + start + free] = _TAKEN * free
            taken_candidate[j + start : j + start + free] = _TAKEN * free
            tiles.append((i + start, j + start, free))
    return tuple(record(*tile) for tile in sorted(tiles))


def _maximal_runs(
    query: NDArray[np.uint64],
    candidate: NDArray[np.uint64],
    shortest: int,
    most_repeats: int,
    most_runs: int,
) -> list[tuple[int, int, int]]:
    """Longest first; of equally long ones the first in the query, then in the candidate."""
    at_query, at_candidate = _seed_pairs(query, candidate, most_repeats)
    if not len(at_query):
        return []
    # Diagonal first, place in the query second, as one number: the next seed of a run is one
    # more, and the first of another diagonal is always more than that.
    stride = len(query) + shortest
    seeds = np.sort((at_candidate - at_query) * stride + at_query)
    breaks = np.flatnonzero(np.diff(seeds) != 1) + 1
    ends = np.append(breaks, len(seeds))
    firsts = np.concatenate(([0], breaks))
    lengths = ends - firsts + shortest - 1
    if len(firsts) > most_runs:
        longest = np.argsort(-lengths, kind="stable")[:most_runs]
        firsts, lengths = firsts[longest], lengths[longest]
    diagonal, start = np.divmod(seeds[firsts], stride)
    ordered = sorted(
        zip((-lengths).tolist(), start.tolist(), (start + diagonal).tolist(), strict=True)
    )
    return [(i, j, -shortened) for shortened, i, j in ordered]


def _seed_pairs(
    query: NDArray[np.uint64], candidate: NDArray[np.uint64], most_repeats: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All pairs of places with equal windows, at most so many per window of the query."""
    places = np.argsort(candidate, kind="stable")
    hashes = candidate[places]
    low = np.searchsorted(hashes, query)
    counts = np.minimum(np.searchsorted(hashes, query, side="right") - low, most_repeats)
    at_query = np.repeat(np.arange(len(query)), counts)
    offsets = np.arange(len(at_query)) - np.repeat(np.cumsum(counts) - counts, counts)
    return at_query, places[np.repeat(low, counts) + offsets]


def _longest_free(ours: bytearray, theirs: bytearray, length: int) -> tuple[int, int]:
    """The longest part of a run whose words no longer run has taken: where, and how long."""
    if _TAKEN not in ours and _TAKEN not in theirs:
        return 0, length
    start = longest_start = longest = 0
    for stretch in bytes(map(or_, ours, theirs)).split(_TAKEN):
        if len(stretch) > longest:
            longest_start, longest = start, len(stretch)
        start += len(stretch) + 1
    return longest_start, longest


# --- terms and sentences


def distinct(values: Array) -> tuple[bytearray, bytearray]:
    """Every number of a uint64 array once, sorted, and the place where each stands first."""
    numbers, places = np.unique(_read(values, np.uint64), return_index=True)
    return bytearray(numbers), bytearray(places.astype(np.int32))


def weights_of_shared(
    query_terms: Array, query_weights: Array, candidate_terms: Array
) -> bytearray:
    """The weights of the query's terms that the candidate has too."""
    ours, theirs = _read(query_terms, np.uint64), _read(candidate_terms, np.uint64)
    return bytearray(_read(query_weights, np.float32)[_held_by(theirs, ours)])


def _held_by(other: NDArray[np.uint64], values: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which values another array holds too; both sorted, without repetitions."""
    if not len(other):
        return np.zeros(len(values), dtype=bool)
    found: NDArray[np.bool_] = other.take(np.searchsorted(other, values), mode="clip") == values
    return found


def sentence_terms(
    terms: Array, weights: Array, sentence: Array, most_sentences: int
) -> tuple[bytearray, bytearray, bytearray, bytearray, bytearray]:
    """The arrays of ``dedup.compare.profile.SentenceTerms`` but the last two."""
    heavy, stands_in = _read(weights, np.float32), _read(sentence, np.int32)
    chosen = (heavy > 0) & (stands_in < most_sentences)
    known, first, place = np.unique(
        _read(terms, np.uint64)[chosen], return_index=True, return_inverse=True
    )
    n_sentences = int(stands_in[-1]) + 1 if len(stands_in) else 1
    held = np.unique(place.astype(np.int64) * n_sentences + stands_in[chosen])
    term, holders = np.divmod(held, n_sentences)
    weight = heavy[chosen][first]
    frequency = np.bincount(term, minlength=len(known))
    return (
        bytearray(known),
        bytearray(weight),
        bytearray(frequency.astype(np.int32)),
        bytearray((weight / np.sqrt(frequency)).astype(np.float32)),
        bytearray(holders.astype(np.int32)),
    )


def align(
    record: Callable[..., Record],
    query: Text,
    candidate: Text,
    thresholds: tuple[float, float, float],
    most: tuple[int, int],
) -> tuple[Record, ...]:
    """Give every sentence its best partner in the other text, where there is one."""
    min_similarity, min_containment, min_shared_weight = thresholds
    max_sequence, most_sentences = most
    bounds, others = _read(query[6], np.int32).tolist(), _read(candidate[6], np.int32).tolist()
    if len(bounds) < 2 or len(others) < 2:
        return ()
    dice, contained = similarities(query, candidate, min_shared_weight, most_sentences)
    # A contained sentence ranks below an equally good whole one.
    score = np.maximum(
        np.where(dice >= np.float32(min_similarity), dice, 0),
        np.where(
            contained >= np.float32(min_containment), contained * np.float32(min_similarity), 0
        ),
    )
    pairs: dict[tuple[int, int], bool] = {}
    best_candidate, best_query = score.argmax(axis=1), score.argmax(axis=0)
    for i, j in enumerate(best_candidate.tolist()):
        if score[i, j] > 0:
            pairs[i, j] = best_query[j] == i
    for j, i in enumerate(best_query.tolist()):
        if score[i, j] > 0:
            pairs.setdefault((i, j), False)

    def identity(i: int, j: int) -> float:
        start, end = bounds[i], min(bounds[i + 1], bounds[i] + max_sequence)
        there, behind = others[j], min(others[j + 1], others[j] + max_sequence)
        common = n_in_order((query[5], start, end), (candidate[5], there, behind))
        return float(2 * common / (end - start + behind - there))

    return tuple(
        record(i, j, float(dice[i, j]), identity(i, j), bool(mutual))
        for (i, j), mutual in sorted(pairs.items())
    )


def similarities(
    query: Text, candidate: Text, min_shared_weight: float, most_sentences: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How alike all sentences are: Dice, and containment of the smaller one.

    Args:
        query: See ``align``.
        candidate: Likewise.
        min_shared_weight: Shared weight below which a containment is 0.
        most_sentences: Sentences of a text that are looked at.

    Returns:
        Two float32 (s_query, s_candidate).
    """
    ours, theirs = _Terms(query, most_sentences), _Terms(candidate, most_sentences)
    _, at_ours, at_theirs = np.intersect1d(
        ours.terms, theirs.terms, assume_unique=True, return_indices=True
    )
    frequency = np.maximum(ours.frequency[at_ours], theirs.frequency[at_theirs])
    # Both texts agree on the weight of a term that they share, even if one language's
    # list knows it and the other's does not.
    heavier = np.maximum(ours.weights[at_ours], theirs.weights[at_theirs])
    weights = (heavier / np.sqrt(frequency)).astype(np.float32)
    our_total, their_total = ours.totals(at_ours, weights), theirs.totals(at_theirs, weights)
    sums = np.zeros((ours.n_sentences, theirs.n_sentences))
    for here, there, weight in zip(at_ours.tolist(), at_theirs.tolist(), weights, strict=True):
        # No sentence holds a term twice, so that no place is added to twice here.
        sums[np.ix_(ours.holders(here), theirs.holders(there))] += weight
    shared: NDArray[np.float32] = sums.astype(np.float32)
    total = np.maximum(our_total[:, None] + their_total, _TINY)
    dice: NDArray[np.float32] = np.divide(2 * shared, total, dtype=np.float32)
    smaller = np.maximum(np.minimum(our_total[:, None], their_total), _TINY)
    contained: NDArray[np.float32] = np.divide(shared, smaller, dtype=np.float32)
    contained[shared < np.float32(min_shared_weight)] = 0
    return dice, contained


class _Terms:
    """The arrays of a text by name."""

    def __init__(self, text: Text, most_sentences: int) -> None:
        self.terms = _read(text[0], np.uint64)
        self.weights = _read(text[1], np.float32)
        self.frequency = _read(text[2], np.int32)
        self._scaled = _read(text[3], np.float32)
        self._sentence = _read(text[4], np.int32)
        self._first = np.concatenate(([0], np.cumsum(self.frequency))).tolist()
        self.n_sentences = min(len(_read(text[6], np.int32)) - 1, most_sentences)

    def holders(self, term: int) -> NDArray[np.int32]:
        """The sentences that hold a term."""
        return self._sentence[self._first[term] : self._first[term + 1]]

    def totals(self, at: NDArray[np.int64], shared: NDArray[np.float32]) -> NDArray[np.float32]:
        """The weight of each sentence, where some terms weigh what they weigh to both."""
        weights = self._scaled.copy()
        weights[at] = shared
        each = np.repeat(weights, self.frequency)
        sums = np.bincount(self._sentence, weights=each, minlength=self.n_sentences)
        return sums.astype(np.float32)


def shared_passage(
    pairs: Pairs,
    bounds: tuple[Array, Array],
    levels: tuple[float, float, float],
    runs: Sequence[tuple[int, int, int]],
    gap: int,
) -> tuple[int, int, int, Means, list[int]]:
    """The longest stretch of either text whose sentences are aligned one after another."""
    ours, theirs = (_read(array, np.int32).tolist() for array in bounds)
    chain = [pairs[place] for place in _longest_chain(pairs, *bounds, gap)]
    if not chain:
        return 0, 0, 0, _pair_means((), [], levels), []
    start, end = ours[chain[0][0]], ours[chain[-1][0] + 1]
    there, behind = theirs[chain[0][1]], theirs[chain[-1][1] + 1]
    lengths = [
        min(end - i, behind - j, length) - max(start - i, there - j, 0) for i, j, length in runs
    ]
    words = [ours[i + 1] - ours[i] + theirs[j + 1] - theirs[j] for i, j, *_ in chain]
    aligned = sum(ours[i + 1] - ours[i] for i in {i for i, *_ in chain})
    aligned += sum(theirs[j + 1] - theirs[j] for j in {j for _, j, *_ in chain})
    means = _pair_means(chain, words, levels)
    return end - start, behind - there, aligned, means, [n for n in lengths if n > 0]


def _longest_chain(
    pairs: Pairs, query_bounds: Array, candidate_bounds: Array, gap: int
) -> list[int]:
    """The pairs, each a step of at most ``gap`` sentences on, that hold the most words.

    Dynamic programming over the pairs in the order of the query.
    """
    our_lengths = np.diff(_read(query_bounds, np.int32)).tolist()
    their_lengths = np.diff(_read(candidate_bounds, np.int32)).tolist()
    held: list[int] = []
    before: list[int] = []
    for place, (i, j, *_) in enumerate(pairs):
        most, last = 0, -1
        for previous in range(place - 1, -1, -1):
            down, right = i - pairs[previous][0], j - pairs[previous][1]
            if down > gap:
                break
            if not 0 <= right <= gap:
                continue
            counted_twice = our_lengths[i] * (not down) + their_lengths[j] * (not right)
            if held[previous] - counted_twice > most:
                most, last = held[previous] - counted_twice, previous
        held.append(most + our_lengths[i] + their_lengths[j])
        before.append(last)
    chain: list[int] = []
    link = max(range(len(held)), key=held.__getitem__, default=-1)
    while link >= 0:
        chain.append(link)
        link = before[link]
    return chain[::-1]


# --- what aligned sentences have of each other


def best_pairs(pairs: Sequence[Record]) -> list[Record]:
    """The best pair of each aligned sentence of the query."""
    best: dict[Any, Record] = {}
    for pair in pairs:
        sentence, _, _, identity, mutual = pair
        known = best.get(sentence)
        if known is None or (mutual, identity) > (known[4], known[3]):
            best[sentence] = pair
    return list(best.values())


def scores(
    record: Callable[..., Record],
    query: tuple[Array, Array, Array],
    candidate: tuple[Array, Array, Array],
    shared: tuple[Pairs, Sequence[tuple[int, int, int]], float],
    size: int,
) -> tuple[Record, Record, Record, Record]:
    """How two texts overlap, seen from either: over all words, over those outside quotations."""
    pairs, runs, order = shared
    there = sorted((j, i, *rest) for i, j, *rest in pairs)
    runs_there = [(j, i, length) for i, j, length in runs]
    ours, theirs = query[2], candidate[2]
    unquoted = _chosen_in_runs(ours, theirs, runs, or_)
    unquoted_there = _chosen_in_runs(theirs, ours, runs_there, or_)
    made = []
    for chosen, other_chosen in ((None, None), (unquoted, unquoted_there)):
        windows = _chosen_windows(query[0], chosen, size)
        others = _chosen_windows(candidate[0], other_chosen, size)
        common = int(np.count_nonzero(_held_by(others, windows)))
        n, m = len(windows), len(others)
        for covered, sizes in (
            (_coverage(best_pairs(pairs), runs, query[1], chosen), (n, m)),
            (_coverage(best_pairs(there), runs_there, candidate[1], other_chosen), (m, n)),
        ):
            words, verbatim, aligned, same = covered
            fields = (
                common / max(n + m - common, 1),
                *(common / max(windows, 1) for windows in sizes),
                verbatim / max(words, 1),
                aligned / max(words, 1),
                same / max(aligned, 1),
                order,
            )
            made.append(record(*fields))
    of_query, of_candidate, query_unquoted, candidate_unquoted = made
    return of_query, query_unquoted, of_candidate, candidate_unquoted


def _coverage(
    best: Pairs, runs: Sequence[tuple[int, int, int]], bounds: Array, chosen: bytes | None
) -> tuple[int, int, int, float]:
    """Chosen words of a text: all, those in runs, those in aligned sentences, those kept there."""
    starts = _read(bounds, np.int32).tolist()
    counts = b"\1" * starts[-1] if chosen is None else chosen
    verbatim = sum(counts.count(1, start, start + length) for start, _, length in runs)
    aligned, same = 0, 0.0
    for sentence, _, _, identity, _ in best:
        words = counts.count(1, starts[sentence], starts[sentence + 1])
        aligned += words
        same += words * identity
    return counts.count(1), verbatim, aligned, same


def words_in_runs(
    runs: Sequence[tuple[int, int, int]], query: Array, candidate: Array, n_texts: int
) -> tuple[list[int], int]:
    """How many words of each run are chosen, and the most of them in a row."""
    chosen = _chosen_in_runs(query, candidate, runs, or_ if n_texts == 1 else and_)
    parts = [chosen[start : start + length] for start, _, length in runs]
    longest = max((len(words) for part in parts for words in part.split(b"\0")), default=0)
    return [part.count(1) for part in parts], longest


def _chosen_in_runs(
    ours: Array,
    theirs: Array,
    runs: Sequence[tuple[int, int, int]],
    both: Callable[[int, int], int],
) -> bytes:
    """What is chosen of a text, where it stands in a run by what is chosen in either text."""
    chosen, there = bytearray(_read(ours, np.uint8)), _read(theirs, np.uint8).tobytes()
    here = bytes(chosen)
    for i, j, length in runs:
        chosen[i : i + length] = bytes(map(both, here[i : i + length], there[j : j + length]))
    return bytes(chosen)


def shown_passages(
    record: Callable[[int, int], Record],
    query: ShownText,
    candidate: ShownText,
    shared: tuple[Pairs, Sequence[tuple[int, int, int]], Array],
    bounds: PassageBounds,
) -> list[tuple[Record, Record, bool, bool]]:
    """The stretches of two texts that are shown beside each other."""
    pairs, runs, unquoted = shared
    starts, ends = (_read(array, np.int32).tolist() for array in query[1])
    other_starts, other_ends = (_read(array, np.int32).tolist() for array in candidate[1])
    outside, (_, mostly, _) = _read(unquoted, np.uint8).tobytes(), bounds[0]
    return [
        (
            record(starts[start], ends[end - 1]),
            record(other_starts[there], other_ends[behind - 1]),
            is_verbatim,
            outside.count(0, start, end) >= mostly * (end - start),
        )
        for start, end, there, behind, is_verbatim in shown_stretches(
            query[0], candidate[0], pairs, runs, bounds
        )
    ]


def best_means(
    pairs: Pairs, bounds: tuple[Array, Array], levels: tuple[float, float, float]
) -> Means:
    """Means over the best pairs of both texts' sentences, weighted by the words of the sentence."""
    there = sorted((j, i, *rest) for i, j, *rest in pairs)
    best = best_pairs(pairs), best_pairs(there)
    lengths = [np.diff(_read(array, np.int32)).tolist() for array in bounds]
    words = [length[pair[0]] for side, length in zip(best, lengths, strict=True) for pair in side]
    return _pair_means([*best[0], *best[1]], words, levels)


def _pair_means(pairs: Pairs, words: Sequence[int], levels: tuple[float, float, float]) -> Means:
    """Means over pairs of sentences, weighted by their words; 0 if there are none."""
    low, high, word_for_word = levels
    total = max(sum(words), 1)
    identity = similarity = variance = 0.0
    for (_, _, alike, kept, _), weight in zip(pairs, words, strict=True):
        identity += kept * weight
        similarity += alike * weight
    mean = identity / total
    for (_, _, _, kept, _), weight in zip(pairs, words, strict=True):
        variance += (kept - mean) ** 2 * weight
    rows = list(zip(pairs, words, strict=True))
    return (
        mean,
        sqrt(variance / total),
        similarity / total,
        sum(weight for (*_, mutual), weight in rows if mutual) / total,
        sum(weight for (_, _, _, kept, _), weight in rows if kept >= word_for_word) / total,
        sum(weight for (_, _, _, kept, _), weight in rows if low <= kept < high) / total,
    )


def count_kept(
    query: Wording, candidate: Wording, pairs: Pairs
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Figures, and names, of the query's sentences: how many the other one has, of how many."""
    ours, theirs = _read(query[0], np.uint64), _read(candidate[0], np.uint64)
    kinds = _read(query[1], np.uint8)
    counts = {FIGURE: [0, 0], NAME: [0, 0]}
    for start, end, there, behind in _places(query, candidate, pairs):
        held = set(theirs[there:behind].tolist())
        for kind, count in counts.items():
            terms = ours[start:end][(kinds[start:end] & kind) != 0].tolist()
            count[0] += sum(map(held.__contains__, terms))
            count[1] += len(terms)
    figures, names = counts.values()
    return (figures[0], figures[1]), (names[0], names[1])


def count_rewording(
    query: Wording, candidate: Wording, pairs: Pairs, max_sequence: int
) -> tuple[int, int, int, int]:
    """The fields of ``dedup.compare.rewording.Rewording``, of pairs of sentences."""
    ours, theirs = _Kinds(query), _Kinds(candidate)
    words = substituted = function_words = kept = 0
    for start, end, there, behind in _places(query, candidate, pairs):
        last, last_there = min(end, start + max_sequence), min(behind, there + max_sequence)
        words += last - start + last_there - there
        function_words += ours.n_function_words(start, last)
        function_words += theirs.n_function_words(there, last_there)
        blocks = blocks_in_order((query[0], start, last), (candidate[0], there, last_there))
        kept += sum(2 * ours.n_function_words(at, at + size) for at, _, size in blocks)
        our_terms, their_terms = ours.terms[start:end], theirs.terms[there:behind]
        substituted += sum(
            ours.says(at)
            and theirs.says(other)
            and ours.terms[at] not in their_terms
            and theirs.terms[other] not in our_terms
            for at, other in _single([*blocks, (last, last_there, 0)], start, there)
        )
    return words, substituted, function_words, kept


def _places(
    query: Wording, candidate: Wording, pairs: Pairs
) -> Iterator[tuple[int, int, int, int]]:
    """The words of the sentences of each pair."""
    ours, theirs = _read(query[2], np.int32).tolist(), _read(candidate[2], np.int32).tolist()
    for i, j, *_ in pairs:
        yield ours[i], ours[i + 1], theirs[j], theirs[j + 1]


def _single(
    blocks: Sequence[tuple[int, int, int]], at: int, there: int
) -> Iterator[tuple[int, int]]:
    """Where one word of either text stands between words that both have."""
    for start, other_start, size in blocks:
        if start - at == other_start - there == 1:
            yield at, there
        at, there = start + size, other_start + size


class _Kinds:
    """The terms of a text, and what each is."""

    def __init__(self, wording: Wording) -> None:
        self.terms: list[int] = _read(wording[0], np.uint64).tolist()
        self._kinds: list[int] = _read(wording[1], np.uint8).tolist()

    def says(self, at: int) -> bool:
        """Whether a word says something of its own, and is no number."""
        return self._kinds[at] & (CONTENT | FIGURE) == CONTENT

    def n_function_words(self, start: int, end: int) -> int:
        """How many there are in a stretch of words."""
        return sum(not kind & CONTENT for kind in self._kinds[start:end])


# --- what the judge's table makes of numbers


def curve_pieces(
    values: Sequence[float], table: tuple[Array, Array, Array], limit: float
) -> bytearray:
    """Numbers as pieces of their curves."""
    mean, scale, knots = (_read(array, np.float64) for array in table)
    z = np.minimum(np.maximum((np.array(values) - mean) / scale, -limit), limit)[:, None]
    return bytearray(np.hstack((z, np.maximum(z - knots.reshape(len(z), -1), 0.0))).tobytes())
