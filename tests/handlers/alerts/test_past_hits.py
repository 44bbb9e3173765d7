"""What an alert would have told of, and keeping, narrowing or dropping it."""

from datetime import timedelta

import pytest

from handlers import registry
from handlers.conversation.requests import Request
from handlers.render.alerts.past_hits import CHOOSE, PastHits, past_hits_text
from handlers.render.text.dates import here_in
from handlers.render.text.rich import RichText
from handlers.texts.languages import words_of
from handlers.texts.querying import querying_words
from storage.channels import channels
from storage.document import Channel
from storage.query.reading.syntax import parse
from storage.structs import replace
from storage.subscribers import alerts

EN = querying_words("en")

QUAY = Channel(id=200, username="quay", title="Quay Watch")


async def queries(database, chat_id: int = 1) -> list[str]:
    async with database.reader() as conn:
        return [alert.query for alert in await alerts.list_alerts(conn, chat_id)]


def labels(keyboard) -> list[list[str]]:
    return [[button.text for button in row] for row in keyboard]


async def test_a_new_alert_tells_what_it_would_have_told(ann, now, store, make_post) -> None:
    await store(
        make_post(1, "Embargo one", published_at=f"{now - timedelta(days=8):%FT%TZ}"),
        *(make_post(n, f"Embargo notice {n}") for n in range(2, 6)),
    )
    (message,) = await ann.say("/alert embargo")
    blocks = message.text.text.split("\n\n")
    assert blocks[0].startswith("Alert set: embargo.")
    assert blocks[0].endswith("\nIt would have fired 4 times in the last 7 days.")
    assert blocks[1] == "The latest:"
    assert [block.rpartition("\n")[2] for block in blocks[2:]] == [
        "Embargo notice 5",
        "Embargo notice 4",
        "Embargo notice 3",
    ]
    assert labels(message.keyboard) == [
        ["✓ Keep", "✕ Remove"],
        ["📡 Channels", "Narrow"],
    ]


async def test_copies_of_a_post_fire_once(ann, store, make_post) -> None:
    await store(make_post(1, "Embargo one"), make_post(2, "Embargo two"))
    assert "2 times" in await ann.read("/alert embargo")


async def test_nothing_in_the_last_days_is_said(ann) -> None:
    assert (await ann.read("/alert embargo")).endswith("\n" + EN.fired_never)


@pytest.mark.slow
async def test_many_are_counted_no_further_than_is_worth_it(ann, store, make_post) -> None:
    await store(*(make_post(n, f"Embargo notice {n}", published_at=None) for n in range(1, 3)))
    posts = [
        make_post(n, f"Embargo {n}", published_at=f"2026-11-22T08:{n // 60 % 60:02}:{n % 60:02}Z")
        for n in range(1, 1003)
    ]
    await store(*posts)
    assert "more than 1,000 times" in await ann.read("/alert embargo")


async def test_an_alert_is_kept_or_removed_and_put_back(ann, database) -> None:
    (message,) = await ann.say("/alert embargo")
    kept = await ann.press(message.keyboard, "Keep")
    assert (kept.keyboard, kept.toast) == ((), "Kept.")
    removed = await ann.press(message.keyboard, "Remove")
    assert removed.edit is not None
    assert removed.edit.text.text == "Removed: embargo"
    assert await queries(database) == []
    again = await ann.press(message.keyboard, "Remove")
    assert again.toast == "This alert was removed before."
    back = await ann.press(removed.edit.keyboard, "Undo")
    assert back.edit is not None
    assert back.edit.text.text == "It is back, as it was: embargo"
    assert labels(back.edit.keyboard) == labels(message.keyboard)
    assert await queries(database) == ["embargo"]


async def test_an_alert_is_narrowed_in_place(ann, database, active, store, make_post) -> None:
    await store(
        make_post(1, "Embargo one", lang="en"),
        make_post(2, "Embargo two", lang="ru", channel=QUAY),
    )
    (message,) = await ann.say("/alert embargo OR ban")
    (former,) = await active()
    async with database.transaction() as tx:
        await alerts.update_alert(tx, former.id, 1, urgent=True)
    asked = (await ann.press(message.keyboard, "Narrow")).edit
    assert asked is not None
    assert asked.text.text.startswith("Narrow embargo OR ban to:\n")
    shown = [label for row in labels(asked.keyboard) for label in row]
    assert sorted(shown) == [
        "English",
        "Harbour News",
        "Quay Watch",
        "Russian",
        "✓ Keep",
        "✕ Remove",
    ]
    narrowed = (await ann.press(asked.keyboard, "Quay")).edit
    assert narrowed is not None
    assert narrowed.text.text.startswith(
        "Narrowed to (embargo OR ban) channel:quay.\nIt would have fired 1 time in"
    )
    assert await queries(database) == ["(embargo OR ban) channel:quay"]
    (narrower,) = await active()
    assert narrower.id == former.id
    assert narrower.urgent
    again = await ann.press(asked.keyboard, "Quay")
    assert again.toast == "This query can't be narrowed any more."


async def test_what_is_narrowed_to_another_alert_becomes_that_one_told_as_before(
    ann, database, active, store, make_post
) -> None:
    await store(make_post(1, "Embargo one"), make_post(2, "Embargo two", channel=QUAY))
    await ann.say("/alert embargo channel:quay")
    (message,) = await ann.say("/alert embargo")
    kept, former = await active()
    async with database.transaction() as tx:
        await alerts.update_alert(tx, former.id, 1, urgent=True, hourly_limit=4, once=True)
    asked = (await ann.press(message.keyboard, "Narrow")).edit
    narrowed = (await ann.press(asked.keyboard, "Quay")).edit
    assert narrowed.text.text.startswith("Narrowed to embargo channel:quay.")
    (left,) = await active()
    assert (left.id, left.query) == (kept.id, "embargo channel:quay")
    assert (left.urgent, left.hourly_limit, left.once, left.silent) == (True, 4, True, False)
    again = await ann.press(asked.keyboard, "Quay")
    assert (again.keyboard, again.toast) == ((), "This alert was removed before.")


