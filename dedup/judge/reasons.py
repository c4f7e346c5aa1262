"""Reasons: sentences with the numbers compared. They hold no word of either text.

Each says what speaks for the relation, and what would have been expected if it were another
one: an editor who reads them need not know what is usual.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from math import expm1
from typing import Final

from dedup.compare import Comparison
from dedup.compare.rewording import Rewording, rewording
from dedup.compare.runs import MIN_RUN_WORDS
from dedup.judge.model import is_passage_judged
from dedup.model import QuoteCounts, Relation

IN_ORDER: Final = 0.9
"""Order from which aligned sentences count as being in the same order: of copies and
re-translations nine in ten are above, of partial copies one in three."""

KEPT_BY_EDITORS: Final = 0.3
"""Share of aligned text that is word for word from which it tells a copy from a re-translation:
of copies 95 in 100 are above, of re-translations 98 in 100 below."""

OF_ITS_OWN: Final = 0.2
"""Share of either article without a counterpart from which that tells it from a copy."""

SENTENCE_WORDS: Final = 20
"""Length of an average sentence of the news."""

USUAL_RATE: Final = 0.5
"""Words in place of others, per 100, that nine in ten copies, partial copies and reports of one
event do not exceed (``Rewording.rate``)."""

FIGURES_KEPT: Final = 0.75
"""Share of the figures in aligned sentences that nine in ten re-translations of news keep; half
of them keep all."""

EVEN: Final = 0.17
"""Spread of identity over aligned sentences up to which a text is reworded evenly. Measured at
the 10th, 50th and 90th percentile: re-translations .08, .12, .17; partial copies of the news
.17, .25, .32; essays revised by people .09, .18, .25."""

ROUNDING: Final = 1e-6
"""Difference between two shares that summing may make; one word of the longest text is more."""

NOTICED: Final = 0.1
"""Share of aligned text from which it is told that it was reworded."""


def reasons(
    comparison: Comparison, relation: Relation, values: Mapping[str, float]
) -> tuple[str, ...]:
    """Why the pair is what it is said to be, most telling first.

    Args:
        comparison: The pair, seen from its query.
        relation: What is said of it.
        values: The features it was judged by; none are needed for ``undetermined``.
    """
    if relation == "undetermined":
        shorter = min(comparison.query.n_words, comparison.candidate.n_words)
        return (f"One of the two has {count(shorter, 'word')}, too few to tell from.",)
    return tuple(
        chain(
            _coverage(comparison),
            _passage(values),
            _WORDING[relation](comparison, values),
            _quotations(comparison.quotes, relation),
            _manner(relation, values),
        )
    )


def _coverage(comparison: Comparison) -> Iterator[str]:
    scores, mirrored = comparison.scores, comparison.mirrored.scores
    if not scores.aligned:
        yield "No sentence of this article has a counterpart in the other one."
        return
    order = "in the same order" if scores.order >= IN_ORDER else "partly in another order"
    yield (
        f"{percent(scores.aligned)} of this article and {percent(mirrored.aligned)} of the other "
        f"one stand in sentences with a counterpart in the other text, {order} "
        f"({scores.order:.2f})."
    )


def _passage(values: Mapping[str, float]) -> Iterator[str]:
    if is_passage_judged(values):
        words = round(expm1(values["passage_words"]))
        yield f"Little else is shared, so it is judged by a passage of {words} words."


def _copy(comparison: Comparison, values: Mapping[str, float]) -> Iterator[str]:
    if comparison.has_same_words:
        yield f"All {count(comparison.query.n_words, 'word')} are the same, one after the other."
        return
    yield (
        f"{_runs(comparison, values)}: articles that were written apart from each other share such runs in "
        "quotations at most."
    )
    kept, reworded = values["word_for_word"], values["reworded"]
    if kept >= KEPT_BY_EDITORS:
        yield (
            f"{percent(kept)} of what is aligned stands in sentences kept nearly word for word, while a "
            "re-translation leaves hardly a sentence as it was."
        )
    else:
        yield (
            f"Only {percent(kept)} of what is aligned stands in sentences kept nearly word for word, and "
            f"{percent(reworded)} in reworded ones, so it was edited throughout."
        )


def _retranslation(comparison: Comparison, values: Mapping[str, float]) -> Iterator[str]:
    query, candidate = comparison.query.document, comparison.candidate.document
    kept = (
        f"{percent(values['figures_kept'])} of the figures and {percent(values['names_kept'])} "
        "of the names and other rare words"
    )
    if not comparison.is_in_one_language:
        yield (
            f"The two are in different languages ({query.language.code}, "
            f"{candidate.language.code}), and yet {kept} in sentences that answer to each other "
            "are in both."
        )
        return
    yield (
        f"{percent(values['word_for_word'])} of what is aligned stands in sentences kept nearly "
        f"word for word, and {_longest_run(values)}: a "
        "copy keeps most sentences as they are, and a report of its own does not follow another "
        "one throughout."
    )
    yield from _replaced(comparison.once(rewording), kept, values["figures_kept"])


def _replaced(found: Rewording, kept: str, figures_kept: float) -> Iterator[str]:
    if not found.words:
        yield (
            f"No two sentences are alike enough for their words to be compared; {kept} are kept "
            "in aligned sentences."
        )
        return
    unusual = found.rate > USUAL_RATE
    usual = f", where copies and reports of one event have {USUAL_RATE} at most" if unusual else ""
    expected = ": a translator replaces words and keeps facts" if unusual else ""
    if figures_kept < FIGURES_KEPT:
        expected = f", where a translator keeps {percent(FIGURES_KEPT)} of the figures and more"
    yield (
        f"{count(found.substituted, 'word')} {_stand(found.substituted)} in place of another one, "
        f"between words that are the same ({found.rate:.1f} in 100{usual}), and "
        f"{percent(found.function_words_changed)} of the function words differ, while {kept} are "
        f"kept{expected}."
    )


def _derived(comparison: Comparison, values: Mapping[str, float]) -> Iterator[str]:
    yield (
        f"{_runs(comparison, values)}: articles that were written apart from each other share "
        "less than a sentence outside quotations."
    )
    alone, alone_there = 1 - comparison.scores.aligned, 1 - comparison.mirrored.scores.aligned
    if min(alone, alone_there) >= OF_ITS_OWN:
        yield (
            f"Yet {percent(alone)} of this article and {percent(alone_there)} of the other one "
            "have no counterpart, so neither is a copy of the other one as a whole."
        )
    else:
        yield (
            f"Yet inside aligned sentences only {percent(comparison.scores.identity)} of the "
            "words are the same, so it is no copy as a whole."
        )


def _apart(comparison: Comparison, values: Mapping[str, float]) -> Iterator[str]:
    unquoted, longest = comparison.scores_unquoted, _longest(values)
    runs = "No words outside quotations stand in an exact run of eight"
    if longest >= MIN_RUN_WORDS:
        runs = (
            f"Outside quotations {percent(unquoted.verbatim)} of its words stand in exact runs "
            f"of eight and more, the longest of {count(longest, 'word')}"
        )
    if longest >= SENTENCE_WORDS:
        yield f"{runs}: a sentence or two that both may have from a third."
    elif unquoted.aligned:
        yield (
            f"{runs}, and of the words of aligned sentences {percent(unquoted.identity)} are the "
            "same: who takes a passage over keeps more of it."
        )
    else:
        yield f"{runs}."
    yield (
        f"Of all names and other telling words {percent(values['content_resemblance'])} are in "
        "both."
    )


_WORDING: Final = {
    "copy": _copy,
    "retranslation": _retranslation,
    "derived": _derived,
    "same_story": _apart,
    "unrelated": _apart,
}


def _runs(comparison: Comparison, values: Mapping[str, float]) -> str:
    scores, unquoted = comparison.scores, comparison.scores_unquoted
    longest = max((run.length for run in comparison.runs), default=0)
    return (
        f"{percent(scores.verbatim)} of its words stand in exact runs of eight and more, the "
        f"longest of {count(longest, 'word')}; outside quotations {percent(unquoted.verbatim)}, "
        f"the longest stretch of {count(_longest(values), 'word')}"
    )


def _quotations(quotes: QuoteCounts, relation: Relation) -> Iterator[str]:
    if not quotes.total:
        return
    absent = quotes.total - quotes.shared - quotes.reworded
    expected = ""
    if relation == "retranslation" and quotes.reworded > quotes.shared:
        expected = ": a report of its own keeps what was said, a translator rewords that too"
    elif relation == "same_story" and quotes.shared:
        expected = ": both may have these from who said them, or from an agency"
    yield (
        f"Of {count(quotes.total, 'quotation')} {quotes.shared} "
        f"{'is' if quotes.shared == 1 else 'are'} kept word for word, {quotes.reworded} reworded"
        f"{f', {absent} not in the other article' if absent else ''}{expected}."
    )


def _manner(relation: Relation, values: Mapping[str, float]) -> Iterator[str]:
    """Who reworded it: a machine or a person."""
    reworded, kept = values["reworded"], values["word_for_word"]
    if relation not in _REWORDED_BY or reworded < NOTICED:
        return
    spread = values["identity_spread"]
    if spread > EVEN:
        yield (
            f"It is reworded unevenly: {percent(kept)} of what is aligned stands in sentences kept "
            f"nearly word for word, {percent(reworded)} in reworded ones (spread {spread:.2f}). That "
            "speaks for an editor: a machine changes all sentences alike."
        )
    elif relation == "retranslation":
        yield (
            f"It is reworded evenly (spread {spread:.2f}), which an editor rarely does. Two human "
            "translations of one text look the same, and cannot be told from a machine's."
        )
    else:
        yield (
            f"{percent(reworded)} of what is aligned stands in reworded sentences; whether a person "
            "or a machine changed them cannot be told."
        )


_REWORDED_BY: Final = frozenset({"copy", "derived", "retranslation"})


def _longest_run(values: Mapping[str, float]) -> str:
    longest = _longest(values)
    if longest < MIN_RUN_WORDS:  # Less is the end of a run that begins in a quotation.
        return f"no run outside quotations has {MIN_RUN_WORDS} words"
    return f"the longest run outside quotations has {count(longest, 'word')}"


def _longest(values: Mapping[str, float]) -> int:
    return round(expm1(values["longest_unquoted_run"]))


def _stand(number: int) -> str:
    return "stands" if number == 1 else "stand"


def percent(share: float) -> str:
    """A share in whole percents: 100 % and 0 % are said of all and of nothing only.

    >>> percent(0.996), percent(1.0), percent(0.002), percent(0.0)
    ('99 %', '100 %', '1 %', '0 %')
    """
    whole = round(100 * share)
    if ROUNDING < share < 1 - ROUNDING:
        whole = min(max(whole, 1), 99)
    return f"{whole} %"


def count(number: int, noun: str) -> str:
    """A number of things: ``1 word``, ``2 words``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
