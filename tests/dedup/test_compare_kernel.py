"""The inner loops of the comparison in C agree bit for bit with those in Python."""

from __future__ import annotations

import sys
from typing import NamedTuple

import numpy as np
import pytest
from article_cases import ARTICLE, PARAGRAPHS, read, seed
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from dedup.compare import Profile, _native, reference
from dedup.compare.alignment import MAX_SEQUENCE, SentencePair
from dedup.compare.kernel import kernel
from dedup.compare.passages import placed
from dedup.compare.profile import QuotingText
from dedup.compare.quotes import Quote
from dedup.compare.runs import Run, exact_runs
from dedup.compare.words import CONTENT, FIGURE, NAME
from dedup.model import Scores, Span

pytestmark = pytest.mark.native

WORDS = st.lists(st.integers(0, 9), max_size=150).map(lambda n: np.array(n, dtype=np.uint64))
"""Few words, so that many stand in both; up to three times as many as a number has bits."""

LONG = st.lists(st.integers(0, 2**64 - 1), max_size=60).map(lambda n: np.array(n, dtype=np.uint64))

ALIKE = st.lists(st.integers(0, 39).map(lambda n: n % 4 << 32 | n), max_size=60).map(
    lambda n: np.array(n, dtype=np.uint64)
)
"""Of which many agree in their upper half."""

BOUNDS = (3, 2, 4)
"""Of runs: tight, so that all are met."""

THRESHOLDS = (0.36, 0.62, 0.9)


class Sentences(NamedTuple):
    """A text of numbers."""

    terms: np.ndarray
    weights: np.ndarray
    kinds: np.ndarray
    bounds: np.ndarray

    @property
    def sentence(self) -> np.ndarray:
        n = len(self.bounds) - 1
        return np.repeat(np.arange(n, dtype=np.int32), np.diff(self.bounds))

    @property
    def placed(self) -> reference.ShownText:
        starts = 6 * np.arange(len(self.terms), dtype=np.int32)
        return (self.terms, self.bounds), (starts, starts + np.int32(5))

    def text(self, most: int) -> reference.Text:
        arrays = reference.sentence_terms(self.terms, self.weights, self.sentence, most)
        types = (np.uint64, np.float32, np.int32, np.float32, np.int32)
        read = [np.frombuffer(array, dtype=each) for array, each in zip(arrays, types, strict=True)]
        return (*read, self.terms, self.bounds)  # type: ignore[return-value]


@st.composite
def sentences(draw: st.DrawFn) -> Sentences:
    lengths = draw(st.lists(st.integers(1, 70), max_size=6))
    n = sum(lengths)
    terms = draw(st.lists(st.integers(0, 40), min_size=n, max_size=n))
    weight = draw(st.lists(st.sampled_from([0.0, 0.05, 0.3, 0.77, 1.0]), min_size=41, max_size=41))
    kinds = draw(st.lists(st.integers(0, 15), min_size=41, max_size=41))
    return Sentences(
        terms=np.array(terms, dtype=np.uint64),
        weights=np.array([weight[term] for term in terms], dtype=np.float32),
        kinds=np.array([kinds[term] for term in terms], dtype=np.uint8),
        bounds=np.cumsum([0, *lengths], dtype=np.int32),
    )


def profiles() -> list[Profile]:
    return [read(ARTICLE), read("\n\n".join(PARAGRAPHS[::-1])), seed("000"), seed("001")]


def test_the_one_in_c_is_used() -> None:
    assert kernel is _native


@given(WORDS, WORDS)
def test_what_stands_in_order(one: np.ndarray, other: np.ndarray) -> None:
    stretches = (one, 0, len(one)), (other, 0, len(other))
    assert _native.n_in_order(*stretches) == reference.n_in_order(*stretches)
    assert _native.blocks_in_order(*stretches) == reference.blocks_in_order(*stretches)


@given(WORDS, WORDS)
def test_of_longest_subsequences_the_same_is_taken_as_by_other_tools(
    one: np.ndarray, other: np.ndarray
) -> None:
    equal = [op for op in Indel.opcodes(one.tolist(), other.tolist()) if op.tag == "equal"]
    expected = [(op.src_start, op.dest_start, op.src_end - op.src_start) for op in equal]
    assert _native.blocks_in_order((one, 0, len(one)), (other, 0, len(other))) == expected


