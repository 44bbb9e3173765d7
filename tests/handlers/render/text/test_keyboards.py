"""Buttons: what they say, and data that fits into 64 bytes."""

from datetime import UTC, datetime

import pytest

from handlers.render.text import keyboards
from handlers.render.text.messages import Keyboard
from handlers.texts.languages import words_of
from storage.document import Channel, Document, Source
from storage.records import Alert

EN = words_of("en")
REST = ["🔇 Mute channel", "🔎 Similar"]
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def alert(number: int, query: str = "oil") -> Alert:
    return Alert(id=number, chat_id=1, query=query, created_at=NOW)


def document(doc_id: str = "tg:100/5") -> Document:
    return Document(
        kind="post",
        doc_id=doc_id,
        source=Source(type="telethon"),
        channel=Channel(id=100, username="harbour"),
        message_id=5,
        content_hash="0" * 16,
    )


def labels(keyboard: Keyboard) -> list[list[str]]:
    return [[button.text for button in row] for row in keyboard]


def datas(keyboard: Keyboard) -> list[list[str | None]]:
    return [[button.data for button in row] for row in keyboard]


@pytest.mark.parametrize(
    ("page", "pages", "more", "texts", "data"),
    [
        (0, 1, False, [], []),
        (0, 3, True, [["1 / 3", "Next ›"]], [["-", "sp|t|1"]]),
        (1, 3, True, [["‹ Prev", "2 / 3", "Next ›"]], [["sp|t|0", "-", "sp|t|2"]]),
        (2, 3, False, [["‹ Prev", "3 / 3"]], [["sp|t|1", "-"]]),
        (4, None, True, [["‹ Prev", "5", "Next ›"]], [["sp|t|3", "-", "sp|t|5"]]),
    ],
)
def test_pager(
    page: int, pages: int | None, more: bool, texts: list[list[str]], data: list[list[str]]
) -> None:
    row = keyboards.pager("sp", ("t",), page, pages, more=more, words=EN)
    assert labels(row) == texts
    assert datas(row) == data


def test_below_an_alert_one_row_opens_snoozes_and_leads_to_the_rest() -> None:
    made = keyboards.below_alert(document(), [alert(7)], EN)
    assert labels(made) == [["Open", "💤 Snooze", "⋯"]]
    assert made[0][0].url == "https://t.me/harbour/5"
    assert datas(made)[0][1:] == ["zq|tg:100/5|7", "uf|tg:100/5|7"]


@pytest.mark.parametrize(
    ("muted", "rest", "verb"), [(False, REST, "mu"), (True, ["🔊 Unmute channel", REST[1]], "mx")]
)
def test_the_rest_stands_below_the_first_row(muted: bool, rest: list[str], verb: str) -> None:
    made = keyboards.below_alert(document(), [alert(7)], EN, unfolded=True, muted=muted)
    assert labels(made) == [
        ["Open", "💤 Snooze", "‹ Back"],
        rest,
        ["📌 Save"],
        ["✕ Remove this alert"],
    ]
    assert datas(made)[0][2] == "xk|tg:100/5|7"
    assert datas(made)[1] == [f"{verb}|tg:100/5|7", "ml|tg:100/5|7"]
    assert datas(made)[2:] == [["kp|tg:100/5|7"], ["xq|tg:100/5|7"]]


def test_posts_behind_an_alert_are_opened_by_a_row_of_their_own() -> None:
    made = keyboards.below_alert(document(), [alert(7)], EN, unfolded=True, behind=3)
    assert labels(made)[1:3] == [["🔁 +3 posts"], REST]
    assert datas(made)[1] == ["ai|0"]
    assert keyboards.also(0, "ai|0", EN) == keyboards.event_row(0, EN) == ()
    assert labels(keyboards.event_row(1, EN)) == [["🗂 1 more post"]]
    assert datas(keyboards.event_row(2, EN)) == [["ai|0"]]


def test_an_alert_that_is_gone_leaves_the_post_to_open() -> None:
    assert labels(keyboards.below_alert(document(), [], EN, unfolded=True)) == [["Open"]]
    assert keyboards.below_alert(None, [], EN) == ()


