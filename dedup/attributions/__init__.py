"""Who said a quotation.

A speaker is taken from a reporting clause beside the quotation, by the words of
``dedup/reporting.toml``:

- behind it: “…,” said Jane Roe. / “…,” said the mayor, Jane Roe. / “…,” Roe, the mayor, said.
- in front of it: Roe said: “…” / Roe told reporters that the plan was “…” / According to Roe, “…”
- around it: “…,” said Roe. “…”: the second quotation is hers too, and so are the paragraphs of
  a quotation that is closed in a later one;
- inside it, where it is an embedded post: — Jane Roe (@janeroe) March 3, 2019.

What is shown must be right, so where anything is in doubt nothing is said: a name that belongs
to somebody else's description (a spokesman for Roe said), a second reporting verb in between,
a word that begins a sentence and is nowhere else in the text capitalized. "He said" stands for
the last speaker in the next sentence, if nobody else was named since.

Names stay as they are printed. In languages without capitals the speaker is the whole phrase
before the verb (the mayor), since nothing tells a name from a role there.
"""

from dedup.attributions.attribution import Attribution
from dedup.attributions.speakers import attribute

__all__ = ["Attribution", "attribute"]
