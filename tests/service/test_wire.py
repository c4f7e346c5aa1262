from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from dedup.errors import BadIdError
from dedup.model import Article
from service.wire import (
    MAX_LINE,
    NamedSubmission,
    Submission,
    address,
    check_address,
    parse_json,
)


def refusal(**fields: object) -> dict[str, str]:
    """What is said of each field of a submission that is refused."""
    with pytest.raises(ValidationError) as refused:
        Submission.model_validate({"text": "x"} | fields)
    return {".".join(map(str, e["loc"])): e["msg"] for e in refused.value.errors()}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "line 1, column 1"),
        (b"{", "line 1, column 2"),
        (b'{"text": "x"', "line 1, column 13"),
        (b'{"text": "x",\n}', "line 2, column 1"),
        (b'{"text": "x"}\x00', "line 1, column 14"),
        (b'{"text": "\xff"}', "byte 10 is not valid UTF-8"),
        (b'{"text": "\xed\xa0\x80"}', "byte 10 is not valid UTF-8"),  # a surrogate in UTF-8
        ('{"text": "x"}'.encode("utf-16"), "byte 0 is not valid UTF-8"),
        (b'{"text": "a\x00b"}', "line 1, column 12"),
        (b"[]", "not an object"),
        (b'"text"', "not an object"),
        (b"null", "not an object"),
        (b"1" * 10_000, "not an object"),
        (b'{"text": "x", "text": "y"}', "key 'text' twice"),
        (b'{"meta": {"a": 1, "a": 2}}', "key 'a' twice"),
        (b'{"text": NaN}', "NaN"),
        (b'{"text": -Infinity}', "-Infinity"),
        (b'{"\\ud800": "x"}', "no Unicode text"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
    ],
)
def test_what_is_no_json_object_is_refused_with_the_place(body: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_json(body)


def test_a_byte_order_mark_is_passed_over() -> None:
    assert parse_json('\ufeff{"text": "x"}'.encode()) == {"text": "x"}


def test_an_article_keeps_all_that_was_sent() -> None:
    sent = Submission.model_validate(
        {
            "html": "<p>x</p>",
            "title": "Title",
            "url": "https://example.com/a",
            "source": "Example",
            "published": "2020-02-09T11:47:48+01:00",
            "lang": "en",
        }
    )
    assert sent.article("1") == Article(
        id="1",
        text="<p>x</p>",
        media="html",
        title="Title",
        url="https://example.com/a",
        source="Example",
        published=datetime(2020, 2, 9, 10, 47, 48, tzinfo=UTC),
        lang="en",
    )


def test_null_is_the_same_as_nothing() -> None:
    assert Submission.model_validate(
        {"text": "x", "html": None, "title": None, "published": None}
    ) == Submission(text="x")


@pytest.mark.parametrize("fields", [{}, {"text": "x", "html": "y"}, {"text": None}])
def test_exactly_one_of_text_and_html_is_needed(fields: dict[str, str | None]) -> None:
    with pytest.raises(ValidationError, match="exactly one of `text` and `html`"):
        Submission.model_validate(fields)


def test_an_unknown_field_is_named() -> None:
    assert refusal(txet="x").keys() == {"txet"}


@pytest.mark.parametrize("field", ["text", "html", "title", "url", "source", "published", "lang"])
@pytest.mark.parametrize("value", [7, 7.5, True, ["x"], {"x": "y"}])
def test_what_is_no_string_is_refused_by_field(field: str, value: object) -> None:
    assert refusal(**{field: value}).keys() == {field}


@pytest.mark.parametrize("field", ["text", "html", "title", "url", "source", "lang"])
def test_a_lone_surrogate_is_refused_with_its_place(field: str) -> None:
    assert "U+DC80 at position 2" in refusal(**{field: "ab\udc80"})[field]


@pytest.mark.parametrize("field", ["title", "url", "source", "lang"])
@pytest.mark.parametrize("value", ["a\x00b", "a\nb", "a\x1b[31m"])
def test_control_characters_are_refused_in_a_line(field: str, value: str) -> None:
    assert "control character" in refusal(**{field: value})[field]


@pytest.mark.parametrize("field", ["title", "url", "source", "lang"])
def test_a_line_has_a_limit(field: str) -> None:
    said = refusal(**{field: "https://x/" + "x" * MAX_LINE})[field]
    assert f"at most {MAX_LINE} characters" in said


@pytest.mark.parametrize(
    "value",
    ["javascript:alert(1)", "data:text/html,x", "www.example.com", "http://", "//x", "https://a b",
     "http://[", "http://a:99999999/", "http://a:b/", "http://:80/", "http://?a", "http://a\u3000b",
     " http://a", ""],
)  # fmt: skip
def test_only_web_addresses_are_taken(value: str) -> None:
    assert refusal(url=value).keys() == {"url"}


@pytest.mark.parametrize(
    "value",
    ["http://a", "HTTPS://Example.com:8443/b?c#d", "http://[::1]:80/", "https://bücher.example/ü"],
)
def test_any_web_address_is_taken_as_it_is(value: str) -> None:
    assert Submission.model_validate({"text": "x", "url": value}).url == value


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2020-02-09", datetime(2020, 2, 9, tzinfo=UTC)),
        ("2020-02-09T10:47:48", datetime(2020, 2, 9, 10, 47, 48, tzinfo=UTC)),
        ("2020-02-09T10:47:48Z", datetime(2020, 2, 9, 10, 47, 48, tzinfo=UTC)),
        ("2020-02-09t10:47:48z", datetime(2020, 2, 9, 10, 47, 48, tzinfo=UTC)),
        ("2020-02-09 10:47:48.25-05:30", datetime(2020, 2, 9, 16, 17, 48, 250000, tzinfo=UTC)),
    ],
)
def test_a_time_without_an_offset_is_utc(value: str, moment: datetime) -> None:
    assert Submission.model_validate({"text": "x", "published": value}).published == moment


@pytest.mark.parametrize(
    "value",
    ["", "yesterday", "2020", "2020-W06", "20200209", "1581245268", "2020-02-31", "2020-13-01",
     "2020-02-09T25:00:00Z", "2020-02-09T10:47", "2020-02-09T10:47:48+25:00", "0000-01-01",
     "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "٢٠٢٠-٠٢-٠٩", "2020-02-09\n"],
)  # fmt: skip
def test_what_is_no_rfc_3339_time_is_refused(value: str) -> None:
    assert "2020-02-09T10:47:48Z" in refusal(published=value)["published"]


@pytest.mark.parametrize(
    "article_id", ["a/verdict", "/badge.svg", ".", "..", "a/../b", "https://example.com/./a"]
)
def test_an_id_without_an_address_of_its_own_is_refused(article_id: str) -> None:
    with pytest.raises(BadIdError):
        check_address(article_id)
    with pytest.raises(BadIdError):
        NamedSubmission.model_validate({"text": "x", "id": article_id})


@pytest.mark.parametrize("article_id", ["verdict", "verdict/a", "a.verdict", "...", "a..b", "/"])
def test_ids_that_only_look_like_it_are_taken(article_id: str) -> None:
    check_address(article_id)
    assert address(article_id).startswith("/v1/articles/")