def test_below_an_alert_of_several_queries_each_can_be_removed() -> None:
    made = keyboards.below_alert(document(), [alert(7), alert(8, "gas")], EN, unfolded=True)
    assert labels(made)[1:] == [REST, ["📌 Save"], ["✕ Remove: oil"], ["✕ Remove: gas"]]
    assert datas(made)[3:] == [["xq|tg:100/5|7|8"], ["xq|tg:100/5|8|7"]]


def test_a_snooze_asks_for_how_long() -> None:
    made = keyboards.below_alert(document(), [alert(7), alert(8, "gas")], EN, snoozing=True)
    assert labels(made) == [["Open"], ["1 hour", "8 hours", "Until tomorrow"], ["‹ Back"]]
    assert datas(made)[1] == [f"zs|{choice}|tg:100/5|7|8" for choice in ("1", "8", "t")]
    assert datas(made)[2] == ["xk|tg:100/5|7|8"]


def test_what_has_no_channel_has_none_to_mute() -> None:
    made = keyboards.below_alert(None, [alert(7)], EN, unfolded=True)
    assert labels(made) == [["💤 Snooze", "‹ Back"], [REST[1]], ["✕ Remove this alert"]]


def test_what_was_removed_can_be_put_back() -> None:
    made = keyboards.below_alert(document(), [alert(8, "gas")], EN, 7)
    assert labels(made) == [["Open", "💤 Snooze", "⋯"], ["↩️ Undo"]]
    assert datas(made)[1] == ["xu|tg:100/5|7|8"]
    assert datas(keyboards.below_alert(None, [], EN, 7)) == [["xu||7"]]


@pytest.mark.parametrize(
    "doc_id", ["tg:@" + "x" * 32 + "/1234567890", "tg:1234567890/1", "txt:" + "я" * 60]
)
def test_data_always_fits(doc_id: str) -> None:
    many = [alert(10**9 + n, "я" * 100) for n in range(5)]
    for keyboard in (
        keyboards.below_alert(document(doc_id), many, EN),
        keyboards.below_alert(document(doc_id), many, EN, many[1].id),
        keyboards.below_alert(document(doc_id), many, EN, unfolded=True, muted=True),
        keyboards.below_alert(None, many, EN, unfolded=True),
        keyboards.below_alert(document(doc_id), many, EN, snoozing=True),
    ):
        assert all(len(b.data.encode()) <= 64 for row in keyboard for b in row if b.data)


@pytest.mark.parametrize(
    ("length", "data"),
    [
        (59, "uf|{}|7"),  # all 64 bytes
        (60, "uf||7|8|9"),
        (57, "uf|{}|7|8"),
        (58, "uf|{}|7"),
        (55, "uf|{}|7|8|9"),
        (1, "uf|{}|7|8|9"),
    ],
)
def test_data_names_the_post_and_as_many_alerts_as_fit(length: int, data: str) -> None:
    name = "x" * length
    alerts = [alert(number) for number in (7, 8, 9)]
    made = keyboards.below_alert(document(name), alerts, EN)
    assert datas(made)[0][-1] == data.format(name)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_the_first_few_alerts_can_be_removed(count: int) -> None:
    alerts = [alert(number, f"word{number}") for number in range(count)]
    made = keyboards.below_alert(document(), alerts, EN, unfolded=True)
    stops = [one for (one, *_) in labels(made)[3:]]
    assert stops == (
        ["✕ Remove this alert"]
        if count == 1
        else [f"✕ Remove: word{number}" for number in range(min(count, keyboards.STOP_BUTTONS))]
    )


@pytest.mark.parametrize(
    ("data", "verb", "fields"),
    [
        ("a|b|c", "a", ("b", "c")),
        ("a", "a", ()),
        ("", "", ()),
        ("x|tg:1/2|3", "x", ("tg:1/2", "3")),
    ],
)
def test_data_is_taken_apart(data: str, verb: str, fields: tuple[str, ...]) -> None:
    assert keyboards.fields_of(data) == (verb, fields)