async def test_an_alert_said_again_in_another_topic_comes_there(ann, services, active) -> None:
    async def say(topic: int | None, text: str = "/alert@dateline_bot embargo") -> str:
        request = Request(
            chat_id=-7, sender_id=1, text=text, now=ann.now, message_id=1, name="Ann",
            is_private=False, may_manage=True, topic=topic,
        )  # fmt: skip
        (message,) = (await registry.answer(request, services)).messages
        return message.text.text

    assert (await say(3)).startswith("Alert set: embargo.")
    assert "It comes here" not in await say(3)
    assert (await active())[0].topic == 3
    assert (await say(4)).endswith("It comes here from now on, and not where it came before.")
    assert [one.topic for one in await active()] == [4]
    await say(None)
    assert [one.topic for one in await active()] == [None]


async def test_buttons_of_another_chat_change_nothing(ann, operator, database) -> None:
    (message,) = await ann.say("/alert embargo")
    for label in ("Keep", "Narrow", "Remove"):
        assert (await operator.press(message.keyboard, label)).edit is None
    alert_id = message.keyboard[0][0].data.split("|")[1]
    forged = await ann.press_data(f"{CHOOSE}|{alert_id}|c|a b")
    assert forged.toast == "This button no longer works."
    assert await queries(database) == ["embargo"]


async def test_dates_to_come_make_no_alert(ann, database) -> None:
    said = await ann.read("/alert embargo before:2027-01-01")
    assert said == "Posts to come have no date yet: leave before:2027-01-01 out of an alert."
    assert await queries(database) == []


async def test_counting_that_takes_too_long_leaves_the_alert(ann, database) -> None:
    hurried = replace(ann, services=replace(ann.services, search_seconds=0.0))
    assert (await hurried.read("/alert embargo")).endswith(EN.preview_slow)
    assert await queries(database) == ["embargo"]


async def test_an_alert_with_a_small_operator_says_what_else_may_be_meant(ann, database) -> None:
    ann.language = "ru"
    text = await ann.read("/alert нефть или газ")
    assert "Может быть, /alert нефть ИЛИ газ?" in text
    assert await queries(database) == ["нефть или газ"]


@pytest.mark.parametrize(
    ("matching", "others", "is_said"),
    [(19, 0, False), (20, 60, True), (20, 61, False), (30, 0, True)],
)
async def test_what_stands_in_much_of_all_posts_is_cautioned(
    ann, store, make_post, matching: int, others: int, is_said: bool
) -> None:
    await store(*(make_post(n, f"The ferry number {n} sails") for n in range(1, matching + 1)))
    await store(*(make_post(1000 + n, f"Crane number {n}") for n in range(others)))
    text = await ann.read("/alert the")
    assert ("\n⚠️ Much of all that is posted has it. More words" in text) is is_said
    assert ("/digest daily 08:00 the\n" in text) is is_said
    assert "⚠️" not in await ann.read("/alert zeppelin")


@pytest.mark.parametrize(("fired", "is_said"), [(349, False), (350, True), (7000, True)])
def test_what_would_ring_all_day_is_cautioned(now, fired: int, is_said: bool) -> None:
    hits = PastHits(fired=fired, capped=False, latest=())
    words = words_of("en")
    said = past_hits_text(RichText("Set."), parse("oil"), hits, here_in("UTC", now), words).text
    assert (f"\n⚠️ That is about {EN.number(fired // 7)} a day." in said) is is_said


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("off", "Your alerts: 1\n"),
        ("remove oil", "Of your alerts, those with oil: 1\n"),
        ("delete OIL", "Of your alerts, those with OIL: 1\n"),
        ("выкл", "Your alerts: 1\n"),
        ("убрать oil", "Of your alerts, those with oil: 1\n"),
    ],
)
async def test_who_would_remove_an_alert_is_shown_it(ann, database, said: str, title: str) -> None:
    await ann.say("/alert oil")
    text = await ann.read(f"/alert {said}")
    assert text.startswith(title)
    assert await queries(database) == ["oil"]
    as_word = text.rpartition("To look for the word itself: ")[2]
    assert (await ann.read(as_word)).startswith("Alert set: ")


@pytest.mark.parametrize("said", ["remove mines", "stop the war"])
async def test_words_that_are_no_alert_are_words(ann, database, said: str) -> None:
    await ann.say("/alert oil")
    await ann.say(f"/alert {said}")
    assert await queries(database) == ["oil", said]


async def test_a_list_that_asks_for_all_says_how_to_ask_for_any(ann) -> None:
    text = await ann.read("/alert oil, gas")
    assert "\nA post must have all of these. For any of them: /alert oil OR gas\n" in text


@pytest.mark.parametrize("said", ["@harbour", "https://t.me/harbour", "t.me/harbour/7"])
async def test_a_channel_alone_says_how_to_have_all_its_posts(ann, database, now, said) -> None:
    async with database.transaction() as tx:
        await channels.add_channel(tx, channel_id=100, username="harbour", now=now)
    text = await ann.read(f"/alert {said}")
    assert "\nIt is looked for as a word. For all posts of the channel: /alert channel:harb" in text


@pytest.mark.parametrize("said", ["@nosuch", "https://example.org/x", "@harbour ferry", "ferry"])
async def test_no_channel_of_ours_is_a_word(ann, said: str) -> None:
    assert "looked for as a word" not in await ann.read(f"/alert {said}")
