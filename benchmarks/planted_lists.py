"""Lists and notices made by a script, since the labelled sets hold hardly any.

Results, prices, tables, programmes, draws, notices and reports in one form. Two of one form
and one desk are independent: they have the form, its words and often the names in common, and
tell other things. One of them with light edits is a copy. Names are made of syllables, so that
no name in the table is learnt; the forms are worded in several ways, of which a pair has one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

from dedup.evaluate import LabelledPair, LabelledSet
from dedup.model import Article

ONSETS: Final = [
    "B",
    "Br",
    "C",
    "Cl",
    "D",
    "Dr",
    "F",
    "Fl",
    "G",
    "Gr",
    "H",
    "K",
    "L",
    "M",
    "N",
    "P",
    "Pr",
    "R",
    "S",
    "St",
    "T",
    "Tr",
    "V",
    "W",
]
MIDDLES: Final = ["a", "e", "i", "o", "u", "ar", "el", "en", "il", "on", "or", "un"]
CODAS: Final = [
    "by",
    "dale",
    "ford",
    "gate",
    "ham",
    "ling",
    "low",
    "mere",
    "ney",
    "ry",
    "ster",
    "ton",
    "vale",
    "wick",
]
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = ("January", "March", "May", "July", "September", "November")
FIRST_NAMES: Final = [
    "Ada",
    "Ben",
    "Cora",
    "Dean",
    "Ella",
    "Finn",
    "Gail",
    "Hugh",
    "Ivy",
    "Jon",
    "Kay",
    "Luke",
    "Mae",
    "Ned",
]
THINGS: Final = (
    *("kitchen extension", "loft conversion", "new shop front", "six flats", "garden wall"),
    *("change of use to offices", "solar panels", "double garage", "felling of a lime tree"),
)

Chance = random.Random
Form = Callable[[Chance, Chance], str]
"""Writes one list: what all lists of one desk have in common by the first, the rest by the
second."""


def planted_lists(most: int, seed: int = 1) -> LabelledSet:
    """Pairs of lists: ``most`` of two instances of one form, ``most`` of one and its copy."""
    articles: dict[str, Article] = {}
    pairs: list[LabelledPair] = []
    for number in range(most):
        chance = random.Random(seed * 1_000_003 + number)  # noqa: S311 - no secret
        form = FORMS[number % len(FORMS)]
        desk = chance.random()
        first, second = (form(random.Random(desk), chance) for _ in range(2))  # noqa: S311
        for name, text in (("a", first), ("b", second), ("c", _edited(first, chance))):
            articles[f"{number}{name}"] = Article(id=f"{number}{name}", text=text, lang="en")
        pairs.append(LabelledPair(f"{number}a", f"{number}b", "independent"))
        pairs.append(LabelledPair(f"{number}a", f"{number}c", "copy"))
    return LabelledSet("planted lists", articles, tuple(pairs))


def _edited(text: str, chance: Chance) -> str:
    """A line or two dropped, another heading, a figure put right."""
    heading, *lines = text.split("\n")
    for _ in range(chance.randint(0, 2)):
        if len(lines) > 3:
            lines.pop(chance.randrange(len(lines)))
    place = chance.randrange(len(lines))
    lines[place] = "".join(
        chance.choice("123456789") if letter.isdigit() and chance.random() < 0.2 else letter
        for letter in lines[place]
    )
    if chance.random() < 0.5:
        heading = f"{heading.split()[0]} in brief"
    return "\n".join((heading, *lines))


def _place(chance: Chance) -> str:
    return chance.choice(ONSETS) + chance.choice(MIDDLES) + chance.choice(CODAS)


def _places(chance: Chance, number: int) -> list[str]:
    return list({_place(chance): None for _ in range(number)})


def _amount(chance: Chance, most: int) -> str:
    return f"{chance.randint(1, most)}.{chance.randint(0, 99):02}"


def _results(desk: Chance, chance: Chance) -> str:
    heading = desk.choice(("Football scores", "Hockey: all results", "Weekend results, league"))
    between = desk.choice((" {} {} {}", " v {1} {0}-{2}", " {0} - {1} {2}"))
    teams = _places(desk, desk.randint(16, 36))
    chance.shuffle(teams)
    games = zip(teams[::2], teams[1::2], strict=False)
    lines = [
        home + between.format(chance.randint(0, 6), away, chance.randint(0, 6))
        for home, away in games
    ]
    return "\n".join((heading, *lines))


def _prices(desk: Chance, chance: Chance) -> str:
    heading = desk.choice(("Share prices at the close", "Wholesale market prices", "Rates today"))
    names = _places(desk, desk.randint(15, 40))
    lines = [
        f"{name} {_amount(chance, 900)} {chance.choice('+-')}{_amount(chance, 20)}"
        for name in names
    ]
    foot = desk.choice(("Turnover {} million in {} deals.", "Gainers {}, losers {}."))
    return "\n".join((heading, *lines, foot.format(chance.randint(20, 900), chance.randint(9, 99))))


def _standings(desk: Chance, chance: Chance) -> str:
    heading = desk.choice(("League table", "How they stand", "Overall standings"))
    names = _places(desk, desk.randint(12, 24))
    rows = sorted(((chance.randint(8, 60), name) for name in names), reverse=True)
    lines = [
        f"{rank} {name} {chance.randint(14, 22)} {points // 3} {chance.randint(0, 9)} {points}"
        for rank, (points, name) in enumerate(rows, 1)
    ]
    return "\n".join((heading, *lines))


def _programme(desk: Chance, chance: Chance) -> str:
    heading = desk.choice(("On screen tonight", "Radio and television", "What's on"))
    shows = [f"{_place(desk)} {desk.choice(('Lane', 'Live', 'Report', 'Quiz'))}" for _ in range(30)]
    times = range(17, 24)
    lines = [
        f"{hour}.{minute} {chance.choice(shows)}{chance.choice(('', ', repeat', ': ' + _place(chance)))}"
        for hour in times
        for minute in sorted(chance.sample(("00", "10", "25", "40"), 3))
    ]
    return "\n".join((heading, *lines))


def _draw(desk: Chance, chance: Chance) -> str:
    def numbers(count: int, most: int) -> str:
        return ", ".join(map(str, sorted(chance.sample(range(1, most), count))))

    prize = desk.choice(("The top prize of {} million was {}.", "The jackpot ({} million) was {}."))
    lines = [
        desk.choice(("Numbers drawn: {}.", "The balls drawn were {}.")).format(numbers(6, 50)),
        f"Extra ball: {chance.randint(1, 49)}.",
        prize.format(_amount(chance, 20), chance.choice(("not won", "shared by two", "won"))),
        f"{chance.randint(1, 90)} tickets with five numbers take {chance.randint(900, 9000)} each.",
        f"{chance.randint(900, 9999)} with four take {chance.randint(20, 200)} each.",
        f"The midweek game had {numbers(5, 36)}; the codes were {numbers(7, 99)}.",
        f"Sales came to {chance.randint(1, 30)},{chance.randint(100, 999)},000.",
    ]
    return "\n".join((desk.choice(("Lottery", "Prize draw")) + f", {chance.choice(DAYS)}", *lines))


def _notices(desk: Chance, chance: Chance) -> str:
    closing = desk.choice(
        (
            "A service will be held at {}, {}, on {} at {}. All are welcome. No mourning clothes.",
            "Cremation at {}, {}, on {} at {}. No letters. Gifts, if wished, to the lifeboats.",
        )
    )
    town = _place(desk)
    lines = []
    for _ in range(desk.randint(2, 5)):
        name, widow = chance.choice(FIRST_NAMES), chance.choice(FIRST_NAMES)
        lines.append(
            f"{_place(chance).upper()}, {name}, suddenly at home on {chance.randint(1, 28)} "
            f"{chance.choice(MONTHS)}, aged {chance.randint(51, 99)}. Dear partner of {widow}, "
            f"much loved parent of {', '.join(chance.sample(FIRST_NAMES, 3))}. "
            + closing.format(
                f"St {chance.choice(FIRST_NAMES)}'s",
                town,
                chance.choice(DAYS),
                f"{chance.randint(9, 16)}.{chance.choice(('00', '15', '30'))}",
            )
        )
    return "\n".join(("Deaths", *lines))


def _figures(desk: Chance, chance: Chance) -> str:
    company, city = _place(chance), _place(chance)
    up = chance.random() < 0.5
    rose, above = ("rose", "above") if up else ("fell", "below")
    lead = desk.choice(
        (
            f"{company} said on {chance.choice(DAYS)} that quarterly sales {rose}",
            f"Quarterly sales at {company} {rose}, the group said on {chance.choice(DAYS)}",
        )
    )
    lines = [
        f"{lead} to {_amount(chance, 900)} million from {_amount(chance, 900)} million.",
        f"The {city}-based group earned {_amount(chance, 5)} a share.",
        f"That is {above} the {_amount(chance, 5)} that {chance.randint(3, 19)} analysts expected.",
        f"Operating margin was {_amount(chance, 30)} percent against {_amount(chance, 30)} percent.",
        f"It sees full-year sales between {_amount(chance, 90)} and {_amount(chance, 90)} billion.",
        f"The stock has moved {_amount(chance, 40)} percent this year, to {_amount(chance, 300)}.",
        f"{chance.randint(1, 20)} of {chance.randint(20, 30)} brokers recommend it to clients.",
        "The figures were taken from the company's statement and have not been audited.",
    ]
    return "\n".join((f"{company} sales {rose}", *lines))


def _quake(desk: Chance, chance: Chance) -> str:
    town, agency = _place(chance), desk.choice(("seismic bureau", "earthquake centre"))
    magnitude = f"{chance.randint(3, 6)}.{chance.randint(0, 9)}"
    side = chance.choice(("north", "south", "east", "west"))
    where = f"the area {chance.randint(5, 90)} km {side} of {town}"
    depth = chance.randint(4, 80)
    lines = [
        f"A quake of magnitude {magnitude} shook {where} on {chance.choice(DAYS)}, the {agency} said.",
        f"It came at {chance.randint(0, 23)}:{chance.randint(10, 59)}, {depth} km below ground.",
        f"{chance.choice(('One', 'No', 'Two'))} weaker tremors followed within the hour.",
        "Nobody was reported hurt and no buildings were known to be damaged.",
        f"Within a week {chance.randint(2, 9)} quakes above magnitude 3 were felt near {town}.",
        f"This report was written automatically from data of the {agency} and read by an editor.",
    ]
    return "\n".join((f"Quake of {magnitude} near {town}", *lines))


def _register(desk: Chance, chance: Chance) -> str:
    heading = desk.choice(("Plans submitted", "Applications this week", "Public register"))
    foot = desk.choice(
        (
            "The documents lie open at the town hall during office hours and can be seen online.",
            "Objections must be made in writing to the clerk, giving name and address.",
        )
    )
    lines = [
        f"{desk.choice(('No.', 'Ref.'))} {chance.randint(100, 999)}: {chance.choice(THINGS)}, "
        f"{chance.randint(1, 120)} {_place(chance)} Road, {_place(chance)}, for "
        f"{chance.choice(FIRST_NAMES)} {_place(chance)}, until {chance.randint(1, 28)} "
        f"{chance.choice(MONTHS)}."
        for _ in range(desk.randint(5, 12))
    ]
    return "\n".join((heading, *lines, foot))


FORMS: Final[Sequence[Form]] = (
    *(_results, _prices, _standings, _programme, _draw),
    *(_notices, _figures, _quake, _register),
)
