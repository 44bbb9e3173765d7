"""What a redacted post said, found again in what others were told."""

from typing import Any

import pytest

from storage.document import Block, Document, Furniture, Media, Reply, Source
from storage.redaction.wording import Wording, strings_of

POST = Document(
    kind="post",
    doc_id="tg:5/7",
    source=Source(type="text"),
    url="https://t.me/harbour/7",
    content_hash="0",
    title="The old ferry sank at Pier Nine",
    body=(Block(type="para", text="Nobody was on board"), Block(type="para", text="Two words")),
    media=(Media(type="photo", title="A captain on deck", name="deck plan one.png"),),
    furniture=(Furniture(kind="nav", text="Follow our harbour", at="top"),),
    reply_to=Reply(message_id=3, quote="is it safe"),
)  # fmt: skip


@pytest.fixture
def wording() -> Wording:
    return Wording([POST], ["tg:5/7", "tg:@harbour/7"])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("so the old ferry sank", "so ··· ··· ····· ····"),
        ("THE OLD, FERRY…", "··· ···, ·····…"),
        ("the old boat", "the old boat"),  # two words in a row may be anybody's
        ("two words of it", "··· ····· of it"),  # but for what is no longer
        ("two of words", "two of words"),
        ("a captain on deck", "· ······· ·· ····"),
        ("deck plan one", "···· ···· ···"),
        ("follow our harbour", "······ ··· ·······"),
        ("is it safe?", "·· ·· ····?"),
        ("sank at pier nine", "···· ·· ···· ····"),
        ("", ""),
    ],
)
def test_its_words_in_a_row_are_masked(wording: Wording, text: str, masked: str) -> None:
    assert wording.mask(text) == masked


def test_dots_are_as_many_as_the_units_that_formatting_counts_in() -> None:
    written = Wording([Document(kind="post", doc_id="x:1", source=Source(type="text"),
                                content_hash="0", title="a \U00020000 b")], ["x:1"])  # fmt: skip
    assert written.mask("a \U00020000 b") == "· ·· ·"


@pytest.mark.parametrize(
    ("value", "tells"),
    [
        ("see https://t.me/harbour/7", True),
        ("see HTTPS://t.me/Harbour/7?single", True),
        ("see https://t.me/harbour/71", False),
        (["x", {"a": ["tg:5/7"]}], True),
        ("tg:@harbour/7", True),
        ("tg:5/70", False),
        ("the old ferry sank at pier", True),  # six words
        ("the old ferry sank at", False),
        ("the old ferry so sank at pier", False),
        ({"the old ferry sank at pier nine": 5}, False),
        (7, False),
        (None, False),
    ],
)
def test_a_message_tells_of_it_by_name_or_by_many_words(
    wording: Wording, value: Any, tells: bool
) -> None:
    assert wording.is_in(value) is tells


@pytest.mark.parametrize(
    "field", ["head", "text", "quote", "words", "name", "old", "new", "across"]
)
def test_what_stands_beside_its_name_is_dotted_whole(wording: Wording, field: str) -> None:
    told = {"doc_id": "TG:5/7", field: ["any", {"a": "bc", "at": "x", "n": 5}]}
    assert wording.mask_value(told) == {
        "doc_id": "TG:5/7",
        field: ["···", {"a": "··", "at": "x", "n": 5}],
    }
    other = {**told, "doc_id": "tg:5/8"}
    assert wording.mask_value(other) == other


@pytest.mark.parametrize(
    "field", ["doc_id", "posts", "rest", "roundups", "at", "since", "language"]
)
def test_what_names_or_dates_stays(wording: Wording, field: str) -> None:
    said = "the old ferry sank"
    assert wording.mask_value([{field: said, "b": said}, None, 5]) == [
        {field: said, "b": "··· ··· ····· ····"},
        None,
        5,
    ]


def test_every_text_of_a_value_is_found() -> None:
    assert list(strings_of({"a": ["b", {"c": "d"}, 5], "e": None, "f": "g"})) == ["b", "d", "g"]
