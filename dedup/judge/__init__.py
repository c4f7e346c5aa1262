"""The judge: from what two texts share to what is said of them."""

from dedup.judge.direction import Side
from dedup.judge.relate import reference, relate
from dedup.judge.verdict import decide

__all__ = ["Side", "decide", "reference", "relate"]
