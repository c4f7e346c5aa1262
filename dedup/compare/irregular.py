"""Forms of English verbs and nouns that no stemmer brings together: "fell" and "fallen".

Of the languages that stems are made for, English has most forms that share neither a stem nor
their first letters; elsewhere likeness of spelling finds them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

_FORMS: Final = """
arise arose arisen | awake awoke | bear bore borne | beat beaten | become became | begin began begun
bend bent | bind bound | bite bit bitten | bleed bled | blow blew blown | break broke broken
breed bred | bring brought | build built | burn burnt | buy bought | catch caught | child children
choose chose chosen | cling clung | come came | creep crept | deal dealt | dig dug | draw drew drawn
dream dreamt | drink drank drunk | drive drove driven | eat ate eaten | fall fell fallen
feed fed | feel felt | fight fought | find found | flee fled | fling flung | fly flew flown
foot feet | forbid forbade forbidden | foresee foresaw foreseen | forget forgot forgotten
forgive forgave forgiven | freeze froze frozen | get got gotten | give gave given | go went gone
good better best | grind ground | grow grew grown | hang hung | have has had | hear heard
hide hid hidden | hold held | keep kept | know knew known | lay laid | lead led | leap leapt
learn learnt | leave left | lend lent | lie lay lain | life lives | light lit | lose lost
make made | man men | mean meant | meet met | mouse mice | overcome overcame | pay paid
person people | plead pled | rebuild rebuilt | ride rode ridden | ring rang rung | rise rose risen
run ran | say said | see saw seen | seek sought | sell sold | send sent | shake shook shaken
shine shone | shoot shot | show shown | shrink shrank shrunk | sing sang sung | sink sank sunk
sit sat | sleep slept | slide slid | speak spoke spoken | spell spelt | spend spent
spring sprang sprung | stand stood | steal stole stolen | stick stuck | sting stung
strike struck stricken | string strung | strive strove | swear swore sworn | sweep swept
swell swollen | swim swam swum | swing swung | take took taken | teach taught | tear tore torn
tell told | think thought | throw threw thrown | tooth teeth | understand understood
undergo underwent undergone | wake woke woken | wear wore worn | weave wove woven | weep wept
win won | wind wound | withdraw withdrew withdrawn | withstand withstood | woman women
write wrote written
"""

_GROUPS: Final = [group.split() for line in _FORMS.splitlines() for group in line.split("|")]

_BASE: Final = MappingProxyType({form: group[0] for group in _GROUPS for form in group})


def are_irregular_forms(one: str, other: str) -> bool:
    """Whether two words are forms of one, regular endings ("shows", "falling") apart.

    Args:
        one: An English word, or its stem; folded.
        other: Likewise.
    """
    base = _BASE.get(one)
    return base is not None and base == _BASE.get(other)
