"""The channels that are watched, as those see them who read: the list, and the page of each."""

from datetime import timedelta

import pytest

from handlers.sources.following import follow_query, list_following
from handlers.texts.languages import words_of
from storage.channels import channels
from storage.document import Channel as PostChannel
from storage.query.reading import syntax
from storage.records import Alert, Channel
from storage.structs import replace
from storage.subscribers import alerts, mutes

QUAY = PostChannel(id=200, username="quay", title="Quay Watch")


async def add(database, now, name: str | None = "harbour", number: int = 100, title="Harbour News"):
    async with database.transaction() as tx:
        channel = await channels.add_channel(
            tx, channel_id=number, username=name, title=title, now=now - timedelta(days=9)
        )
        await channels.begin_watching(tx, channel.id, 0, now)
    return channel


async def queries(database, chat_id: int = 1) -> list[str]:
    async with database.reader() as conn:
        return [alert.query for alert in await alerts.list_alerts(conn, chat_id)]


def labels(keyboard) -> list[list[str]]:
    return [[button.text for button in row] for row in keyboard]


async def open_page(person, title: str):
    (listed,) = await person.say("/channels")
    return (await person.press(listed.keyboard, title)).edit


async def test_what_is_watched_is_listed_the_latest_first(
    ann, database, store, make_post, now
) -> None:
    assert await ann.read("/channels") == "No channel is watched yet."
    await add(database, now)
    await add(database, now, "quay", 200, "Quay Watch")
    await add(database, now, None, 300, "Silent")
    async with database.transaction() as tx:
        await channels.add_channel(tx, username="city", now=now)
        await channels.add_channel(tx, channel_id=400, title="Old", watched=False, now=now)
    old = f"{now - timedelta(days=8):%FT%TZ}"
    await store(make_post(7, "Ice", channel=QUAY, published_at=old))
    await store(*(make_post(n, f"Notice {n}") for n in range(1, 22)))
    await store(make_post(8, "Rain", channel=QUAY))
    (message,) = await ann.say("/channels")
    assert message.text.text == (
        "Watched: 4 channels\n"
        "Press one to read it, or to get its posts.\n\n"
        "Harbour News @harbour\nlast post today 9:21 · 3 posts a day\n\n"
        "Quay Watch @quay\nlast post today 9:08 · 1 post a week\n\n"
        "Silent\nno posts yet\n\n"
        "@city\nno posts yet"
    )
    links = [span.url for span in message.text.spans if span.kind == "link"]
    assert links == ["https://t.me/harbour", "https://t.me/quay", "https://t.me/city"]
    assert labels(message.keyboard) == [["Harbour News"], ["Quay Watch"], ["Silent"], ["@city"]]
    await ann.say("/settings language ru")
    said = await ann.read("/каналы")
    assert "последний пост сегодня 9:21 · 3 поста в день" in said


async def test_the_list_is_paged_and_shows_what_is_still_read(ann, database, now) -> None:
    for number in range(1, 20):
        await add(database, now, f"pier_{number}", number, f"Pier {number}")
    ann.services = replace(ann.services, read_on_watch=(14, 500))
    (message,) = await ann.say("/channels")
    assert "Recent posts of 19 channels are still being read: 0 posts so far." in message.text.text
    assert labels(message.keyboard)[-1] == ["1 / 3", "Next ›"]
    last = (await ann.press_data("cl|99")).edit
    assert labels(last.keyboard) == [["Pier 17"], ["Pier 18"], ["Pier 19"], ["‹ Prev", "3 / 3"]]
    opened = (await ann.press(last.keyboard, "Pier 18")).edit
    back = (await ann.press(opened.keyboard, "‹ Channels")).edit
    assert labels(back.keyboard) == labels(last.keyboard)


@pytest.mark.slow
async def test_a_busy_channel_is_counted_no_further_than_is_worth_it(
    ann, database, store, make_post, now
) -> None:
    await add(database, now)
    posts = [
        make_post(n, f"Notice {n}", published_at=f"{now - timedelta(minutes=1200 - n):%FT%TZ}")
        for n in range(1, 1101)
    ]
    await store(*posts)
    assert "last post today 10:20 · 1310 posts a day" in await ann.read("/channels")


async def test_the_latest_posts_are_read_by_a_button(ann, database, store, make_post, now) -> None:
    await add(database, now)
    await store(make_post(1, "First"), make_post(2, "Second"), make_post(3, "X", channel=QUAY))
    page = await open_page(ann, "Harbour")
    (found,) = (await ann.press(page.keyboard, "Latest")).reply
    assert "Second" in found.text.text and "First" in found.text.text
    assert "Quay" not in found.text.text