def test_a_stretch_is_a_part_of_its_text() -> None:
    words = np.array([7, 1, 2, 3, 8], dtype=np.uint64)
    assert _native.blocks_in_order((words, 1, 4), (words, 0, 5)) == [(1, 1, 3)]
    for stretch in ((words, -1, 2), (words, 3, 2), (words, 0, 6)):
        with pytest.raises(IndexError):
            _native.n_in_order(stretch, (words, 0, 5))


@given(WORDS, WORDS)
def test_runs(query: np.ndarray, candidate: np.ndarray) -> None:
    runs = _native.common_runs(Run, query, candidate, BOUNDS)
    assert runs == reference.common_runs(Run, query, candidate, BOUNDS)
    assert all(type(run) is Run for run in runs)


@given(WORDS, WORDS, st.integers(1, 6))
def test_windows(query: np.ndarray, candidate: np.ndarray, size: int) -> None:
    texts = (query, candidate, size)
    assert _native.shares_a_window(*texts) == reference.shares_a_window(*texts)


@given(st.one_of(WORDS, LONG, ALIKE))
def test_distinct_numbers(values: np.ndarray) -> None:
    assert _native.distinct(values) == reference.distinct(values)


@given(LONG, LONG)
def test_weights_of_shared_terms(one: np.ndarray, other: np.ndarray) -> None:
    ours, theirs = np.unique(one), np.unique(np.concatenate((other, one[::3])))
    terms = (ours, np.arange(len(ours), dtype=np.float32), theirs)
    assert _native.weights_of_shared(*terms) == reference.weights_of_shared(*terms)


@given(sentences(), st.integers(1, 7))
def test_terms_of_sentences(text: Sentences, most: int) -> None:
    arrays = (text.terms, text.weights, text.sentence, most)
    assert _native.sentence_terms(*arrays) == reference.sentence_terms(*arrays)


@given(sentences(), sentences(), st.integers(1, 7), st.integers(1, 80))
def test_alignment(query: Sentences, candidate: Sentences, most: int, sequence: int) -> None:
    texts = (query.text(most), candidate.text(most), THRESHOLDS, (sequence, most))
    pairs = _native.align(SentencePair, *texts)
    assert pairs == reference.align(SentencePair, *texts)
    assert all(type(pair) is SentencePair for pair in pairs)


@given(sentences(), sentences(), st.integers(1, 80))
def test_what_sentences_have_of_each_other(
    query: Sentences, candidate: Sentences, sequence: int
) -> None:
    one = (query.terms, query.kinds, query.bounds)
    other = (candidate.terms, candidate.kinds, candidate.bounds)
    n, m = len(query.bounds) - 1, len(candidate.bounds) - 1
    pairs = [(i, j) for i in range(n) for j in range(m)]
    assert _native.count_kept(one, other, pairs) == reference.count_kept(one, other, pairs)
    counts = (one, other, pairs, sequence)
    assert _native.count_rewording(*counts) == reference.count_rewording(*counts)


def aligned(data: st.DataObject, query: Sentences, candidate: Sentences) -> reference.Pairs:
    n, m = len(query.bounds) - 1, len(candidate.bounds) - 1
    places = st.tuples(st.integers(0, max(n - 1, 0)), st.integers(0, max(m - 1, 0)))
    chosen = sorted(data.draw(st.sets(places, max_size=9))) if n and m else []
    identity = st.floats(0, 1)
    return tuple((i, j, 0.5, data.draw(identity), data.draw(st.booleans())) for i, j in chosen)


@given(sentences(), sentences(), st.data(), st.integers(1, 6))
def test_scores(query: Sentences, candidate: Sentences, data: st.DataObject, size: int) -> None:
    pairs = aligned(data, query, candidate)
    assert _native.best_pairs(pairs) == reference.best_pairs(pairs)
    runs = reference.common_runs(Run, query.terms, candidate.terms, BOUNDS)
    ours = data.draw(st.binary(min_size=len(query.terms), max_size=len(query.terms)))
    unquoted = bytes(byte & 1 for byte in ours)
    texts = (
        (query.terms, query.bounds, unquoted),
        (candidate.terms, candidate.bounds, candidate.kinds & 1),
    )
    given = (Scores, *texts, (pairs, runs, 0.5), size)
    assert _native.scores(*given) == reference.scores(*given)
    for n_texts in (1, 2):
        chosen = (runs, unquoted, candidate.kinds & 1, n_texts)
        assert _native.words_in_runs(*chosen) == reference.words_in_runs(*chosen)


