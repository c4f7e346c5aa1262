from xml.etree import ElementTree as ET

import pytest

from dedup.model import Article, ArticleRef, Language, Report, Verdict, VerdictName
from service.badge import COLOURS, GREY, MAX_NAME, badge, text_width, to_svg

SVG = "{http://www.w3.org/2000/svg}"


def report(
    verdict: VerdictName, kind: str, source: ArticleRef | None = None, reason: str = "Because."
) -> Report:
    return Report(
        article=Article("1", "x"),
        verdict=Verdict(verdict, kind, None, source, (reason,)),
        matches=(),
        artifacts=(),
        language=Language("en", None, "declared"),
        words=1,
        revision=1,
    )


REUTERS = ArticleRef("9", title="T", url="https://reuters.com/x", source="Reuters")


@pytest.mark.parametrize(
    ("shown", "message"),
    [
        (report("copy", "edited", REUTERS), "copy of Reuters"),
        (report("copy", "exact", ArticleRef("9", url="https://a.example/x")), "copy of a.example"),
        (report("copy", "exact", ArticleRef("9", title="Title")), "copy of Title"),
        (report("copy", "exact", ArticleRef("9")), "copy of 9"),
        (report("copy", "exact"), "syndicated copy"),
        (report("copy", "revision", REUTERS), "newer version"),
        (report("retranslation", "same_language", REUTERS), "machine re-translation"),
        (report("independent", "derived", REUTERS), "independent, shares passages"),
        (report("independent", "same_story"), "independent reporting"),
        (report("independent", "unmatched"), "independent reporting"),
        (report("undetermined", "too_short"), "undetermined"),
    ],
)
def test_a_badge_says_the_verdict(shown: Report, message: str) -> None:
    assert badge(shown).message == message


def test_a_badge_is_an_image_with_a_name_for_those_who_cannot_see_it() -> None:
    root = ET.fromstring(to_svg(badge(report("copy", "exact", REUTERS))))  # noqa: S314  # our own
    assert root.get("role") == "img"
    title = root.find(f"{SVG}title")
    description = root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert title.text == "provenance: copy of Reuters"
    assert description.text == "Because."
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


@pytest.mark.parametrize(
    "hostile",
    ["</text><script>alert(1)</script>", '"><image href="x"/>', "&lt;&#0;", "a\x00b\x0bc\ufffe",
     "\u202eevil", "]]>", "x" * 1000],
)  # fmt: skip
def test_a_hostile_name_stays_text(hostile: str) -> None:
    plain = ET.fromstring(to_svg(badge(report("copy", "exact", REUTERS))))  # noqa: S314
    shown = report("copy", "exact", ArticleRef("9", source=hostile), reason=hostile)
    root = ET.fromstring(to_svg(badge(shown)))  # noqa: S314
    assert [element.tag for element in root.iter()] == [element.tag for element in plain.iter()]


def test_a_long_name_is_cut() -> None:
    message = badge(report("copy", "exact", ArticleRef("9", source="x" * 100))).message
    assert message == "copy of " + "x" * (MAX_NAME - 1) + "…"


def test_a_badge_grows_with_its_text() -> None:
    assert text_width("ill") < text_width("abc") < text_width("mmm") < text_width("日本語")


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [GREY, *COLOURS.values()])
def test_white_text_can_be_read_on_every_colour(colour: str) -> None:
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5
