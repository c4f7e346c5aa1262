from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import BadIdError
from dedup.index.base import Stored
from dedup.index.records import MAX_ID_BYTES, STAMP_DIGITS, pack_record, unpack_record
from dedup.language import UNKNOWN
from dedup.model import Article, Language

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
SEEDS = Path(__file__).parents[2] / "seeds"
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


# Made by the code of the day; bytes like these are on users' servers.
FIRST_RECORD = (
    b"F*i0dH#aghFgP?dF)=kbFfcGScWH8EEiovyFa2N@08It}vW+VyfTzs?eG)W5D_n4_mF29h<Dn;!+eXCIbR<d@1I@Pm"
    b"KbmqR4hRhh@5Sao`EAA4tY_piU2i!va!LwG04b?~0F{zKk{l4^AdsZQ%Ipg0o)RA;FB%<aWaMC+1@ZSVYw_by@Yz*Z"
    b"`Drw=mH*bQk@9lvjFAzm`Uk!xynfvmG9j*nPRT3oPsuARjD{xijwNbq8>b+dmEX2t>KD2*`lgIVBJ~7T-o@7p0SEv|"
    b"8A0<_DAj;x1b4;W=>tYQBuy-s0R"
)
RECORD_OF_0_1 = (
    b"F*i0dH#aghFgP?dF)=kbFfcGScWH8EEiovyFa2Q$T>#wz0N6xjav(xsZ6Hl7AVPC4A}nQiVKFf+GBh|beHi>FVfs-b"
    b"b^u%e35+~!Yv!5>Z3GUgi5xc=%xy5#2-rcs#`N`v$;ZH`JTEjSgiN^ThV!oncPz>08Y3bB"
)


@given(
    st.builds(
        Article,
        id=ANY_TEXT,
        text=ANY_TEXT,
        media=st.sampled_from(["text", "html"]),
        title=st.none() | ANY_TEXT,
        url=st.none() | ANY_TEXT,
        source=st.none() | ANY_TEXT,
        published=st.none() | st.datetimes(timezones=ZONES),
        lang=st.none() | ANY_TEXT,
        expires=st.none() | st.datetimes(timezones=ZONES),
    ),
    st.none() | st.datetimes(timezones=ZONES),
)
def test_every_article_comes_back_as_it_was(article, expires):
    stored = unpack_record(
        7, b"1763772508451158" + pack_record(article, Language("pt", 0.9, "pycld2"), expires)
    )
    assert stored.article == article
    assert stored.expires == expires
    assert (stored.number, stored.language) == (7, Language("pt", 0.9, "pycld2"))
    assert stored.received == datetime(2025, 11, 22, 0, 48, 28, 451158, tzinfo=UTC)


def test_records_of_earlier_versions_are_read():
    without_dictionary, with_dictionary = (
        unpack_record(3, base64.b85decode(record)) for record in (FIRST_RECORD, RECORD_OF_0_1)
    )
    article = Article(
        id="wire-1",
        text="Der Bürgermeister sagte am Montag, die Brücke bleibe bis auf weiteres gesperrt.",
        title="Brücke gesperrt",
        url="https://example.com/1",
        source="example.com",
        published=datetime(2025, 11, 22, 0, 48, tzinfo=timezone(timedelta(hours=1))),
        lang="de",
    )
    received = datetime(2025, 11, 22, 0, 48, 28, 451158, tzinfo=UTC)
    language = Language("de", None, "declared")
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    assert without_dictionary == Stored(3, article, language, received)
    assert with_dictionary == Stored(
        3, replace(article, expires=new_year), language, received, expires=new_year
    )


@pytest.mark.parametrize("seed", sorted(SEEDS.glob("0*.txt")), ids=lambda path: path.stem)
def test_an_article_takes_at_most_45_percent_of_its_text(seed):
    text = seed.read_text(encoding="utf-8")
    record = pack_record(Article(seed.stem, text), Language("en", 0.99, "pycld2"))
    assert STAMP_DIGITS + len(record) <= 0.45 * len(text.encode())


def test_an_id_too_long_for_its_length_field_is_refused():
    pack_record(Article("i" * MAX_ID_BYTES, "text"), UNKNOWN)
    with pytest.raises(BadIdError, match="10000 bytes"):
        pack_record(Article("i" * (MAX_ID_BYTES + 1), "text"), UNKNOWN)
