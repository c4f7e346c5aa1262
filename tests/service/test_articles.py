"""Articles and verdicts over HTTP, in one process, on a real index."""

from __future__ import annotations

import itertools
import json
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.wire import address

JSON = {"Content-Type": "application/json"}


def put(client: FlaskClient, article_id: str, **fields: object) -> TestResponse:
    return client.put(address(article_id), json=fields)


def is_unknown(client: FlaskClient, article_id: str) -> bool:
    response = client.get(address(article_id))
    return response.status_code == 404 and response.json["type"] == "/problems/unknown-article"


# Verdicts


def test_a_retranslation_is_called_one_with_its_source_and_passages(
    client: FlaskClient, seeds: dict[str, str]
) -> None:
    put(client, "000", text=seeds["000"])
    answer = put(client, "001", text=seeds["001"]).json
    assert (answer["verdict"], answer["kind"]) == ("retranslation", "same_language")
    assert answer["source"]["id"] == "000"
    passage = answer["matches"][0]["passages"][0]
    start, end = passage["query"]
    assert seeds["001"][start:end].strip()
    assert {found["rule"] for found in answer["artifacts"]} >= {"minify_marker"}


def test_an_original_that_arrives_late_revises_the_copy(
    client: FlaskClient, seeds: dict[str, str]
) -> None:
    first = put(client, "001", text=seeds["001"]).json
    assert (first["verdict"], first["revision"]) == ("independent", 1)
    late = put(client, "000", text=seeds["000"]).json
    assert late["verdict"] == "independent"
    (revised,) = late["revised"]
    assert (revised["id"], revised["verdict"], revised["revision"]) == ("001", "retranslation", 2)
    now = client.get("/v1/articles/001/verdict").json
    assert {key: now[key] for key in revised} == revised


def test_the_verdict_read_later_is_the_one_given_at_first(
    client: FlaskClient, seeds: dict[str, str]
) -> None:
    put(client, "000", text=seeds["000"])
    given = put(client, "001", text=seeds["001"]).json
    del given["revised"]
    read = client.get("/v1/articles/001/verdict").json
    # When the scraped page was rendered may be known by now: it is read beside the requests.
    found, known = given.pop("artifacts"), read.pop("artifacts")
    assert [a["span"] for a in known] == [a["span"] for a in found]
    # What takes both texts is worked out where it is asked for, and not for each write.
    for field in ("differences", "sections", "quotations"):
        assert [match.pop(field) for match in given["matches"]] == [None]
        assert [match.pop(field) for match in read["matches"]] != [None]
    assert read == given


def test_checking_judges_and_stores_nothing(client: FlaskClient, seeds: dict[str, str]) -> None:
    put(client, "000", text=seeds["000"])
    answer = client.post("/v1/check", json={"text": seeds["001"], "id": "001"}).json
    assert (answer["verdict"], answer["id"], answer["revision"]) == ("retranslation", "001", None)
    assert is_unknown(client, "001")
    assert client.get("/v1/articles/000/verdict").json["matches"] == []


def test_a_text_checked_without_an_id_has_none(client: FlaskClient, seeds: dict[str, str]) -> None:
    answer = client.post("/v1/check", json={"text": seeds["000"]}).json
    assert answer["id"] is None


# Storing


def test_an_article_is_given_back_as_it_was_submitted(
    client: FlaskClient, seeds: dict[str, str]
) -> None:
    sent = {
        "html": "<p>" + seeds["000"] + "</p>\x00",
        "title": "Saraqeb",
        "url": "https://example.com/saraqeb",
        "source": "Example",
        "published": "2020-02-09T11:47:48+01:00",
        "lang": "en",
    }
    put(client, "1", **sent)
    stored = client.get("/v1/articles/1").json
    assert stored["text"] is None
    assert stored["published"] == "2020-02-09T10:47:48Z"
    assert stored["language"] == {"code": "en", "by": "declared"}
    assert {name: stored[name] for name in sent if name != "published"} == {
        name: value for name, value in sent.items() if name != "published"
    }


def test_put_says_whether_the_id_was_new(client: FlaskClient, seeds: dict[str, str]) -> None:
    statuses = [
        put(client, "1", text=text).status_code
        for text in (seeds["000"], seeds["000"], seeds["002"])
    ]
    assert statuses == [201, 200, 200]
    assert client.get("/v1/articles/1").json["text"] == seeds["002"]


def test_storing_the_same_again_changes_nothing(client: FlaskClient, seeds: dict[str, str]) -> None:
    first = put(client, "1", text=seeds["000"]).json
    before = client.get("/v1/articles/1").json
    assert put(client, "1", text=seeds["000"]).json == first
    assert client.get("/v1/articles/1").json == before


def test_post_takes_the_id_it_is_given(client: FlaskClient, seeds: dict[str, str]) -> None:
    response = client.post("/v1/articles", json={"id": "a/b", "text": seeds["000"]})
    assert (response.status_code, response.json["id"]) == (201, "a/b")
    assert response.location == "/v1/articles/a%2Fb"
    again = client.post("/v1/articles", json={"id": "a/b", "text": seeds["000"]})
    assert again.status_code == 200


