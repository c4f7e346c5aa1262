"""Which article of a family is kept: every policy, every tie, and the reasons given."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.batch.keeping import CRITERIA, Policy, removed
from dedup.batch.schema import ARTICLES, ARTIFACTS, CLUSTERS

WIRE = {"id": "wire", "source": "Reuters", "url": "https://www.reuters.com/a", "words": 300}
DAILY = {"id": "daily", "source": "The Daily", "url": "https://daily.example/a", "words": 420}
FARM = {"id": "farm", "source": None, "url": "https://farm.example/a", "words": 300}


def table(schema: pa.Schema, rows: list[dict[str, Any]]) -> pa.Table:
    empty: dict[pa.DataType, Any] = {pa.string(): "", pa.bool_(): False}
    return pa.Table.from_pylist(
        [
            {
                field.name: row.get(
                    field.name, None if field.nullable else empty.get(field.type, 0)
                )
                for field in schema
            }
            for row in rows
        ],
        schema.remove(schema.get_field_index("data")) if "data" in schema.names else schema,
    )


def pairs(firsts: tuple[int, ...]) -> pa.Table:
    """Every member of a family beside every other, as edited copies."""
    members = range(len(firsts))
    both = [(a, b) for a in members for b in members if a != b and firsts[a] == firsts[b]]
    return pa.table(
        {
            "number": pa.array([a for a, _ in both], pa.int64()),
            "other_number": pa.array([b for _, b in both], pa.int64()),
            "relation": pa.array(["copy"] * len(both), pa.string()),
            "kind": pa.array(["edited"] * len(both), pa.string()),
            "direction": pa.array(["unknown"] * len(both), pa.string()),
        }
    )


def kept(
    articles: list[dict[str, Any]],
    policy: Policy,
    findings: tuple[tuple[int, str], ...] = (),
    families: tuple[int, ...] | None = None,
    known: tuple[int, ...] = (),
) -> dict[int, tuple[int, str]]:
    """By the number of each article that is removed, what is kept instead, and why.

    ``families`` holds the number of the first of each article's family, ``known`` the numbers of
    articles that are known themselves.
    """
    firsts = families or (0,) * len(articles)
    seen: dict[int, int] = {}
    members = []
    for number, first in enumerate(firsts):
        place = seen[first] = seen.get(first, -1) + 1
        relation = {"relation": "copy", "kind": "edited", "source": "wire"} if place else {}
        about = {"cluster": first, "number": number, "place": place, "known": number in known}
        members.append({**about, **relation})
    members.sort(key=lambda member: (member["cluster"], member["place"]))
    found = removed(
        table(CLUSTERS, members),
        table(
            ARTICLES,
            [{"number": n, "language": "en", **article} for n, article in enumerate(articles)],
        ).append_column("known", pa.array([number in known for number in range(len(articles))])),
        table(ARTIFACTS, [{"number": number, "weight": weight} for number, weight in findings]),
        pairs(firsts),
        policy,
    )
    assert found["number"].to_pylist() == sorted(found["number"].to_pylist())
    return {row["number"]: (row["kept_number"], row["reason"]) for row in found.to_pylist()}


def test_the_first_of_a_family_is_kept_by_default() -> None:
    assert kept([WIRE, DAILY], Policy()) == {
        1: (0, "It is a copy (edited) of wire. Kept is wire, which comes first.")
    }


def test_what_is_known_is_removed_with_all_that_it_stands_for() -> None:
    assert kept([WIRE, DAILY, FARM], Policy(("longest",)), known=(2,)) == {
        0: (2, "It is the first of its family. Kept is farm, which is known already."),
        1: (2, "It is a copy (edited) of wire. Kept is farm, which is known already."),
        2: (2, "It is known already, with this text under this id."),
    }


@pytest.mark.parametrize(("per_language", "gone"), [(False, [0, 1]), (True, [0])])
def test_with_each_language_kept_a_known_article_stands_for_its_own(
    *, per_language: bool, gone: list[int]
) -> None:
    numbers, languages = (-(1 << 40), 0, 1), ("en", "en", "es")
    members = [
        {"cluster": numbers[0], "number": number, "place": place, "known": number < 0}
        | {"id": f"a{place}", "language": language}
        | ({"relation": "retranslation", "kind": "cross_language"} if place else {})
        for place, (number, language) in enumerate(zip(numbers, languages, strict=True))
    ]
    about = [{"number": n, "language": languages[n + 1]} for n in numbers[1:]]
    both = [(a, b) for a in numbers[1:] for b in numbers if a != b]
    found = removed(
        table(CLUSTERS, members),
        table(ARTICLES, about).append_column("known", pa.array([False, False])),
        table(ARTIFACTS, []),
        pa.table(
            {
                "number": pa.array([a for a, _ in both], pa.int64()),
                "other_number": pa.array([b for _, b in both], pa.int64()),
                "relation": ["retranslation"] * len(both),
                "kind": ["cross_language"] * len(both),
                "direction": ["copied_from"] * len(both),
            }
        ),
        Policy(per_language=per_language),
    )
    assert found["number"].to_pylist() == gone
    assert set(found["kept"].to_pylist()) == {"a0"}


def test_a_pair_that_only_the_kept_one_lists_is_told_from_the_other_side() -> None:
    """Of a large family not all pairs are listed from both sides."""
    sides = [(0, 2, "edited"), (2, 0, "edited"), (1, 2, "edited"), (2, 1, "edited")]
    listed = [*sides, (1, 0, "extended")]
    matches = pa.Table.from_pylist(
        [
            {"number": one, "other_number": other, "relation": "copy", "kind": kind}
            | {"direction": "unknown"}
            for one, other, kind in listed
        ]
    )
    members = [{"number": n, "place": n, "id": f"a{n}"} for n in range(3)]
    articles = [article | {"number": n} for n, article in enumerate((WIRE, DAILY, FARM))]
    found = removed(
        table(CLUSTERS, members),
        table(ARTICLES, articles).append_column("known", pa.array([False] * 3)),
        table(ARTIFACTS, []),
        matches,
        Policy(("longest",)),
    )
    told = [
        (row["number"], row["kind"], row["of"], row["reason"][:10]) for row in found.to_pylist()
    ]
    assert told == [(0, "excerpt", "daily", "It is the "), (2, "edited", "daily", "It was tak")]


def test_the_longest_is_kept_and_the_first_says_why_it_is_not() -> None:
    answer = kept([WIRE, DAILY], Policy(("longest",)))
    reason = "It is the first of its family. Kept is daily, which has 420 words where it has 300."
    assert answer == {0: (1, reason)}


@pytest.mark.parametrize(
    ("criteria", "instead"),
    [
        (("latest-revision",), {0: "corrected", 1: "corrected"}),
        (("earliest",), {1: "wire", 2: "wire"}),
        (("longest",), {0: "daily", 2: "daily"}),
    ],
)
def test_of_versions_of_one_outlet_the_newest_is_kept_before_copies_of_the_first(
    criteria: tuple[Any, ...], instead: dict[int, str]
) -> None:
    """The daily took over the wire's first version before that was corrected."""
    kinds = {(0, 1): "edited", (1, 0): "edited", (0, 2): "revision", (2, 0): "revision"}
    articles = [WIRE, DAILY, WIRE | {"id": "corrected"}]
    members = [{"number": n, "place": n, "id": article["id"]} for n, article in enumerate(articles)]
    about = [article | {"number": n} for n, article in enumerate(articles)]
    found = removed(
        table(CLUSTERS, members),
        table(ARTICLES, about).append_column("known", pa.array([False] * 3)),
        table(ARTIFACTS, []),
        pa.Table.from_pylist(
            [
                {"number": one, "other_number": other, "relation": "copy", "kind": kind}
                | {"direction": "copied_from" if one > other else "copied_by"}
                for (one, other), kind in kinds.items()
            ]
        ),
        Policy(criteria),
    )
    assert {row["number"]: row["kept"] for row in found.to_pylist()} == instead
    if criteria == ("latest-revision",):
        first, copy = (row["reason"] for row in found.to_pylist())
        assert first.endswith("Kept is corrected, which is a newer version of it.")
        assert copy.endswith("Kept is corrected, which is the newest version of what comes first.")


