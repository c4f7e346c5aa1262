"""Which field holds what: told by the caller, found by name and content, or asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from source_cases import csv_table, json_lines

from dedup.batch.sources import inputs
from dedup.batch.sources.fields import NAMES, parse_fields, settle_fields
from dedup.batch.sources.records import Fields
from dedup.errors import InputError

TEXT = "The minister said on Monday that the bridge would be closed."


def settle(*rows: dict[str, Any], chosen: tuple[str, ...] = ()) -> Fields:
    return settle_fields(rows, parse_fields(chosen))


def settle_files(place: Path, chosen: tuple[str, ...], **tables: dict[str, Any]) -> list[Fields]:
    """Of a folder with a table of one row by each name, the fields of all."""
    place.mkdir()
    for name, row in tables.items():
        write = csv_table if name.startswith("csv") else json_lines
        suffix = ".csv" if name.startswith("csv") else ".jsonl"
        (place / f"{name}{suffix}").write_bytes(write([row]))
    return [file.fields for file in inputs([str(place)], parse_fields(chosen)).files]


def test_fields_are_found_by_their_names() -> None:
    row = {"_id": 1, "maintext": TEXT, "headline": "a", "pubDate": "b", "outlet": "c", "Link": "d"}
    assert settle(row) == Fields(
        text="maintext",
        id="_id",
        title="headline",
        published="pubDate",
        source="outlet",
        url="Link",
    )


def test_a_more_telling_name_goes_first() -> None:
    row = {"text": TEXT, "date": "2020-02-09", "date_published": "2020-02-08"}
    assert settle(row).published == "date_published"


def test_an_address_names_an_article_that_has_no_id() -> None:
    assert settle({"text": TEXT, "url": "https://example.com/1"}).id == "url"


def test_a_field_without_content_is_not_taken() -> None:
    rows = ({"text": "", "content": TEXT, "source": {"name": "x"}, "domain": "example.com"},) * 2
    assert settle(*rows) == Fields(text="content", source="domain")


def test_a_field_that_only_some_rows_have_is_found() -> None:
    assert settle({"text": TEXT}, {"html": f"<p>{TEXT}"}) == Fields(text="text", html="html")


def test_two_fields_that_may_be_the_text_are_asked_about() -> None:
    row = {"text": "Short.", "body": TEXT}
    with pytest.raises(InputError, match=r"text \(6\) and body \(60\); .* --field text=body"):
        settle(row)
    assert settle(row, chosen=("text=body",)).text == "body"


def test_two_fields_with_the_same_text_are_one() -> None:
    assert settle({"text": TEXT, "body": TEXT}).text == "text"


def test_a_table_without_text_is_refused_with_what_it_has() -> None:
    with pytest.raises(
        InputError, match="the fields are 'id', 'views': name it with --field text="
    ):
        settle({"id": 1, "views": 2})


def test_the_caller_goes_before_the_names() -> None:
    row = {"text": TEXT, "id": 1, "key": 2, "date": "2020-02-09"}
    fields = settle(row, chosen=("id=key", "published="))
    assert (fields.id, fields.published) == ("key", None)


def test_a_text_that_the_caller_names_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has 'corpus'; the fields are 'text'"):
        settle_files(tmp_path / "in", ("text=corpus",), a={"text": TEXT}, b={"text": TEXT})


def test_a_column_that_the_caller_names_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no field 'uid' for id; the fields are 'text'"):
        settle_files(tmp_path / "in", ("id=uid",), csv={"text": TEXT})


def test_a_field_of_one_table_leaves_the_others_to_their_names(tmp_path: Path) -> None:
    odd = {"corpus": TEXT, "uid": 1, "text": "A teaser."}
    usual = {"text": TEXT, "id": 2}
    chosen = ("text=corpus", "id=uid")
    for name in ("csv_others", "others"):
        found = settle_files(tmp_path / name, chosen, odd=odd, **{name: usual})
        assert sorted(found, key=str) == [
            Fields(text="corpus", id="uid"),
            Fields(text="text", id="id"),
        ]


def test_a_table_with_neither_what_the_caller_names_nor_a_text_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    settle_files(folder, ("text=corpus",), odd={"corpus": TEXT}, csv={"views": 1})
    problems = [file.problem for file in inputs([str(folder)], parse_fields(["text=corpus"])).files]
    lacks = "has no field 'corpus' for text; the fields are 'views'; no field is known to hold"
    assert [problem and problem.startswith(lacks) for problem in problems] == [True, None]


def test_a_field_of_json_may_come_in_later_rows(tmp_path: Path) -> None:
    (fields,) = settle_files(
        tmp_path / "in", ("captured=seen", "id=uid"), a={"text": TEXT, "id": 1}
    )
    assert (fields.captured, fields.id) == ("seen", "uid")


def test_a_name_with_dots_leads_into_a_field() -> None:
    fields = settle({"doc": {"body": TEXT}, "a.b": "c"}, chosen=("text=doc.body", "title=a.b"))
    assert (fields.text, fields.title) == ("doc.body", "a.b")


@pytest.mark.parametrize("choice", ["text", "author=by", "=body"])
def test_a_choice_of_another_shape_is_refused(choice: str) -> None:
    with pytest.raises(InputError, match="write NAME=FIELD, such as text=body"):
        parse_fields([choice])


@pytest.mark.parametrize("role", NAMES)
def test_the_documentation_names_every_field_in_order(role: str) -> None:
    page = (Path(__file__).parents[3] / "docs" / "batch.md").read_text(encoding="utf-8")
    (row,) = (line for line in page.splitlines() if line.startswith(f"| `{role}` |"))
    written = row.split("|")[2].partition(";")[0]
    assert tuple(name.replace(" ", "") for name in written.split(",")) == NAMES[role]