@given(sentences(), sentences(), st.data(), st.integers(0, 3))
def test_means_and_chains(
    query: Sentences, candidate: Sentences, data: st.DataObject, gap: int
) -> None:
    pairs = aligned(data, query, candidate)
    runs = reference.common_runs(Run, query.terms, candidate.terms, BOUNDS)
    given = (pairs, (query.bounds, candidate.bounds), (0.4, 0.9, 0.95))
    assert _native.best_means(*given) == reference.best_means(*given)
    assert _native.shared_passage(*given, runs, gap) == reference.shared_passage(*given, runs, gap)


def quoting(data: st.DataObject, text: Sentences, n_distinct: int) -> QuotingText:
    """Few distinct words, so that many quotations are kept; half of the quotations are told."""
    n = len(text.terms)
    cuts = sorted(data.draw(st.sets(st.integers(0, n), max_size=8)))
    quotations = list(zip(cuts[::2], cuts[1::2], strict=False))
    inserted = data.draw(st.one_of(st.just(0), st.integers(0, 2**n - 1)))
    return QuotingText(
        words=text.terms % np.uint64(n_distinct),
        terms=text.terms,
        weights=text.weights,
        inserted=bytes(inserted >> i & 1 for i in range(n)),
        bounds=text.bounds,
        quotation_words=np.array(quotations, dtype=np.int32),
        told_quotations=np.array(quotations[::2], dtype=np.int32),
    )


@given(sentences(), sentences(), st.data(), st.sampled_from([2, 4, 41]))
def test_followed_quotations(
    query: Sentences, candidate: Sentences, data: st.DataObject, n_distinct: int
) -> None:
    texts = (quoting(data, query, n_distinct), quoting(data, candidate, n_distinct))
    runs = tuple(reference.common_runs(Run, texts[0].words, texts[1].words, BOUNDS))
    sizes = data.draw(st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 70)))
    shares = data.draw(st.sampled_from([(0.95, 0.3, 0.4), (0.5, 0.6, 0.9), (1.0, 0.1, 1.1)]))
    pairs = tuple(aligned(data, query, candidate))
    given = (*texts, (runs, pairs), (shares, sizes))
    quotes = _native.follow_quotes(Quote, *given)
    assert quotes == reference.follow_quotes(Quote, *given)
    assert all(type(quote) is Quote for quote in quotes)


@given(sentences(), sentences(), st.data())
def test_shown_passages(query: Sentences, candidate: Sentences, data: st.DataObject) -> None:
    pairs = aligned(data, query, candidate)
    runs = reference.common_runs(Run, query.terms, candidate.terms, BOUNDS)
    shown = (pairs, runs, query.kinds & 1), ((0.25, 0.5, 0.75), (2, 3, 2, 50))
    given = (Span, query.placed, candidate.placed, *shown)
    passages = _native.shown_passages(*given)
    assert passages == reference.shown_passages(*given)
    assert all(type(span) is Span for row in passages for span in row[:2])


@given(st.data(), st.integers(1, 5), st.integers(0, 3))
def test_pieces_of_curves(data: st.DataObject, n: int, n_knots: int) -> None:
    numbers = st.floats(-1e6, 1e6)
    scales = st.floats(1e-3, 1e3)
    values = data.draw(st.lists(numbers, min_size=n, max_size=n))
    table = (
        np.array(data.draw(st.lists(numbers, min_size=n, max_size=n))),
        np.array(data.draw(st.lists(scales, min_size=n, max_size=n))),
        np.array(data.draw(st.lists(numbers, min_size=n * n_knots, max_size=n * n_knots))),
    )
    given = (values, table, 4.0)
    assert _native.curve_pieces(*given) == reference.curve_pieces(*given)


