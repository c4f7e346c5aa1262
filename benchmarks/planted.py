"""Pairs made from articles by a script, so that what they are is known.

- **edited**: an article in which some words were deleted, doubled, swapped or replaced, all
  over it or in some of its sentences: a copy, however it was edited. The replacing words are
  another article's, since no list of synonyms serves all languages.
- **altered**: a re-translation in which every number and every name is another one: two
  reports in one template (results, quarterly figures, quakes), hence independent. It aligns
  everywhere and in order, and tells other facts.
- **another day**: some sentences of a re-translation with most numbers and half of the names
  changed, among sentences of another article: two reports of one series (markets, indicators,
  weather) that share their standing sentences, hence independent. Of pairs of newswire that
  the judge once took for re-translations most were of this kind, and few of the former.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dedup.document import read_document
from dedup.evaluate import LabelledPair, LabelledSet
from dedup.model import Article
from dedup.sentences import split_sentences

WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d+")
NAME = re.compile(r"(?<=[\w,] )[A-Z]\w{2,}")
"""A word with a capital inside a sentence. Languages without capitals are left out."""

RATES = (0.02, 0.05)
"""Shares of all words that are edited, where edits are all over the text. More looks like a
re-translation to a person too."""

SENTENCES = (0.2, 0.4)
"""Shares of the sentences that are edited, where the others are left alone."""

HEAVY = 0.3
"""Share of the words that are edited in such a sentence."""

FACTS = 12
"""Different names and numbers that a text must have to be another report without them."""

STANDING = (0.08, 0.12, 0.2, 0.35, 0.6)
"""Shares of the sentences of a report that stand in the next one of its series."""

RENUMBERED, RENAMED = 0.9, 0.5
"""Share of the numbers, and of the names, that are others another day."""

SHORTEST, LONGEST = 600, 8000  # characters


def planted(data: LabelledSet, most: int, seed: int = 1) -> LabelledSet:
    """Pairs made from the articles of a set: at most ``most`` of each kind."""
    chance = random.Random(seed)  # noqa: S311 - the same pairs every time, no secret
    articles: dict[str, Article] = {}
    pairs: list[LabelledPair] = []
    made_pairs = (
        *_edited(data, most, chance),
        *_altered(data, most, chance),
        *_another_day(data, most, chance),
    )
    for original, made, label in made_pairs:
        named = replace(made, id=f"{made.id}/{len(pairs)}")
        articles |= {original.id: original, named.id: named}
        pairs.append(LabelledPair(original.id, named.id, label))
    return LabelledSet(f"planted {data.name}", articles, tuple(pairs))


def _edited(
    data: LabelledSet, most: int, chance: random.Random
) -> Iterator[tuple[Article, Article, str]]:
    fit = [a for a in data.articles.values() if SHORTEST <= len(a.text) <= LONGEST]
    chosen = chance.sample(fit, min(most, len(fit)))
    for original, other in zip(chosen, chosen[1:] + chosen[:1], strict=True):
        words = WORD.findall(other.text)
        if chance.random() < 0.5:
            text = _edit(original.text, chance.choice(RATES), words, chance)
        else:
            text = _edit_sentences(original, chance.choice(SENTENCES), words, chance)
        yield original, replace(original, text=text), "copy"


def _edit_sentences(
    article: Article, share: float, words: Sequence[str], chance: random.Random
) -> str:
    document = read_document(article)
    text, made, end = document.clean.text, [], 0
    for span in split_sentences(text, document.language.code):
        sentence = text[span.start : span.end]
        if chance.random() < share:
            sentence = _edit(sentence, HEAVY, words, chance)
        made += [text[end : span.start], sentence]
        end = span.end
    return "".join(made)


def _edit(text: str, rate: float, words: Sequence[str], chance: random.Random) -> str:
    def edit(match: re.Match[str]) -> str:
        if chance.random() >= rate:
            return match[0]
        return chance.choice(("", f"{match[0]} {chance.choice(words)}", chance.choice(words)))

    return WORD.sub(edit, text)


def _retranslations(
    data: LabelledSet, most: int, chance: random.Random
) -> Iterator[tuple[Article, Article]]:
    fit = [pair for pair in data.pairs if pair.label == "retranslation"]
    for pair in chance.sample(fit, min(most, len(fit))):
        yield data.articles[pair.query], data.articles[pair.candidate]


def _strangers(data: LabelledSet, chance: random.Random) -> list[Article]:
    """Any articles, whose names and sentences are put in place of others."""
    articles = list(data.articles.values())
    return [chance.choice(articles) for _ in range(8)]


def _altered(
    data: LabelledSet, most: int, chance: random.Random
) -> Iterator[tuple[Article, Article, str]]:
    for original, translated in _retranslations(data, most, chance):
        names = NAME.findall(original.text) + NAME.findall(translated.text)
        facts = set(NAME.findall(translated.text)) | set(NUMBER.findall(translated.text))
        if len(facts) < FACTS or len(original.text) > LONGEST:
            continue
        strangers = _strangers(data, chance)
        others = [name for a in strangers for name in NAME.findall(a.text) if name not in names]
        if others:
            yield original, _alter(translated, others, chance), "independent"


def _alter(
    article: Article,
    names: Sequence[str],
    chance: random.Random,
    renamed: float = 1.0,
    renumbered: float = 1.0,
) -> Article:
    """Other numbers of as many digits, and other names, the same one for the same one.

    Args:
        article: What is altered.
        names: Names to draw from.
        chance: Draws.
        renamed: Share of the names that are others.
        renumbered: Share of the numbers that are.
    """
    instead: dict[str, str] = {}

    def rename(match: re.Match[str]) -> str:
        other = chance.choice(names) if chance.random() < renamed else match[0]
        return instead.setdefault(match[0], other)

    def renumber(match: re.Match[str]) -> str:
        if chance.random() >= renumbered:
            return match[0]
        return "".join(chance.choice("123456789") for _ in match[0])

    return replace(article, text=NAME.sub(rename, NUMBER.sub(renumber, article.text)))


def _another_day(
    data: LabelledSet, most: int, chance: random.Random
) -> Iterator[tuple[Article, Article, str]]:
    for original, translated in _retranslations(data, most, chance):
        strangers = _strangers(data, chance)
        names = [name for article in strangers for name in NAME.findall(article.text)]
        standing, others = _sentences(translated), _sentences(strangers[0])
        share = chance.choice(STANDING)
        kept = [sentence for sentence in standing if chance.random() < share]
        if not kept or not names or not NUMBER.search(" ".join(kept)):
            continue
        filling = others[: max(3, round(len(standing) * (1 - share)))]
        text = " ".join(_shuffled_together(kept, filling, chance))
        if len(text) >= SHORTEST and max(len(original.text), len(text)) <= LONGEST:
            made = replace(translated, text=text)
            yield original, _alter(made, names, chance, RENAMED, RENUMBERED), "independent"


def _sentences(article: Article) -> list[str]:
    document = read_document(article)
    text = document.clean.text
    return [text[start:end] for start, end in split_sentences(text, document.language.code)]


def _shuffled_together(
    some: Sequence[str], others: Sequence[str], chance: random.Random
) -> Iterator[str]:
    """Both in their own order, mixed."""
    places = [0] * len(some) + [1] * len(others)
    chance.shuffle(places)
    streams = iter(some), iter(others)
    for place in places:
        yield next(streams[place])
