"""Sentences in the first person: somebody speaks, even where no quotation marks say so.

Reporters do not write "I" or "we" in the news. A stretch that two articles share and that
stands in the first person is a speech, a statement, a post or a set of questions and answers
which both print; it tells nothing about who had his report from whom. Columnists do write "I":
of a column that was copied the sentences without one are left to tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.hashing import word_hashes

_WORDS: Final[Mapping[str, str]] = {
    "ar": "أنا نحن",
    "de": "ich wir mich mir uns mein meine meinen meinem meiner unser unsere unseren unserem "
    "unserer",
    "en": "i we me my our myself ourselves",
    "es": "yo nosotros nosotras mi mis nuestro nuestra nuestros nuestras",
    "fr": "je j nous mon ma mes notre nos",
    "hi": "मैं हम मेरा मेरी मेरे हमारा हमारी हमारे",
    "it": "io noi mio mia miei mie nostro nostra nostri nostre",
    "nl": "ik wij mij mijn onze",
    "pt": "eu nós meu minha meus minhas nosso nossa nossos nossas",
    "ru": "я мы меня мне мной нас нам нами мой моя моё мое мои моего моей наш наша наше наши "
    "нашего нашей наших",
    "ur": "ہم میرا میری میرے ہمارا ہماری ہمارے",
    "zh": "我",
}
"""Pronouns of the first person, as tokens are folded. Left out: words that have another sense
more often in the news ("us", the country; Urdu "میں", in). Of languages not listed no sentence
counts as being in the first person."""


@cache
def first_person(language: str) -> NDArray[np.uint64]:
    """The pronouns of the first person of a language.

    Args:
        language: ISO 639-1 code.

    Returns:
        uint64 (k,): hashes of the words; none if they are not known.
    """
    return word_hashes(tuple(_WORDS.get(language.partition("-")[0], "").split()))
