"""Plans as messages: what each part of a plan makes of its line, its card and its buttons."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.render.answers import plans as shown
from handlers.render.answers.plans import View
from handlers.render.text.bars import Matches
from handlers.render.text.dates import Here
from handlers.render.text.messages import Message
from handlers.render.text.rich import RichText, bold
from handlers.texts.languages import words_of
from storage.records import Plan
from storage.structs import replace

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 8, tzinfo=UTC)
EN = words_of("en")
VIEW = View(here=Here(ZoneInfo("UTC"), NOW), words=EN)
STOPPED = replace(VIEW, is_active=False)
HINT = "A tap opens one: when it comes, what is in it."
PLAN = Plan(
    id=7,
    chat_id=1,
    kind="digest",
    token="t",
    times="daily 08:00",
    timezone="UTC",
    created_at=NOW,
    due_at=DUE,
)


def plan(**fields: Any) -> Plan:
    return replace(PLAN, **fields)


def told(titles: dict[int, str] | None = None, **fields: Any) -> shown.Particulars:
    return shown.Particulars(titles=titles or {}, **fields)


def labels(message: Message) -> list[list[str]]:
    return [[button.text for button in row] for row in message.keyboard]


def pressed(message: Message) -> dict[str, str | None]:
    return {button.text: button.data for row in message.keyboard for button in row}


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ({}, "All posts"),
        ({"query": "ferry"}, "ferry"),
        ({"query": "ferry", "name": "Morning"}, "Morning"),
        ({"name": " \u202e "}, "All posts"),
        ({"kind": "review"}, "Review"),
        ({"kind": "review", "query": "ferry"}, "Review: ferry"),
        ({"kind": "review", "query": "ferry", "name": "Week"}, "Week"),
        ({"name": "x" * 99}, "x" * 59 + "…"),
    ],
)
def test_what_a_plan_is_called(fields: dict[str, Any], label: str) -> None:
    assert shown.label_of(plan(**fields), EN) == label


def test_the_next_of_several_is_no_paused_one() -> None:
    early = plan(due_at=datetime(2026, 11, 22, 20, tzinfo=UTC))
    assert shown.next_of([PLAN, early]) == early.due_at
    assert shown.next_of([PLAN, replace(early, paused=True), plan(due_at=None)]) == DUE
    assert shown.next_of([plan(paused=True), plan(due_at=None)]) is None
    assert shown.next_of([]) is None


@pytest.mark.parametrize(
    ("fields", "line", "button"),
    [
        ({}, "1. All posts · every day at 8:00 · next: tomorrow 8:00", "📰 1. All posts"),
        ({"paused": True}, "1. All posts · every day at 8:00 · paused", "⏸ 1. All posts"),
        ({"due_at": None}, "1. All posts · every day at 8:00", "📰 1. All posts"),
        (
            {"name": "n" * 50},
            f"1. {'n' * 50} · every day at 8:00 · next: tomorrow 8:00",
            f"📰 1. {'n' * 39}…",
        ),
    ],
)
def test_a_line_of_the_list(fields: dict[str, Any], line: str, button: str) -> None:
    message = shown.plan_list([plan(**fields)], 0, VIEW)
    assert message.text.text == f"📰 Digests: 1\n{line}\n{HINT}"
    assert pressed(message) == {button: "gc|7", "＋ New": "gn"}


def test_the_list_of_a_stopped_chat_and_of_none() -> None:
    assert shown.plan_list([PLAN], 0, STOPPED).text.text.endswith(
        f"{HINT}\nNothing comes until /start."
    )
    empty = shown.plan_list([], 0, STOPPED)
    assert empty.text.text == str(EN.digest_no_plan)
    assert labels(empty) == [["＋ New"]]


def test_what_was_removed_stands_above_the_list() -> None:
    message = shown.plan_list([PLAN], 0, VIEW, removed=plan(id=9, name="Morning"))
    assert message.text.text.startswith("Removed: Morning\n📰 Digests: 1\n")
    assert labels(message) == [["↩️ Undo"], ["📰 1. All posts"], ["＋ New"]]
    assert pressed(message)["↩️ Undo"] == "gu|9"


@pytest.mark.parametrize(
    ("count", "page", "first", "last", "turning"),
    [
        (8, 0, 1, 8, []),
        (9, 0, 1, 8, ["1 / 2", "Next ›"]),
        (9, 1, 9, 9, ["‹ Prev", "2 / 2"]),
        (9, 5, 9, 9, ["‹ Prev", "2 / 2"]),
        (17, 1, 9, 16, ["‹ Prev", "2 / 3", "Next ›"]),
    ],
)
def test_pages_of_the_list(
    count: int, page: int, first: int, last: int, turning: list[str]
) -> None:
    message = shown.plan_list([plan(id=n) for n in range(count)], page, VIEW)
    rows = labels(message)
    assert [row[0] for row in rows[: last - first + 1]] == [
        f"📰 {n}. All posts" for n in range(first, last + 1)
    ]
    assert rows[last - first + 1 :] == [*([turning] if turning else []), ["＋ New"]]
    assert message.text.text.startswith(f"📰 Digests: {count}\n{first}. ")


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "🕗 every day at 8:00 (UTC) · next: tomorrow 8:00"),
        ({"paused": True}, "⏸ every day at 8:00 (UTC) · paused"),
        ({"due_at": None}, "⏸ every day at 8:00 (UTC) · paused"),
        ({"timezone": "Asia/Tokyo"}, "🕗 every day at 8:00 (Asia/Tokyo) · next: tomorrow 17:00"),
        ({"query": "ferry"}, "🔎 ferry"),
        ({"query": "f" * 600}, f"🔎 {'f' * 499}…"),
        ({"channels": (1,)}, "📡 Harbour"),
        ({"channels": (1, 2, 3)}, "📡 Harbour, City, Quay"),
        ({"channels": (1, 2, 3, 4)}, "📡 Harbour, City, Quay and 1 more"),
        ({"channels": (4, 9)}, f"📡 {'l' * 29}…"),
        ({}, "📡 all channels"),
        ({}, "➡️ To you, here"),
        ({"channels": (8, 9)}, "📡 its channels are not known any more"),
        ({"most": 1}, "At most 1 story, in full"),
        ({"short": True}, "At most 10 stories, in short"),
        ({"says_nothing_new": True}, "When nothing is new, that is said"),
    ],
)
def test_a_line_of_the_card(fields: dict[str, Any], line: str) -> None:
    titles = {1: "Harbour", 2: "City", 3: "Quay", 4: "l" * 40}
    lines = shown.plan_card(plan(**fields), told(titles), VIEW).text.text.split("\n")
    assert line in lines
    assert len(lines) == 7


def test_a_card_has_a_head_and_says_that_the_chat_is_stopped() -> None:
    lines = shown.plan_card(PLAN, told(), STOPPED, head=bold("Made")).text.text.split("\n")
    assert (lines[0], lines[-1]) == ("Made", "Nothing comes until /start.")


def test_a_card_shows_how_many_posts_it_may_tell_of() -> None:
    matches = Matches((*[0] * 28, 1, 4), 1000)
    lines = shown.plan_card(PLAN, told(matches=matches), VIEW).text.text.split("\n")
    assert lines[3:5] == ["7 days: 5 posts", "·····▂█"]


def test_the_buttons_of_a_card_say_what_they_do() -> None:
    assert pressed(shown.plan_card(PLAN, told(), VIEW)) == {
        "✎ Query": "rn|digest|query 7",
        "📡 Channels": "gk|7|0",
        "🕗 When": "gt|7",
        "⚙️ How much": "gh|7",
        "👁 Preview": "gv|7",
        "⏸ Pause": "gs|7|p|1",
        "✎ Name": "rn|digest|name 7",
        "‹ Digests": "gl|0",
        "✕ Remove": "gr|7",
    }
    assert pressed(shown.plan_card(plan(paused=True), told(), VIEW))["▶️ Go on"] == "gs|7|p|0"


def test_of_how_much_it_tells_the_present_choice_is_marked() -> None:
    assert pressed(shown.how_choice(PLAN, VIEW)) == {
        "5 stories": "gs|7|m|5",
        "✓ 10 stories": "gs|7|m|10",
        "20 stories": "gs|7|m|20",
        "40 stories": "gs|7|m|40",
        "✓ In full": "gs|7|s|0",
        "In short": "gs|7|s|1",
        "✓ Nothing new: silent": "gs|7|n|0",
        "Nothing new: say so": "gs|7|n|1",
        "‹ Back": "gc|7",
    }
    other = plan(most=40, short=True, says_nothing_new=True)
    marked = [text for text in pressed(shown.how_choice(other, VIEW)) if "✓" in text]
    assert marked == ["✓ 40 stories", "✓ In short", "✓ Nothing new: say so"]


def test_of_a_review_no_length_is_chosen() -> None:
    choice = shown.how_choice(plan(kind="review"), VIEW)
    assert [*pressed(choice)] == ["✓ Nothing new: silent", "Nothing new: say so", "‹ Back"]
    card = shown.plan_card(plan(kind="review"), told(), VIEW)
    assert len(card.text.text.split("\n")) == 6


def test_times_are_chosen_and_what_is_set_is_marked() -> None:
    made = shown.new_plan(VIEW)
    assert not any(label.startswith("✓") for label in pressed(made))
    assert pressed(made)["every 3 hours"] == "ga|every 3h"
    assert labels(made)[-2:] == [["✎ Other times"], ["‹ Digests"]]
    assert [*pressed(made).values()][-2:] == ["rn|digest|new", "gl|0"]
    choice = shown.times_choice(PLAN, VIEW)
    assert [label for label in pressed(choice) if label.startswith("✓")] == ["✓ every day at 8:00"]
    assert pressed(choice)["every 3 hours"] == "gs|7|t|every 3h"
    assert pressed(choice)["✎ Other times"] == "rn|digest|time 7"
    assert pressed(choice)["‹ Back"] == "gc|7"


def test_channels_are_chosen_by_pages_and_its_own_are_marked() -> None:
    known = [(n, f"Pier {n}") for n in range(1, 10)]
    first = shown.channels_choice(plan(channels=(2, 9)), known, 0, VIEW)
    assert pressed(first)["Pier 1"] == "gw|7|1|1|0"
    assert pressed(first)["✓ Pier 2"] == "gw|7|2|0|0"
    assert pressed(first)["All channels"] == "gw|7|0|0|0"
    assert labels(first)[9:] == [["1 / 2", "Next ›"], ["‹ Back"]]
    last = shown.channels_choice(plan(channels=(2, 9)), known, 7, VIEW)
    assert labels(last) == [["All channels"], ["✓ Pier 9"], ["‹ Prev", "2 / 2"], ["‹ Back"]]
    assert pressed(last)["✓ Pier 9"] == "gw|7|9|0|1"
    assert labels(shown.channels_choice(PLAN, [(1, "l" * 60)], 0, VIEW)) == [
        ["✓ All channels"],
        ["l" * 47 + "…"],
        ["‹ Back"],
    ]


def test_a_preview_is_said_to_be_one() -> None:
    message = Message(RichText("Nothing"), keyboard=(), preview=False)
    found = shown.as_preview(message, EN)
    assert found == replace(message, text=found.text)
    assert found.text.text == "👁 As it would come now:\nNothing"
    since = datetime(2026, 11, 21, 8, tzinfo=UTC)
    said = shown.nothing_new(plan(name="Morning"), since, VIEW.here, EN).text.text
    assert said.startswith("🗞 Morning\n") and "yesterday 8:00" in said
