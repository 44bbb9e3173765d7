"""Surges as they are told, in words."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.render.answers import surges as shown
from handlers.render.text.bars import Matches
from handlers.render.text.dates import here_in
from handlers.render.text.messages import DATA_BYTES, Message
from handlers.texts.languages import words_of
from storage.document import Channel
from storage.records import Subscriber
from storage.structs import replace
from storage.subscribers.surges import Surge

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EN = words_of("en")
HERE = here_in("UTC", NOON)
LIST = ("‹ All queries", "rn|surge")


def surge(query: str = "ferry", id: int = 7) -> Surge:
    return Surge(id=id, chat_id=1, query=query, created_at=NOON, told_at=None)


def buttons(message: Message) -> list[list[tuple[str, str | None]]]:
    return [[(one.text, one.data) for one in row] for row in message.keyboard]


@pytest.fixture
def told(make_post: Any) -> Any:
    def tell(*per_channel: int, seconds: int = 3600, usual: float = 3, query: str = "ferry"):
        posts, number = [], 0
        for place, count in enumerate(per_channel):
            of = Channel(id=100 + place, username=f"c{place}", title=f"C{place}")
            for _ in range(count):
                number += 1
                posts.append(make_post(number, f"Post {number}", channel=of))
        return shown.surge_told(surge(query), posts, seconds, usual, HERE, EN)

    return tell


def test_a_page_of_the_list_has_a_button_for_each() -> None:
    message = shown.surge_list([surge(f"q{n}", n) for n in range(1, 31)], 1, EN)
    assert message.text.text.split("\n")[0] == "Queries whose surges are told here: 30"
    assert buttons(message)[0] == [("📈 q9", "jc|1|9")]
    turns = [("‹ Prev", "jl|0"), ("2 / 4", "-"), ("Next ›", "jl|2")]
    assert buttons(message)[8:] == [turns]
    none = shown.surge_list([], 0, EN)
    assert none.text.text.endswith("at that hour:\n/surge oil price")
    assert none.keyboard == ()


def test_what_was_asked_for_is_said_with_a_way_back() -> None:
    made = shown.surge_made(surge(), EN, is_new=True)
    assert made.text.text.startswith("When much more than usual at that hour is posted of ferry")
    assert buttons(made) == [[("✕ Remove", "rn|surge|off #7"), LIST]]
    known = shown.surge_made(surge(), EN, is_new=False)
    assert known.text.text == "Surges of ferry are told here already."
    removed = shown.surge_removed(surge(), EN)
    assert removed.text.text == "Surges of ferry are told here no more."
    assert buttons(removed) == [[("↩️ Undo", "ju|0|7"), LIST]]
    gone = shown.surge_gone(EN)
    assert (gone.text.text, buttons(gone)) == ("That is told here no more.", [[LIST]])


@pytest.mark.parametrize("extra", [0, 1])
def test_a_query_that_a_button_cannot_hold_has_none(told: Any, extra: int) -> None:
    found = "rn|search|"
    query = "x" * (DATA_BYTES - len(found) + extra)
    assert len(told(3, 2, query=query).keyboard[0]) == 2 - extra
    query = "я" * ((DATA_BYTES - len(found)) // 2 + extra)  # two bytes each
    assert len(told(3, 2, query=query).keyboard[0]) == 2 - extra


@pytest.mark.parametrize(
    ("seconds", "usual", "head"),
    [
        (3600, 3.4, "📈 ferry: 5 posts of 2 channels in the last hour.\nUsually it is 3 posts."),
        (1200, 1.2, "📈 ferry: 5 posts of 2 channels in the last 20 minutes.\nUsually it is 1 post."),  # noqa: E501
        (3600, 0.4, "📈 ferry: 5 posts of 2 channels in the last hour.\nUsually it is next to none."),  # noqa: E501
        (3600, 0.6, "📈 ferry: 5 posts of 2 channels in the last hour.\nUsually it is 1 post."),
    ],
)  # fmt: skip
def test_how_much_more_it_is_than_usual(told: Any, seconds: int, usual: float, head: str) -> None:
    message = told(2, 3, seconds=seconds, usual=usual)
    assert message.text.text.startswith(f"{head}\nC1 (3), C0 (2)\n\n")
    assert buttons(message) == [
        [("🔎 All posts", "rn|search|ferry"), ("✕ Remove", "rn|surge|off #7")]
    ]


@pytest.mark.parametrize(
    ("channels", "line"),
    [
        (6, "C0 (1), C1 (1), C2 (1), C3 (1), C4 (1), C5 (1)"),
        (7, "C0 (1), C1 (1), C2 (1), C3 (1), C4 (1), C5 (1) and 1 more"),
    ],
)
def test_six_channels_are_named(told: Any, channels: int, line: str) -> None:
    assert told(*[1] * channels).text.text.split("\n")[2] == line


@pytest.mark.parametrize(("posts", "end"), [(8, "Post 8"), (9, "and 1 more"), (11, "and 3 more")])
def test_eight_posts_are_shown(told: Any, posts: int, end: str) -> None:
    text = told(posts).text.text
    assert text.endswith(f"\n{end}")
    assert text.count("Post ") == 8


def test_a_long_query_is_cut() -> None:
    text = shown.surge_made(surge("x" * 500), EN, is_new=False).text.text
    assert text.count("x") == shown.QUERY_UNITS - 1


def test_a_card_tells_all_and_leads_on_and_back() -> None:
    told = shown.Particulars(
        matches=Matches((1,) * 30, 1000),
        titles={7: "Quay"},
        rows=(7,),
        strangers=("@far",),
        chat=Subscriber(chat_id=1, created_at=NOON),
    )
    asked = replace(surge(), told_at=NOON)
    card = shown.surge_card(asked, told, 3, HERE, EN, head="Changed.")
    text = card.text.text.split("\n")
    assert text[:3] == ["Changed.", "📈 ferry", "7 days: 7 posts"]
    assert text[-4] == "📡 Quay, @far"
    assert text[-2:] == ["Told last: today 12:00", "➡️ To you, here"]
    assert buttons(card) == [
        [("✎ Query", "rn|surge|edit:7"), ("🔎 All posts", "rn|search|ferry")],
        [("‹ All queries", "jl|3"), ("✕ Remove", "jr|3|7")],
    ]
    assert "Told last" not in shown.surge_card(surge(), told, 0, HERE, EN).text.text
