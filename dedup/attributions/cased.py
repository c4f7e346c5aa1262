"""Who speaks, in languages whose names have capitals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dedup.attributions.attribution import Attribution, end_with_mark
from dedup.attributions.grammar import (
    CLAUSE_END,
    MAX_ROLE,
    SENTENCE_END,
    SHORT_TITLES,
    UPPER,
    grammar,
)
from dedup.model import Quotation, Span
from dedup.reporting import Reporting

MAX_BETWEEN: Final = 100
"""Code points between a reporting verb and the quotation that it introduces."""

MAX_NAME_TOKENS: Final = 4
"""Words of a name, particles aside; more are two names, or a title that is not listed."""

MIN_NAME_LETTERS: Final = 2
"""Letters of a name; initials alone tell nobody."""

MAX_GIVEN_NAME: Final = 10
"""Letters of a German word before two others from which it is a title, and no given name."""

# Up to a quotation that the same speaker goes on with: nothing, or the rest of one sentence.
_REST_OF_CLAUSE: Final = re.compile(
    r"(?:[^.!?…\n]*\.|[ \u00a0]*[,;:—–-]?)[ \u00a0]*[“„«\"‘']?[ \u00a0]?"
)
# Likewise up to the next sentence, a new paragraph perhaps.
_NEXT_SENTENCE: Final = re.compile(r"[^.!?…\n]*[.,]?[”\"»’]*\s*[“„«\"‘']?[ \u00a0]?")
# What stands between a closing mark and a reporting clause.
_LEAD: Final = re.compile(r"\s*(?P<comma>[,，،]?\s*[-–—]*)\s*")
# What a reporting clause may end before; nothing is the end of the text.
_ENDS: Final = frozenset(["", *".,;:"])


@dataclass(frozen=True, slots=True)
class Clause:
    """A reporting clause.

    Attributes:
        speaker: None if it is a pronoun.
        end: Where it ends.
        pronoun: As it stands there.
        begin: Where the clause of a pronoun begins.
    """

    speaker: Attribution | None
    end: int
    pronoun: str = ""
    begin: int = 0


class CasedReader:
    """Reads the reporting clauses of one text in a language whose names have capitals.

    Args:
        text: Clean text.
        words: Of its language.
    """

    def __init__(self, text: str, words: Reporting) -> None:
        self._text = text
        self._words = words
        self._grammar = grammar(words)
        self._last: Attribution | None = None
        self._last_end = 0
        self._goes_on: tuple[int, Attribution] | None = None

    def speaker(self, quotation: Quotation, begin: int, end: int) -> Attribution | None:
        """Who said a quotation, from what stands between it and its neighbours."""
        clause = self._behind(quotation, end) or self._before(quotation, begin)
        found = clause.speaker if clause else None
        if clause is not None and found is None:
            found = self._meant(clause, quotation)
        if clause is None and self._goes_on is not None and not self._has_comma(quotation, end):
            since, speaker = self._goes_on
            between = self._text[since : quotation.span.start]
            if _REST_OF_CLAUSE.fullmatch(between) and not self._grammar.verb.search(between):
                found = speaker
        is_behind = clause is not None and clause.end > quotation.span.end
        self._goes_on = (clause.end, found) if clause and found and is_behind else None
        if found is not None:
            self._last = found
            self._last_end = max(clause.end if clause else 0, quotation.span.end)
        return found

    def _has_comma(self, quotation: Quotation, limit: int) -> bool:
        """Whether a quotation ends in a comma, or with a dash behind: a clause of its own follows."""
        if self._text[quotation.span.end - 1] in ",،，":
            return True
        lead = _LEAD.match(self._text, end_with_mark(self._text, quotation), limit)
        return lead is not None and bool(lead["comma"].strip())

    def _behind(self, quotation: Quotation, limit: int) -> Clause | None:
        if not quotation.closed:
            return None
        has_comma = self._has_comma(quotation, limit)
        if not has_comma and self._text[quotation.span.end - 1] not in "?!…":
            return None  # A sentence of its own may begin here, about somebody else.
        lead = _LEAD.match(self._text, end_with_mark(self._text, quotation), limit)
        start = lead.end() if lead else limit
        stop = CLAUSE_END.search(self._text, start, limit)
        end = stop.start() if stop else limit
        clause = self._parse(start, end)
        is_whole = clause is not None and self._text[clause.end : clause.end + 1] in _ENDS
        return clause if has_comma or is_whole else None

    def _before(self, quotation: Quotation, limit: int) -> Clause | None:
        opening = quotation.span.start - 1
        newline = self._text.rfind("\n", limit, opening) + 1
        start = max(limit, newline)
        for stop in SENTENCE_END.finditer(self._text, start, opening + 1):
            start = min(stop.end(), opening)
        return self._parse_introduction(start, opening)

    def _parse(self, start: int, end: int) -> Clause | None:
        """Read a clause that stands behind a quotation."""
        grammar = self._grammar
        verb = grammar.verb.search(self._text, start, end)
        # Behind a quotation "according to" tells who reported it.
        if verb is None or grammar.according.match(self._text, start, end):
            return None
        if verb.start() == start:
            return None if verb["told"] else self._subject_behind(verb.end(), end)
        return self._subject_before(start, verb.start(), verb.end(), whole=True)

    def _parse_introduction(self, start: int, end: int) -> Clause | None:
        """Read what stands in front of a quotation, in its sentence."""
        grammar = self._grammar
        verbs = list(grammar.verb.finditer(self._text, start, end))
        if not verbs:
            according = grammar.according.search(self._text, start, end)
            if according is None:
                return None
            return self._subject_behind(according.end(), end, is_plain=True)
        verb = verbs[-1]
        between = self._text[verb.end() : end]
        is_direct = between.rstrip(" \u00a0“„«\"'‘‹").endswith((":", ","))
        is_others = grammar.possessive.search(between) and not between.rstrip().endswith(":")
        if len(between) > MAX_BETWEEN or is_others or (len(verbs) > 1 and not is_direct):
            return None
        found = self._subject_before(start, verb.start(), verb.end(), whole=False)
        front = self._text[start : verb.start()]
        is_first = grammar.inverts and "," not in front and not grammar.name.search(front)
        if found is None and is_first and not verb["told"]:
            found = self._subject_behind(verb.end(), end)
        return found

    def _subject_behind(self, start: int, end: int, *, is_plain: bool = False) -> Clause | None:
        """Who stands behind a verb: a pronoun, a name, or a role and a name.

        Args:
            start: Behind the verb.
            end: Where the clause ends.
            is_plain: A role counts only between an article and a comma: reports are accorded
                with, too, and what they are says more words.
        """
        grammar = self._grammar
        space = re.compile(r"\s*").match(self._text, start, end)
        start = space.end() if space else start
        pronoun = grammar.pronoun.match(self._text, start, end)
        if pronoun:
            return Clause(None, pronoun.end(), pronoun.group(), start)
        skipped = 0
        for name in grammar.name.finditer(self._text, start, end):
            between = self._text[start : name.start()]
            if not self._is_role(between) or (is_plain and between and "," not in between):
                return None
            behind = between.rstrip(" \u00a0,").lower()
            is_apart = "," in between
            if not is_apart and behind not in grammar.articles and grammar.relation.search(behind):
                skipped += 1
                continue
            return self._closing_name(name, between, end) if skipped < 2 else None
        return None

    def _is_role(self, between: str) -> bool:
        """Whether words between a verb and a name may say who that is."""
        if not between:
            return True
        is_plain = between.count(",") <= between.rstrip(" \u00a0").endswith(",")
        is_short = len(between) <= MAX_ROLE and between[0].islower()
        first = between.split(maxsplit=1)[0]
        hangs_on = first in self._words.relations and first not in self._words.articles
        return is_plain and is_short and not hangs_on and self._grammar.verb.search(between) is None

    def _role(self, words: str) -> str | None:
        """Words beside a name, if they say who that is: no place, no hearers, no relative clause."""
        role = words.strip(" ,\u00a0")
        first = role.partition(" ")[0].lower()
        articles, relations = self._words.articles, self._words.relations
        if not role or role in articles or (first in relations and first not in articles):
            return None
        is_cut = role.rpartition(" ")[2] in SHORT_TITLES
        is_clause = first.endswith(self._words.participles) if self._words.participles else False
        return None if is_cut or is_clause or self._grammar.relative.match(role) else role

    def _closing_name(self, name: re.Match[str], between: str, end: int) -> Clause | None:
        """The clause that a name closes, with the words before it back to the verb."""
        proper = self._grammar.proper_name.match(self._text, name.end(), end)
        if proper:  # "said White House press secretary Jane Roe"
            between += self._text[name.start() : proper.start("name")]
            found = self._grammar.name.match(self._text, proper.start("name"), proper.end("name"))
            name = found or name
        speaker = self._named(name, self._role(between))
        if speaker is None or self._grammar.another.match(self._text, name.end(), end):
            return None
        if between and " " not in name.group():
            return None  # "said the Roe family": one word behind a role is often part of it.
        return self._with_role(speaker, name.end(), end)

    def _subject_before(self, start: int, end: int, verb_end: int, *, whole: bool) -> Clause | None:
        """Who stands in front of a verb, right there or before an apposition.

        Args:
            start: Where the clause begins.
            end: Where the verb begins.
            verb_end: Where it ends.
            whole: Nothing else may stand before it in the clause but a role.
        """
        grammar = self._grammar
        front = self._text[start:end]
        front = grammar.trailing.sub("", front.rstrip())
        pronoun = grammar.pronoun_last.search(front)
        if pronoun and (not whole or not pronoun.start()):
            return Clause(None, verb_end, pronoun.group(), start)
        found = grammar.last_name.search(front)
        if found is None:
            return None
        group = "name" if found["name"] else "apart"
        before = front[: found.start(group)].rstrip()
        is_role = not before or before[0].islower()
        is_inside = found["role"] and before and not before.endswith(",")
        if grammar.relation.search(before) or (whole and not is_role) or is_inside:
            return None
        at, behind = start + found.start(group), start + found.end(group)
        name = grammar.name.match(self._text, at, behind)
        if name is None or (before.endswith(",") and " " not in name.group()):
            return None
        if before.partition(" ")[0] in self._words.indefinite:
            before = ""  # "a defiant Jane Roe said"
        speaker = self._named(name, self._role(found["role"] or (before if whole else "")))
        return None if speaker is None else Clause(speaker, verb_end)

    def _with_role(self, speaker: Attribution, end: int, limit: int) -> Clause:
        """A speaker with the apposition behind the name: ", the mayor of Springfield"."""
        found = self._grammar.apposition.match(self._text, end, limit)
        if found is None or speaker.role or self._text[found.end() : found.end() + 1] not in _ENDS:
            return Clause(speaker, end)
        role = self._role(found["role"])
        if role is None or " " not in role:
            return Clause(speaker, end)
        return Clause(Attribution(speaker.name, role, speaker.span), found.end("role"))

    def _named(self, found: re.Match[str], role: str | None) -> Attribution | None:
        """A name without the titles before it, which are its role; None if it is no name."""
        tokens = list(re.finditer(r"\S+", found.group()))
        words = self._words
        while tokens and tokens[0].group() in words.never:
            if tokens.pop(0).group().lower() in words.relations:
                return None  # "Als Kind sagte er": it hangs on the word before.
        titles = [n for n, token in enumerate(tokens) if self._grammar.is_title(token.group())]
        # An institution may end with what is a title elsewhere: the White House.
        cut = titles[-1] + 1 if titles and titles[-1] + 1 < len(tokens) else 0
        if (
            words.nouns_capitalized
            and not cut
            and len(tokens) > 2
            and len(tokens[0].group()) > MAX_GIVEN_NAME
        ):
            cut = 1
        # "FIFA President", "ФАС": what is all capitals is no part of a name that is not.
        while cut + 1 < len(tokens) and tokens[cut].group()[1:].isupper():
            cut += 1
        named = tokens[cut:]
        if (
            not named
            or named[0].group()[0].islower()
            or len(named) > MAX_NAME_TOKENS
            or any(t.group() in words.never for t in named)
        ):
            return None
        start, end = found.start() + named[0].start(), found.start() + named[-1].end()
        name = self._text[start:end].rstrip(".") if len(named) == 1 else self._text[start:end]
        if sum(map(str.isalpha, name)) < MIN_NAME_LETTERS:
            return None
        if len(named) == 1 and not cut and not self._stands_within(name):
            return None
        if cut:
            role = self._text[found.start() + tokens[0].start() : start].strip()
        return Attribution(name, role, Span(start, end))

    def _stands_within(self, word: str) -> bool:
        """Whether one word is a name: it is capitalized within a sentence somewhere.

        Where all nouns are, it must stand behind a given name, and behind no article.
        """
        if self._words.nouns_capitalized:
            articles = "|".join(self._words.articles)
            return (
                re.search(rf"[{UPPER}]\w+\s{re.escape(word)}\b", self._text) is not None
                and re.search(rf"\b(?:{articles})\s{re.escape(word)}\b", self._text) is None
            )
        within = rf"(?:[\w,]|\b(?:{'|'.join(SHORT_TITLES)})\.)\s{re.escape(word)}\b"
        return re.search(within, self._text) is not None

    def _meant(self, clause: Clause, quotation: Quotation) -> Attribution | None:
        """Who "he" is: who spoke last, if nothing stands between but the end of that clause."""
        if self._last is None:
            return None
        begin = max(self._last_end, min(clause.begin, quotation.span.start))
        since = self._text[self._last_end : begin]
        if not _NEXT_SENTENCE.fullmatch(since) or self._grammar.verb.search(since):
            return None
        words, titles = self._words, (self._last.role or "").split()
        for gender, other in ((words.feminine, words.masculine), (words.masculine, words.feminine)):
            if clause.pronoun.lower() in gender and any(title in other for title in titles):
                return None
        named = {token for found in self._grammar.name.findall(since) for token in found.split()}
        return None if named - set(self._words.never) else self._last