def test_of_equally_long_articles_the_first_is_kept() -> None:
    assert kept([WIRE, FARM], Policy(("longest",)))[1][0] == 0


def test_strong_debris_weighs_more_than_any_number_of_weak_findings() -> None:
    findings = ((0, "strong"), (1, "weak"), (1, "weak"), (1, "none"))
    answer = kept([FARM, DAILY], Policy(("least-debris",)), findings)
    assert answer[0] == (
        1,
        "It is the first of its family. Kept is daily, which carries less debris.",
    )


@pytest.mark.parametrize("outlet", ["the daily", "daily.example", "example", "DAILY.example"])
def test_a_preferred_outlet_is_known_by_name_and_by_host(outlet: str) -> None:
    answer = kept([WIRE, DAILY], Policy(("preferred",), (outlet,)))
    assert answer[0][0] == 1
    assert answer[0][1].endswith("Kept is daily, of The Daily, which is preferred.")


def test_an_outlet_is_not_known_by_a_part_of_a_host_name() -> None:
    assert kept([WIRE, DAILY], Policy(("preferred",), ("ily.example",)))[1][0] == 0


def test_a_broken_address_belongs_to_no_outlet() -> None:
    broken = DAILY | {"url": "https://[daily.example"}
    assert kept([WIRE, broken], Policy(("preferred",), ("daily.example",)))[1][0] == 0