async def test_a_channel_is_followed_and_no_more_where_that_was_done(
    ann, database, store, make_post, now
) -> None:
    await add(database, now)
    page = await open_page(ann, "Harbour")
    assert labels(page.keyboard) == [
        ["📖 Latest posts", "🔗 Share"],
        ["🔔 All posts", "🔔 No forwards", "✓ 🔕 Nothing"],
        ["‹ Channels"],
    ]
    for _ in range(2):
        followed = await ann.press(page.keyboard, "All posts")
    assert followed.toast == "From now on each of its posts comes at once."
    assert followed.edit.text.text.endswith("\n🔔 You get all its posts.")
    assert await queries(database) == ["channel:harbour,100"]
    assert labels(followed.edit.keyboard)[1] == ["✓ 🔔 All posts", "🔔 No forwards", "🔕 Nothing"]
    own = await ann.press(followed.edit.keyboard, "No forwards")
    assert own.edit.text.text.endswith("\n🔔 You get its own posts, no forwards.")
    assert await queries(database) == ["channel:harbour,100 is:original"]
    assert labels(own.edit.keyboard)[1] == ["🔔 All posts", "✓ 🔔 No forwards", "🔕 Nothing"]
    stopped = await ann.press(own.edit.keyboard, "Nothing")
    assert labels(stopped.edit.keyboard) == [["↩️ Undo"], *labels(page.keyboard)]
    assert await queries(database) == []
    again = await ann.press(stopped.edit.keyboard, "Undo")
    assert labels(again.edit.keyboard) == labels(own.edit.keyboard)
    assert await queries(database) == ["channel:harbour,100 is:original"]


async def test_a_channel_that_is_called_otherwise_is_followed_still(ann, database, now) -> None:
    channel = await add(database, now)
    page = await open_page(ann, "Harbour")
    await ann.press(page.keyboard, "No forwards")
    async with database.transaction() as tx:
        await channels.update_channel(tx, channel.id, username="harbour_today")
    page = await open_page(ann, "Harbour")
    assert page.text.text.endswith("You get its own posts, no forwards.")
    await ann.press(page.keyboard, "All posts")
    assert await queries(database) == ["channel:harbour_today,100"]


async def test_following_ends_a_stop_and_a_pause(ann, database, now, active) -> None:
    await add(database, now)
    page = await open_page(ann, "Harbour")
    await ann.press(page.keyboard, "All posts")
    async with database.transaction() as tx:
        (followed,) = await alerts.list_alerts(tx, 1)
        await alerts.update_alert(tx, followed.id, 1, paused=True, silent=True)
    await ann.say("/stop")
    assert await active() == []
    await ann.press(page.keyboard, "All posts")
    async with database.reader() as conn:
        (alert,) = await alerts.list_alerts(conn, 1)
    assert (alert.id, alert.paused, alert.silent) == (followed.id, False, True)
    assert await active() == [alert]


async def test_more_than_one_may_have_are_not_followed(ann, database, now) -> None:
    await add(database, now)
    for word in ("ice", "rain", "snow"):
        await ann.say(f"/alert {word}")
    page = await open_page(ann, "Harbour")
    refused = await ann.press(page.keyboard, "All posts")
    assert refused.toast.startswith("You have 3 alerts, the most")
    assert len(await queries(database)) == 3


async def test_a_channel_is_muted_in_what_there_is_and_heard_again(ann, database, now) -> None:
    await add(database, now)
    page = await open_page(ann, "Harbour")
    assert (await ann.press_data("cm|1|0")).toast.startswith("There are no alerts")
    await ann.say("/alert ice")
    await ann.say("/alert rain")
    page = await open_page(ann, "Harbour")
    muted = await ann.press(page.keyboard, "Mute")
    assert muted.toast == "Muted in 2 alerts. The same button undoes it."
    assert muted.edit.text.text.endswith("\n🔇 Muted in 2 of 2 alerts.")
    async with database.reader() as conn:
        assert [one.title for one in await mutes.list_mutes(conn, 1)] == ["Harbour News"]
        assert await mutes.list_muting(conn, "100", [1, 2]) == {1, 2}
    await ann.say("/alert snow")
    page = await open_page(ann, "Harbour")
    assert labels(page.keyboard)[2] == ["🔇 Mute", "🔊 Unmute"]
    heard = await ann.press(page.keyboard, "Unmute")
    assert labels(heard.edit.keyboard)[2] == ["🔇 Mute"]
    async with database.reader() as conn:
        assert await mutes.list_muting(conn, "100", [1, 2, 3]) == set()


async def test_what_is_muted_is_not_said_to_come_and_comes_when_it_is_followed_again(
    ann, database, now
) -> None:
    await add(database, now)
    page = await open_page(ann, "Harbour")
    followed = (await ann.press(page.keyboard, "All posts")).edit
    muted = (await ann.press(followed.keyboard, "Mute")).edit
    assert muted.text.text.endswith("posts yet\n🔇 Muted in 1 of 1 alert.")
    again = (await ann.press(muted.keyboard, "All posts")).edit
    assert again.text.text.endswith("posts yet\n🔔 You get all its posts.")
    async with database.reader() as conn:
        assert await mutes.list_muting(conn, "100", [1]) == set()


