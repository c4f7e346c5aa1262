from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import BadIdError
from dedup.index.records import MAX_ID_BYTES, pack_record, unpack_record
from dedup.language import UNKNOWN
from dedup.model import Article, Language

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


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
    )
)
def test_every_article_comes_back_as_it_was(article):
    stored = unpack_record(
        7, b"1763772508451158" + pack_record(article, Language("pt", 0.9, "pycld2"))
    )
    assert stored.article == article
    assert (stored.number, stored.language) == (7, Language("pt", 0.9, "pycld2"))
    assert stored.received == datetime(2025, 11, 22, 0, 48, 28, 451158, tzinfo=UTC)


def test_an_id_too_long_for_its_length_field_is_refused():
    pack_record(Article("i" * MAX_ID_BYTES, "text"), UNKNOWN)
    with pytest.raises(BadIdError, match="10000 bytes"):
        pack_record(Article("i" * (MAX_ID_BYTES + 1), "text"), UNKNOWN)