def test_all_of_it_on_articles() -> None:
    for query in profiles():
        for candidate in profiles():
            texts = (query.sentence_terms, candidate.sentence_terms)
            bounds = (THRESHOLDS, (MAX_SEQUENCE, 1500))
            pairs = _native.align(SentencePair, *texts, *bounds)
            assert pairs == reference.align(SentencePair, *texts, *bounds)
            runs = exact_runs(query.words, candidate.words)
            shown = (pairs, runs, query.unquoted), ((0.25, 0.5, 0.75), (4, 8, 2, MAX_SEQUENCE))
            given = (Span, placed(query), placed(candidate), *shown)
            assert _native.shown_passages(*given) == reference.shown_passages(*given)
            wording = (query.wording, candidate.wording, pairs)
            assert _native.count_kept(*wording) == reference.count_kept(*wording)
            scored = (
                Scores,
                (query.words, query.bounds, query.unquoted),
                (candidate.words, candidate.bounds, candidate.unquoted),
                (pairs, runs, 1.0),
                5,
            )
            assert _native.scores(*scored) == reference.scores(*scored)
            counts = (*wording, MAX_SEQUENCE)
            assert _native.count_rewording(*counts) == reference.count_rewording(*counts)


def test_kinds_are_those_of_the_header() -> None:
    """``native/compare/wording.h`` repeats them: each tells the two apart."""
    assert (CONTENT, FIGURE, NAME) == (1, 2, 4)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5)), max_size=40),
    st.lists(st.tuples(st.integers(-3, 150), st.integers(-3, 150)), max_size=6),
)
def test_words_of_quotations(gaps: list[tuple[int, int]], spans: list[tuple[int, int]]) -> None:
    borders = np.cumsum(np.array(gaps, dtype=np.int32)).astype(np.int32)
    given = (borders[::2].copy(), borders[1::2].copy(), spans, (4, 8))
    assert _native.quoted_words(*given) == reference.quoted_words(*given)


def test_quotations_that_do_not_go_together_are_refused() -> None:
    none = np.zeros(0, dtype=np.int32)
    words, weights = np.zeros(3, dtype=np.uint64), np.zeros(3, dtype=np.float32)
    whole = (words, words, weights, b"\0\0\0", np.array([0, 3], dtype=np.int32), none, none)
    bounds = ((0.9, 0.3, 0.4), (4, 4, 10))
    for ends in ([0, 4], [2, 2], [-1, 2], [1]):
        beyond = (*whole[:6], np.array(ends, dtype=np.int32))
        with pytest.raises(IndexError, match="quotation that is not there"):
            _native.follow_quotes(Quote, beyond, whole, ((), ()), bounds)
    with pytest.raises(ValueError, match="every word has a term"):
        _native.follow_quotes(Quote, whole, (*whole[:3], b"\0", *whole[4:]), ((), ()), bounds)
    with pytest.raises(IndexError, match="sentence that is not there"):
        _native.follow_quotes(Quote, whole, whole, ((), ((0, 1),)), bounds)
    with pytest.raises(IndexError, match="run that is not there"):
        _native.follow_quotes(Quote, whole, whole, (((0, 0, 4),), ()), bounds)
    with pytest.raises(TypeError, match="tuples"):
        _native.follow_quotes(Quote, whole, whole, ([], []), bounds)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="every word begins and ends"):
        _native.quoted_words(none, np.zeros(1, dtype=np.int32), [], (4, 8))
    with pytest.raises(TypeError, match="a tuple of 2"):
        _native.quoted_words(none, none, [(1, 2, 3)], (4, 8))  # type: ignore[list-item]
    with pytest.raises(ValueError, match="quotations have words"):
        _native.follow_quotes(Quote, whole, whole, ((), ()), (bounds[0], (0, 4, 10)))


def test_a_record_has_the_hash_of_an_equal_one() -> None:
    words = np.arange(4, dtype=np.uint64)
    (found,) = _native.common_runs(Run, words, words, BOUNDS)
    assert hash(found) == hash(Run(0, 0, 4))


def test_a_pair_that_cannot_be_weighed_is_let_go() -> None:
    pairs = [(0, 0, 0.5, 0.5, True), (0, 1, 0.5, "none", True)]
    before = sys.getrefcount(pairs[1])
    with pytest.raises(TypeError):
        _native.best_pairs(pairs)
    after = sys.getrefcount(pairs[1])
    assert after == before