async def test_in_a_group_all_read_and_managers_follow(
    member, manager, database, store, make_post, now
) -> None:
    await add(database, now)
    await store(make_post(1, "First"))
    (listed,) = await member.say("/channels@dateline_bot")
    page = (await member.press(listed.keyboard, "Harbour")).edit
    assert (await member.press(page.keyboard, "Latest")).reply
    denied = words_of("en").managers_only
    assert (await member.press(page.keyboard, "All posts")).toast == denied
    followed = (await manager.press(page.keyboard, "All posts")).edit
    assert followed.text.text.endswith("\n🔔 All its posts come here.")
    assert await queries(database, -50) == ["channel:harbour,100"]


async def test_buttons_of_a_channel_that_is_gone_or_forged_lead_to_the_list(
    ann, database, now
) -> None:
    channel = await add(database, now)
    page = await open_page(ann, "Harbour")
    forged = await ann.press_data(f"cf|{channel.id}|0|both")
    assert forged.toast == words_of("en").old_button
    async with database.transaction() as tx:
        await channels.remove_channel(tx, channel.id)
    for row in page.keyboard[:-1]:
        for button in row:
            pressed = await ann.press_data(button.data)
            assert pressed.toast == "This channel is not watched any more."
            assert not pressed.reply
    assert await queries(database) == []


async def test_a_channel_that_is_not_found_yet_has_no_buttons_but_back(ann, operator, now) -> None:
    await operator.say("/watch https://t.me/+AbCdEf123")
    page = await open_page(ann, "t.me")
    assert labels(page.keyboard) == [["‹ Channels"]]
    assert (await ann.press_data("cf|1|0|all")).toast == words_of("en").old_button


@pytest.mark.parametrize(
    ("query", "follow"),
    [
        ("channel:harbour", "all"),
        ("channel:100", "all"),
        ("channel:once OR channel:100", "all"),
        ("channel:harbour is:original", "own"),
        ("(channel:once OR channel:100) is:original", "own"),
        ("channel:once,100", "all"),
        ("channel:", None),
        ("channel:1001", None),
        ("channel:harbour2", None),
        ("channel:harbour OR channel:200", None),
        ("channel:harbour ice", None),
        ("ice", None),
    ],
)
def test_an_alert_follows_a_channel_whatever_it_was_called(
    now, query: str, follow: str | None
) -> None:
    channel = Channel(id=1, channel_id=100, username="Harbour", watched=True, added_at=now)
    alert = Alert(id=5, chat_id=1, query=query, created_at=now)
    assert list_following([alert], channel) == ({5: follow} if follow else {})


@pytest.mark.parametrize("username", ["Harbour", None])
@pytest.mark.parametrize("number", [100, None])
@pytest.mark.parametrize("how", ["all", "own"])
def test_what_follows_a_channel_is_known_to(now, username, number, how) -> None:
    channel = Channel(id=1, channel_id=number, username=username, watched=True, added_at=now)
    query = follow_query(channel, how)
    if username is None and number is None:
        assert query is None
        return
    assert query == syntax.parse(query).written
    alert = Alert(id=5, chat_id=1, query=query, created_at=now)
    assert list_following([alert], channel) == {5: how}


async def test_the_operator_marks_a_channel_as_official_or_not(
    ann, operator, database, now
) -> None:
    await add(database, now, "mfa", 300, "Ministry of Ports")
    page = await open_page(ann, "Ministry")
    assert page.text.text.endswith("🏛 An official channel, by its title.")
    assert not any("official" in text for row in labels(page.keyboard) for text in row)
    assert "operator" in (await ann.press_data("co|1|0|0")).toast
    page = await open_page(operator, "Ministry")
    marked = await operator.press(page.keyboard, "It is not official")
    assert marked.toast == "No official channel."
    assert "official" not in marked.edit.text.text
    async with database.reader() as conn:
        assert await channels.list_official(conn) == {"300": False, "mfa": False}
    again = await operator.press(marked.edit.keyboard, "It is official")
    assert again.edit.text.text.endswith("🏛 An official channel.")
    assert (await operator.press_data("co|1|0|7")).toast


@pytest.mark.parametrize("named", ["@harbour", "harbour", "https://t.me/harbour"])
async def test_a_channel_that_is_named_has_its_card_at_once(ann, database, now, named: str) -> None:
    await add(database, now)
    (shown,) = await ann.say(f"/channels {named}")
    assert shown == await open_page(ann, "Harbour News")


async def test_a_name_that_is_not_watched_is_said_and_other_words_are_passed_over(
    ann, database, now
) -> None:
    await add(database, now)
    assert (await ann.read("/channels @quay")).startswith("@quay is not watched here.")
    assert await ann.read("/channels of the north") == await ann.read("/channels")
