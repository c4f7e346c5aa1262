"""What two texts share of their content terms: cheap, and asked before anything else."""

from __future__ import annotations

from dataclasses import dataclass

from dedup.compare.profile import Profile, held_by


@dataclass(frozen=True, slots=True)
class SharedContent:
    """Weight of the distinct content terms of two texts, and of those they share.

    Attributes:
        query: Weight of the query's.
        candidate: Weight of the candidate's.
        shared: Weight of those that both have.
    """

    query: float
    candidate: float
    shared: float

    @property
    def resemblance(self) -> float:
        """Shared over all."""
        return self.shared / max(self.query + self.candidate - self.shared, 1.0)

    @property
    def containment(self) -> float:
        """Share of the smaller text's that the larger one has too."""
        return self.shared / max(min(self.query, self.candidate), 1.0)


def shared_content(query: Profile, candidate: Profile) -> SharedContent:
    """Weigh what two texts share. A shared term weighs what it does in the query."""
    ours, weights = query.distinct_terms
    theirs, _ = candidate.distinct_terms
    shared = float(weights[held_by(theirs, ours)].sum())
    return SharedContent(query.content_weight, candidate.content_weight, shared)