def test_post_without_an_id_makes_one(client: FlaskClient, seeds: dict[str, str]) -> None:
    first = client.post("/v1/articles", json={"text": seeds["000"]})
    second = client.post("/v1/articles", json={"text": seeds["000"]})
    assert first.json["id"] != second.json["id"]
    assert client.get(first.location).json["id"] == first.json["id"]
    assert second.json["source"]["id"] == first.json["id"]


def test_a_deleted_article_is_gone_and_stays_named(
    client: FlaskClient, seeds: dict[str, str]
) -> None:
    put(client, "000", text=seeds["000"])
    put(client, "001", text=seeds["001"])
    response = client.delete("/v1/articles/000")
    assert (response.status_code, response.data) == (204, b"")
    assert "Content-Type" not in response.headers
    assert is_unknown(client, "000")
    assert client.delete("/v1/articles/000").status_code == 404
    (match,) = client.get("/v1/articles/001/verdict").json["matches"]
    assert (match["id"], match["removed"]) == ("000", True)


@pytest.mark.parametrize("view", ["", "/verdict", "/badge.svg"])
def test_an_unknown_article_is_not_found(client: FlaskClient, view: str) -> None:
    response = client.get("/v1/articles/nobody" + view)
    assert response.status_code == 404
    assert response.json["type"] == "/problems/unknown-article"
    assert "'nobody'" in response.json["detail"]


# Ids in addresses


@pytest.mark.parametrize(
    "article_id",
    [
        "https://example.com/a//b/?c=d&e#f",
        "/leading",
        "trailing/",
        "//",
        "verdict",
        "badge.svg",
        "a/verdict/b",
        "日本/語",
        "a b+c%2F%",
        "'; drop --",
        "<b>",
    ],
)
@pytest.mark.parametrize("safe", ["", "/"], ids=["slashes encoded", "slashes bare"])
def test_any_id_has_an_address(client: FlaskClient, article_id: str, safe: str) -> None:
    path = "/v1/articles/" + quote(article_id, safe=safe)
    assert client.put(path, json={"text": "three short words"}).json["id"] == article_id
    assert client.get(path).json["id"] == article_id
    assert client.get(path + "/verdict").json["id"] == article_id
    assert client.get(path + "/badge.svg").status_code == 200
    assert client.delete(path).status_code == 204


@pytest.mark.parametrize(
    "article_id", ["a\nb", " a", "a\x00", "x" * 513, "a/verdict", "a/badge.svg", "..", "\u202ea"]
)
def test_an_id_that_cannot_be_one_is_refused_everywhere(
    client: FlaskClient, seeds: dict[str, str], article_id: str
) -> None:
    path = address(article_id)
    body = {"text": seeds["000"]}
    responses = [
        client.put(path, json=body),
        client.delete(path),
        client.get(path + "/verdict"),
        client.post("/v1/articles", json=body | {"id": article_id}),
        client.post("/v1/check", json=body | {"id": article_id}),
    ]
    for response in responses:
        assert response.status_code == 422
        assert response.json["type"] == "/problems/bad-id"
        assert response.json["errors"][0]["path"] == "id"


def test_an_address_that_is_no_utf_8_is_refused(client: FlaskClient) -> None:
    response = client.get("/", environ_overrides={"PATH_INFO": "/v1/articles/\xff"})
    assert response.status_code == 400
    assert "UTF-8" in response.json["detail"]


# What cannot be judged


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"text": ""}, "no_text"),
        ({"text": " \n\t "}, "no_text"),
        ({"text": "\x00\x00"}, "no_text"),
        ({"text": "three short words"}, "too_short"),
        ({"html": "<html><head><title>x</title></head><body></body></html>"}, "no_text"),
        ({"html": "<script>var a = 'b';</script><style>p {}</style>"}, "no_text"),
    ],
)
def test_too_little_text_is_undetermined(
    client: FlaskClient, fields: dict[str, str], kind: str
) -> None:
    checked = client.post("/v1/check", json=fields)
    stored = put(client, "1", **fields)
    assert (checked.status_code, stored.status_code) == (200, 201)
    for answer in (checked.json, stored.json, client.get("/v1/articles/1/verdict").json):
        assert (answer["verdict"], answer["kind"]) == ("undetermined", kind)
        assert answer["matches"] == []
        assert answer["reasons"]


def test_two_short_texts_are_not_called_copies(client: FlaskClient) -> None:
    put(client, "1", text="three short words")
    assert put(client, "2", text="three short words").json["verdict"] == "undetermined"


def test_nul_characters_do_not_hide_a_copy(client: FlaskClient, seeds: dict[str, str]) -> None:
    put(client, "000", text=seeds["000"])
    answer = client.post("/v1/check", json={"text": seeds["000"].replace(" ", " \x00")}).json
    assert answer["verdict"] == "copy"


# What is refused