def test_numbers_that_change_while_they_are_read_are_read_as_they_were() -> None:
    class Number:
        def __float__(self) -> float:
            values.clear()
            return 1.0

    values: list[object] = [Number(), 2.0]
    table = (np.zeros(2), np.ones(2), np.zeros(0))
    pieces = _native.curve_pieces(values, table, 4.0)  # type: ignore[arg-type]
    assert np.frombuffer(pieces).tolist() == [1.0, 2.0]


@pytest.mark.parametrize("size", [0, -1, -(2**40)])
def test_a_window_without_words_is_refused(size: int) -> None:
    words = np.arange(4, dtype=np.uint64)
    with pytest.raises(ValueError, match="a window has a word"):
        _native.common_runs(Run, words, words, (size, 2, 4))
    with pytest.raises(ValueError, match="a window has a word"):
        _native.shares_a_window(words, words, size)


@pytest.mark.parametrize("bounds", [(2, -1, 4), (2, 2, -1)])
def test_fewer_runs_than_none_are_refused(bounds: tuple[int, int, int]) -> None:
    words = np.arange(4, dtype=np.uint64)
    with pytest.raises(ValueError, match="no fewer runs than none"):
        _native.common_runs(Run, words, words, bounds)


@pytest.mark.parametrize("sizes", [(0, 8, 2, 9), (4, -8, 2, 9), (4, 8, 2, 0)])
def test_stretches_without_words_are_refused(sizes: tuple[int, int, int, int]) -> None:
    ends = np.arange(0, 4, 3, dtype=np.int32)
    text = (np.arange(3, dtype=np.uint64), ends), (np.arange(3, dtype=np.int32),) * 2
    runs = ((0, 0, 3),)
    with pytest.raises(ValueError, match="sentences and runs have words"):
        _native.shown_passages(Span, text, text, ((), runs, b"\1" * 3), ((0.25, 0.5, 0.75), sizes))


@pytest.mark.parametrize("run", [(2**63 - 1, 0, 1), (0, 2**63 - 1, 1), (1, 0, 2**63 - 1)])
def test_a_run_beyond_all_numbers_is_refused(run: tuple[int, int, int]) -> None:
    with pytest.raises(IndexError, match="run that is not there"):
        _native.words_in_runs((run,), b"\1\1", b"\1\1", 1)


def test_arrays_that_do_not_go_together_are_refused() -> None:
    words, numbers = np.zeros(3, dtype=np.uint64), np.zeros(3, dtype=np.int32)
    with pytest.raises(TypeError, match="8 bytes"):
        _native.distinct(numbers)
    with pytest.raises(ValueError, match="may be chosen"):
        _native.scores(
            Scores,
            (words, numbers[:1], b"\1"),
            (words, numbers[:1], b"\0" * 3),
            ((), (), 1.0),
            2,
        )
    places = ((words, np.array([0, 3], dtype=np.int32)), (numbers, numbers[:2]))
    shown = ((), (), b"\1" * 3), ((0.25, 0.5, 0.75), (4, 8, 2, 9))
    with pytest.raises(ValueError, match="begins and ends"):
        _native.shown_passages(Span, places, places, *shown)
    with pytest.raises(IndexError, match="run that is not there"):
        _native.words_in_runs(((0, 2, 2),), b"\1\1", b"\1\1", 1)
    with pytest.raises(ValueError, match="a term, a weight and a sentence"):
        _native.sentence_terms(words, words.astype(np.float32), numbers[:2], 9)
    with pytest.raises(ValueError, match="as many knots"):
        _native.curve_pieces([0.5], (np.zeros(2), np.zeros(2), np.zeros(2)), 4.0)
    wording = (words, b"\0" * 3, np.array([0, 3], dtype=np.int32))
    with pytest.raises(IndexError, match="not there"):
        _native.count_kept(wording, wording, [(0, 1)])
    with pytest.raises(ValueError, match="end with the text"):
        _native.count_kept(wording, (words, b"\0" * 3, np.array([0, 4], dtype=np.int32)), [])
    with pytest.raises(TypeError, match="named tuples"):
        _native.common_runs(list, words, words, BOUNDS)  # type: ignore[type-var]
    text = (words[:1], numbers[:1], numbers[:1] + 5, numbers[:1], numbers, words, numbers[:1])
    for most in (9, -1):
        with pytest.raises(ValueError, match="do not go together"):
            _native.align(SentencePair, text, text, THRESHOLDS, (9, most))
