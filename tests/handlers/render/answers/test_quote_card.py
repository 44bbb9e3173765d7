"""The card of a quote and the buttons that lead to one."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.render.answers.quote_card import (
    Quote,
    QuoteFound,
    quote_card,
    quotes_row,
    speakers_rows,
)
from handlers.render.text.bars import Matches
from handlers.render.text.dates import here_in
from handlers.render.text.messages import Message
from handlers.texts.languages import words_of
from storage.records import Alert

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EN = words_of("en")
HERE = here_in("UTC", NOON)
ANN = Quote(speaker="Ann Lee", said="The pier is open")


def buttons(message: Message) -> list[list[tuple[str, str | None]]]:
    return [[(one.text, one.data or one.url) for one in row] for row in message.keyboard]


@pytest.fixture
def card(make_post: Any) -> Any:
    def make(*quotes: Quote, **given: Any) -> Message:
        fields: dict[str, Any] = {
            "document": make_post(1, "Pier open", lang="ru"),
            "token": "tok",
            "query": '"Ann Lee" said',
            "page": 3,
            "matches": Matches((0,) * 30, 100),
            "titles": {},
            "translates": False,
        }
        return quote_card(QuoteFound(quotes=quotes, **(fields | given)), HERE, EN)

    return make


def test_a_card_says_what_was_said_and_leads_on(card: Any) -> None:
    message = card(ANN)
    lines = message.text.text.split("\n")
    assert lines[0] == "💬 Ann Lee"
    assert "The pier is open" in lines
    assert 'Posts that quote "Ann Lee" said:' in lines
    assert not any("Others" in line or "alert" in line for line in lines)
    assert buttons(message) == [
        [("🔔 Make this an alert", "sa|tok"), ("✎ Another name", "rn|quotes")],
        [("🔎 All posts with Ann Lee", 'rn|search|"Ann Lee"')],
        [("Open", "https://t.me/harbour/1"), ("📌 Save", "kp|tg:100/1")],
        [("‹ Back", "sp|tok|3")],
    ]


def test_of_two_speakers_each_quote_names_its_own(card: Any) -> None:
    message = card(ANN, Quote("Bob Ray", "It is shut"), Quote("Ann Lee", "Not so"))
    lines = message.text.text.split("\n")
    assert lines[0] == "💬 Ann Lee, Bob Ray"
    said = ["Ann Lee: The pier is open", "Bob Ray: It is shut", "Ann Lee: Not so"]
    assert [line for line in lines if line in said] == said
    assert buttons(message)[1] == [("🔎 All posts with Ann Lee", 'rn|search|"Ann Lee"')]


@pytest.mark.parametrize(
    ("speaker", "found"),
    [
        ("Ann", [("🔎 All posts with Ann", "rn|search|Ann")]),
        ('Ann  "Pier" Lee', [("🔎 All posts with Ann Pier Lee", 'rn|search|"Ann Pier Lee"')]),
        # A button holds 64 bytes: "rn|search|" and two quotation marks leave 52 for a name.
        (f"{'A' * 25} {'B' * 26}", [(f"🔎 All posts with {'A' * 25} {'B' * 26}",
                                   f'rn|search|"{"A" * 25} {"B" * 26}"')]),
        (f"{'A' * 26} {'B' * 26}", [(f"🔎 All posts with {'B' * 26}", f"rn|search|{'B' * 26}")]),
        ("A" * 54, [(f"🔎 All posts with {'A' * 54}", f"rn|search|{'A' * 54}")]),
        ("A" * 55, None),
        ("", None),
    ],
)  # fmt: skip
def test_the_name_is_searched_for_where_it_fits(
    card: Any, speaker: str, found: list[tuple[str, str]] | None
) -> None:
    rows = buttons(card(Quote(speaker, "The pier is open")))
    assert [row for row in rows if row[0][0].startswith("🔎")] == ([found] if found else [])


@pytest.mark.parametrize(
    ("others", "left"),
    [(0, None), (2, None), (3, "and 1 more"), (7, "and 5 more")],
)
def test_others_with_the_same_words_are_named(
    card: Any, make_post: Any, others: int, left: str | None
) -> None:
    alike = [make_post(number, "Same") for number in range(2, 2 + min(others, 2))]
    lines = card(ANN, alike=alike, others=others).text.text.split("\n")
    assert ("Others that tell it:" in lines) == (others > 0)
    named = [line for line in lines if line.startswith("• ")]
    assert [line.startswith("• Harbour News · ") for line in named[: len(alike)]] == [True] * len(
        alike
    )
    assert [line.removeprefix("• ").lstrip("…, ") for line in named[len(alike) :]] == (
        [left] if left else []
    )


def test_an_alert_that_is_set_is_opened(card: Any) -> None:
    alert = Alert(id=7, chat_id=1, query="q", created_at=NOON)
    message = card(ANN, alert=alert)
    assert buttons(message)[0][0] == ("✓ 🔔 Open the alert", "ap|7|0")
    assert "✓ 🔔 An alert tells of it." in message.text.text


@pytest.mark.parametrize(("translates", "lang", "is_there"), [
    (True, "ru", True), (True, "en", False), (False, "ru", False),
])  # fmt: skip
def test_a_post_in_another_language_can_be_translated(
    card: Any, make_post: Any, translates: bool, lang: str, is_there: bool
) -> None:
    row = buttons(card(ANN, document=make_post(1, "Pier", lang=lang), translates=translates))[2]
    assert len(row) == 2 + is_there


def test_what_has_no_address_is_not_opened(card: Any, make_post: Any) -> None:
    told = card(ANN, document=make_post(1, "Pier", url=None, message_id=None, doc_id="x" * 62))
    assert not any("Open" in text or "Save" in text for row in buttons(told) for text, _ in row)


@pytest.mark.parametrize(("units", "ends"), [(60, "A"), (61, "…")])
def test_a_long_name_is_shortened_above(card: Any, units: int, ends: str) -> None:
    head = card(Quote("A" * units, "Yes")).text.text.split("\n")[0]
    assert head.startswith("💬 AAA") and head.endswith(ends)
    assert len(head) <= 62


@pytest.mark.parametrize(("units", "ends"), [(1200, "A"), (1201, "…")])
def test_long_words_are_shortened(card: Any, units: int, ends: str) -> None:
    line = card(Quote("Ann", "A" * units)).text.text.split("\n")[1]
    assert line.startswith("AAA") and line.endswith(ends)
    assert len(line) <= 1200


def test_buttons_for_names_stand_in_pairs_and_for_quotes_in_a_row() -> None:
    rows = speakers_rows(["Ann", "Bob", "Eve", "A" * 52, "A" * 53])
    assert [[(one.text, one.data) for one in row] for row in rows] == [
        [("💬 Ann", 'rn|quotes|"Ann"'), ("💬 Bob", 'rn|quotes|"Bob"')],
        [("💬 Eve", 'rn|quotes|"Eve"'), (f"💬 {'A' * 52}", f'rn|quotes|"{"A" * 52}"')],
    ]
    row = [(one.text, one.data) for one in quotes_row([40, 41], 6, "tok", 2)[0]]
    assert row == [("💬 6", "vc|tok|2|40"), ("💬 7", "vc|tok|2|41")]
    assert quotes_row([], 1, "tok", 0) == ()