BAD_BODIES = {
    "empty": (b"", JSON, 400),
    "binary": (bytes(range(256)) * 10, JSON, 400),
    "invalid UTF-8": (b'{"text": "caf\xe9"}', JSON, 400),
    "not JSON": (b"text=x", JSON, 400),
    "an array": (b"[]", JSON, 400),
    "JSON in a string": (json.dumps('{"text": "x"}').encode(), JSON, 400),
    "a key twice": (b'{"text": "x", "text": "y"}', JSON, 400),
    "deep": (b'{"text":' * 20_000, JSON, 400),
    "NaN": (b'{"text": NaN}', JSON, 400),
    "too large": (b'{"text": "' + b"x " * 100_000 + b'"}', JSON, 413),
    "no type": (b'{"text": "x"}', {}, 415),
    "a form": (b"text=x", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
    "plain text": (b"x", {"Content-Type": "text/plain"}, 415),
    "another charset": (b"{}", {"Content-Type": "application/json; charset=latin-1"}, 415),
    "compressed": (b"\x1f\x8b", {**JSON, "Content-Encoding": "gzip"}, 415),
    "no text": (b"{}", JSON, 422),
    "text and html": (b'{"text": "x", "html": "y"}', JSON, 422),
    "a number": (b'{"text": 7}', JSON, 422),
    "a very long number": (b'{"text": ' + b"7" * 5000 + b"}", JSON, 422),
    "an unknown field": (b'{"text": "x", "txet": "y"}', JSON, 422),
    "a lone surrogate": (b'{"text": "\\ud800"}', JSON, 422),
    "a lone surrogate in a title": (b'{"text": "x", "title": "\\udfff"}', JSON, 422),
    "a surrogate key": (b'{"\\ud800": "x"}', JSON, 400),
    "a bad date": (b'{"text": "x", "published": "2020-02-31"}', JSON, 422),
    "a date out of range": (
        b'{"text": "x", "published": "0001-01-01T00:00:00+14:00"}', JSON, 422,
    ),
    "a bad language": (b'{"text": "x", "lang": "not a tag"}', JSON, 422),
    "a script as url": (b'{"text": "x", "url": "javascript:alert(1)"}', JSON, 422),
}  # fmt: skip

ROUTES = [("PUT", "/v1/articles/1"), ("POST", "/v1/articles"), ("POST", "/v1/check")]


@pytest.mark.parametrize(
    ("method", "path", "bad"),
    [(*route, bad) for route, bad in itertools.product(ROUTES, BAD_BODIES)],
)
def test_a_bad_body_is_refused_and_nothing_is_stored(
    client: FlaskClient, method: str, path: str, bad: str
) -> None:
    body, headers, status = BAD_BODIES[bad]
    response = client.open(path, method=method, data=body, headers=headers)
    assert response.status_code == status
    assert response.json["status"] == status
    assert response.json["detail"]
    assert "Traceback" not in response.text
    assert is_unknown(client, "1")


def test_the_limit_is_named(client: FlaskClient) -> None:
    response = client.post("/v1/check", data=b"x" * 200_001, headers=JSON)
    assert "200000 bytes" in response.json["detail"]


def test_every_bad_field_is_named(client: FlaskClient) -> None:
    response = client.post("/v1/check", json={"text": 1, "title": 2, "published": 3, "x": 4})
    assert [error["path"] for error in response.json["errors"]] == [
        "text", "title", "published", "x",
    ]  # fmt: skip


def test_a_put_without_an_id_is_refused(client: FlaskClient) -> None:
    assert client.put("/v1/articles", json={"text": "x"}).status_code == 405
    assert client.put("/v1/articles/", json={"text": "x"}).status_code == 404


# Caching


@pytest.mark.parametrize("view", ["", "/verdict", "/badge.svg"])
def test_what_has_not_changed_is_not_sent_again(
    client: FlaskClient, seeds: dict[str, str], view: str
) -> None:
    put(client, "001", text=seeds["001"])
    first = client.get("/v1/articles/001" + view)
    assert first.headers["Cache-Control"] == "no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    again = client.get("/v1/articles/001" + view, headers=known)
    assert (again.status_code, again.data) == (304, b"")


def test_a_revised_verdict_is_sent_again(client: FlaskClient, seeds: dict[str, str]) -> None:
    put(client, "001", text=seeds["001"])
    known = {"If-None-Match": client.get("/v1/articles/001/verdict").headers["ETag"]}
    put(client, "000", text=seeds["000"])
    assert client.get("/v1/articles/001/verdict", headers=known).status_code == 200


# The badge


def test_the_badge_says_the_verdict_and_cannot_be_made_to_run_anything(
    client: FlaskClient,
    seeds: dict[str, str],
) -> None:
    put(client, "0", text=seeds["000"], source='<script>alert("x")</script>')
    put(client, "1", text=seeds["000"])
    badge = client.get("/v1/articles/1/badge.svg")
    assert badge.mimetype == "image/svg+xml"
    assert "copy of &lt;script&gt;" in badge.text
    assert "<script>" not in badge.text
