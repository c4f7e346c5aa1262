"""The judge: from what two texts share to what is said of them."""

from dedup.judge.direction import LATEST, Side
from dedup.judge.relate import reference, relate, relate_both
from dedup.judge.verdict import decide

__all__ = ["LATEST", "Side", "decide", "reference", "relate", "relate_both"]
