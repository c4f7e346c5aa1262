from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path

import pytest
import wordfreq
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import IndexFormatError
from dedup.index.compression import LEVEL, compress, decompress, numbers_to_write

SHIPPED = resources.files("dedup.index").joinpath("dictionaries")
FILES = {file.name: file.read_bytes() for file in SHIPPED.iterdir() if file.name.endswith(".zdict")}
LANGUAGES = sorted({name.partition("-")[2].removesuffix(".zdict") for name in FILES})
PHRASES = Path(__file__).parents[2] / "benchmarks/dictionaries/en.txt"
TABLES_AND_FIELDS = 1200
DIGESTS = Path(__file__).with_name("dictionaries.sha256")

# Written for this test; not among the phrases of any dictionary.
SENTENCES = {
    "de": "Der Bürgermeister sagte am Montag, die alte Brücke bleibe für mehrere Wochen gesperrt.",
    "en": "The mayor said on Monday that the old bridge would remain closed for several weeks.",
    "hr": "Gradonačelnik je u ponedjeljak rekao da će stari most ostati zatvoren nekoliko tjedana.",
    "ru": "Мэр заявил в понедельник, что старый мост останется закрытым на несколько недель.",
    "ur": "میئر نے پیر کو کہا کہ پرانا پل کئی ہفتوں تک بند رہے گا اور ٹریفک دوسری سڑک سے گزرے گی۔",
    "zh": "市长星期一表示，由于需要进行安全检查，这座大桥将继续关闭几个星期。",
}


@given(st.binary(max_size=300), st.sampled_from(LANGUAGES) | st.text(max_size=5))
def test_bytes_come_back_whatever_language_they_are_said_to_be_in(record, language):
    assert decompress(compress(record, language)) == record


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_takes_at_most_four_fifths_of_what_it_takes_alone(language):
    sentence = SENTENCES[language].encode()
    alone = zstandard.ZstdCompressor(level=19).compress(sentence)
    assert len(compress(sentence, language)) <= 0.8 * len(alone)


def test_a_frame_without_a_dictionary_is_read():
    assert decompress(zstandard.compress(b"as it was written first" * 9)) == (
        b"as it was written first" * 9
    )


def test_a_frame_of_a_dictionary_to_come_says_that_a_newer_version_wrote_it():
    english = next(content for name, content in FILES.items() if name.endswith("-en.zdict"))
    # The number stands behind the four bytes that mark a dictionary.
    unknown = zstandard.ZstdCompressionDict(english[:4] + (200).to_bytes(4, "little") + english[8:])
    frame = zstandard.ZstdCompressor(LEVEL, dict_data=unknown).compress(b"from the future")
    with pytest.raises(IndexFormatError, match=r"dictionary 200.*newer version"):
        decompress(frame)


def test_the_dictionary_with_the_highest_number_is_written_with():
    assert numbers_to_write(["009-en.zdict", "100-de.zdict", "101-en.zdict", "007-de.zdict"]) == {
        "de": 100,
        "en": 101,
    }


def test_no_dictionary_is_changed_or_taken_away_once_records_may_need_it():
    released = [line.split() for line in DIGESTS.read_text().splitlines()]
    found = [[hashlib.sha256(FILES[name]).hexdigest(), name] for name in sorted(FILES)]
    assert found == released


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_is_named_by_the_number_that_frames_carry(name):
    assert zstandard.ZstdCompressionDict(FILES[name]).dict_id() == int(name[:3])


@pytest.mark.parametrize("lang", ["ar", "en", "pl"])
def test_a_dictionary_holds_listed_words_phrases_and_fields_and_no_article(lang):
    (dictionary,) = (content for name, content in FILES.items() if name.endswith(f"-{lang}.zdict"))
    words = b""
    for word in wordfreq.top_n_list(lang, 20_000, wordlist="small"):
        longer = word.encode() + b" " + words
        if len(word.encode()) < 4 or any(map(str.isdigit, word)):
            continue
        if longer not in dictionary:
            break
        words = longer
    lines = PHRASES.read_text(encoding="utf-8").splitlines() if lang == "en" else []
    phrases = " ".join(lines).encode()
    assert len(words) > 32_000
    assert words + phrases in dictionary
    assert len(dictionary) - len(words + phrases) < TABLES_AND_FIELDS


def test_threads_at_once_get_each_their_own_bytes_back():
    together = threading.Barrier(8)

    def round_trips(worker: int) -> bool:
        together.wait()
        records = {
            language: f"{worker} {sentence}".encode() * 50
            for language, sentence in SENTENCES.items()
        }
        return all(
            decompress(compress(record, language)) == record
            for _ in range(20)
            for language, record in records.items()
        )

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(round_trips, range(8)))
