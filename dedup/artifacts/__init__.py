"""What one text shows of its own history: debris, damage, credits, dates.

``detect`` applies every rule of ``RULES`` and says where, why, and how strongly each finding
speaks for second-hand text; ``find_furniture``, what of the text is not its prose;
``find_credits``, whom it names as the source of its words;
``title_revises``, what its title says that it does to an earlier version.
``render_clock`` reads the time of rendering from a minify marker.
"""

from dedup.artifacts.agencies import agency
from dedup.artifacts.credits import find_credits
from dedup.artifacts.detect import RULES, detect
from dedup.artifacts.prose import find_furniture
from dedup.artifacts.revisions import title_revises
from dedup.artifacts.rule import Hit, Rule

__all__ = [
    "RULES",
    "Hit",
    "Rule",
    "agency",
    "detect",
    "find_credits",
    "find_furniture",
    "title_revises",
]
