"""What became of each quotation, and who said it, for an answer that is shown."""

from __future__ import annotations

from dedup.compare.comparison import Comparison
from dedup.model import QuotationMatch


def quotations(comparison: Comparison) -> tuple[QuotationMatch, ...]:
    """The quotations of the query that are long enough to compare, in its order.

    Speakers are looked for here, and not when two documents are compared: they tell nothing of
    the pair, and reading their clauses takes longer than all of the comparison.
    """
    if not comparison.quotations:
        return ()
    found = []
    for quote in comparison.quotations:
        speaker = comparison.query.speakers.get(quote.start)
        found.append(
            QuotationMatch(
                query=comparison.query.submitted(quote.start, quote.end),
                candidate=None
                if quote.candidate_end < 0
                else comparison.candidate.submitted(quote.candidate_start, quote.candidate_end),
                status=quote.status,
                identity=quote.identity,
                speaker=speaker.name if speaker else None,
                role=speaker.role if speaker else None,
            )
        )
    return tuple(found)