def test_of_two_preferred_outlets_the_one_named_first_is_kept() -> None:
    policy = Policy(("preferred",), ("daily.example", "reuters"))
    assert kept([WIRE, DAILY], policy)[0][0] == 1


def test_earliest_before_longest_leaves_nothing_to_be_asked() -> None:
    assert kept([WIRE, DAILY], Policy(("earliest", "longest")))[1][0] == 0


def test_one_article_is_kept_in_each_language() -> None:
    spanish = FARM | {"language": "es"}
    again = FARM | {"language": "es", "id": "again"}
    answer = kept([WIRE, spanish, again], Policy(per_language=True))
    assert {number: instead for number, (instead, _) in answer.items()} == {2: 1}


def test_families_are_cleaned_each_for_itself() -> None:
    answer = kept([WIRE, DAILY, FARM, DAILY], Policy(("longest",)), families=(0, 1, 0, 1))
    assert {number: instead for number, (instead, _) in answer.items()} == {2: 0, 3: 1}


def test_a_policy_that_says_nothing_is_refused() -> None:
    for wrong in ((), ("longest", "longest"), ("preferred",)):
        with pytest.raises(ValueError, match=r"criteri"):
            Policy(wrong)
    with pytest.raises(ValueError, match="go together"):
        Policy(("earliest",), ("reuters",))


articles = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.just("x"),
            "words": st.integers(1, 3),
            "source": st.sampled_from([None, "a", "b"]),
            "language": st.sampled_from(["en", "es"]),
        }
    ),
    min_size=1,
    max_size=8,
)


@given(
    articles=articles,
    data=st.data(),
    criteria=st.permutations(CRITERIA).flatmap(
        lambda order: st.integers(1, len(order)).map(lambda most: tuple(order[:most]))
    ),
    per_language=st.booleans(),
)
def test_what_is_kept_is_what_the_policy_puts_first_of_all(
    *,
    articles: list[dict[str, Any]],
    data: st.DataObject,
    criteria: tuple[Any, ...],
    per_language: bool,
) -> None:
    numbers = range(len(articles))
    findings = data.draw(
        st.lists(st.tuples(st.sampled_from(numbers), st.sampled_from(["strong", "weak"])))
    )
    policy = Policy(criteria, ("b",) if "preferred" in criteria else (), per_language)

    def order(number: int) -> list[int]:
        said = {
            "earliest": [number],
            "latest-revision": [number],
            "longest": [-articles[number]["words"]],
            "least-debris": [findings.count((number, weight)) for weight in ("strong", "weak")],
            "preferred": [articles[number]["source"] != "b"],
        }
        return [value for criterion in (*criteria, "earliest") for value in said[criterion]]

    groups = [
        [n for n in numbers if not per_language or articles[n]["language"] == language]
        for language in (("en", "es") if per_language else ("any",))
    ]
    expected = {
        number: min(group, key=order)
        for group in groups
        for number in group
        if number != min(group, key=order)
    }
    answer = kept(articles, policy, tuple(findings))
    assert {number: instead for number, (instead, _) in answer.items()} == expected
