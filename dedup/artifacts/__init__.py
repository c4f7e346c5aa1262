"""What one text shows of its own history: debris, damage, credits, dates.

``detect`` applies every rule of ``RULES`` and says where, why, and how strongly each finding
speaks for second-hand text. ``render_clock`` reads the time of rendering from a minify marker.
"""

from dedup.artifacts.detect import RULES, detect
from dedup.artifacts.rule import Hit, Rule

__all__ = ["RULES", "Hit", "Rule", "detect"]
