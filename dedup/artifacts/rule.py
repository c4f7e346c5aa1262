"""What an artifact rule is, and what it reports."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from dedup.artifacts.scan import Need, Scan
from dedup.model import Span, Weight


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that a rule speaks of.

    Attributes:
        span: In ``CleanText.shown``, or in its page if ``in_page``.
        says: One sentence with the values seen.
        data: Values for machines.
        in_page: Whether the span points into the HTML source.
    """

    span: Span
    says: str
    data: Mapping[str, str] = field(default_factory=dict)
    in_page: bool = False


Furniture = Literal["no", "yes", "unless_most"]
"""Whether what a rule finds stands in the text and is not its prose, so that its words are not
compared; ``"unless_most"``: if most of a text is such, it is what the text consists of."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named test for one kind of artifact, and how strongly it speaks for second-hand text.

    Attributes:
        find: Where a text has it, in the order of the text.
        weight: How strongly it speaks for second-hand text.
        furniture: Whether it is no prose.
        needs: In a text that has none of these it finds nothing; empty if none is known.
    """

    find: Callable[[Scan], Iterator[Hit]]
    weight: Weight
    furniture: Furniture = "no"
    needs: frozenset[Need] = frozenset()

    def may_fire(self, scan: Scan) -> bool:
        """Whether a text has any of what the rule cannot fire without."""
        return not self.needs or not self.needs.isdisjoint(scan.met)

    @property
    def name(self) -> str:
        """The function's name, which is the rule's name everywhere."""
        return self.find.__name__

    @property
    def doc(self) -> str:
        """What the rule catches, why that is evidence, what it leaves alone; for users."""
        return inspect.getdoc(self.find) or ""
