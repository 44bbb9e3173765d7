"""Watching that misses nothing, through the real process: pushes, scans, edits, deletions.

By the sandbox's own account, what was posted is stored, and every alert came once and in order.
"""

import json
from datetime import timedelta
from typing import Any

import database_rows
import pytest

from bot.sandbox.state import media

QUICK = {"RECONCILE_INTERVAL": "0.3", "SCAN_REQUESTS_PER_MINUTE": "6000"}
SLOW = {"RECONCILE_INTERVAL": "600", "SCAN_REQUESTS_PER_MINUTE": "6000"}


def stored(stage: Any) -> dict[int, dict[str, Any]]:
    """The documents of the channel by message id."""
    sql = "SELECT json FROM document WHERE channel_id = ?"
    rows = database_rows.read(stage.database_url, sql, stage.news.id)
    documents = [json.loads(text) for (text,) in rows]
    return {document["message_id"]: document for document in documents}


def alerted(stage: Any) -> list[int]:
    """The numbers of the posts that Ann was told of, in that order."""
    return [int(message.text.split("part ")[1].split()[0]) for message in stage.alerts()]


async def post_parts(stage: Any, first: int, last: int) -> list[Any]:
    return [
        await stage.news.post(f"The ferry, part {number} of it") for number in range(first, last)
    ]


async def start(stage: Any, **settings: str) -> Any:
    service = await stage.run(SEND_RATE="1000", SEND_RATE_CHAT="1000", **settings)
    await stage.chat.ask("/alert ferry")
    return service


async def check_complete(stage: Any, posts: list[Any]) -> None:
    """Everything posted is stored, and was told once, in order."""
    await stage.wait_stored(*posts)
    count = len(posts)
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) >= count or None)
    await stage.wait_drained()
    assert sorted(stored(stage)) == [posted.id for posted in stage.sandbox.ledger.posted]
    assert alerted(stage) == list(range(count))


async def test_a_push_that_shows_a_gap_has_it_filled_at_once(ready_stage: Any) -> None:
    stage = ready_stage
    await start(stage, **SLOW)
    fault = stage.sandbox.faults.withhold_pushes(account=stage.watcher, times=3)
    posts = await post_parts(stage, 0, 3)
    assert fault.hits == 3
    posts += await post_parts(stage, 3, 5)
    await check_complete(stage, posts)


@pytest.mark.parametrize("fault", ["withhold_pushes", "duplicate_pushes"])
async def test_whatever_becomes_of_all_pushes_every_post_is_stored_and_told_once(
    ready_stage: Any, fault: str
) -> None:
    stage = ready_stage
    await start(stage, **QUICK)
    getattr(stage.sandbox.faults, fault)(account=stage.watcher)
    await check_complete(stage, await post_parts(stage, 0, 12))


async def test_pushes_that_come_backwards_are_told_in_order(ready_stage: Any) -> None:
    stage = ready_stage
    await start(stage, **QUICK)
    stage.sandbox.faults.reorder_pushes(account=stage.watcher, times=6)
    await check_complete(stage, await post_parts(stage, 0, 12))


async def test_more_than_a_hundred_missed_posts_of_a_channel_are_found(ready_stage: Any) -> None:
    stage = ready_stage
    await start(stage, **SLOW)
    stage.sandbox.faults.withhold_pushes(account=stage.watcher, times=130)
    await check_complete(stage, await post_parts(stage, 0, 132))


async def test_what_scans_filled_is_shown(ready_stage: Any) -> None:
    stage = ready_stage
    await start(stage, **QUICK, ADMINS=str(stage.ann.id))
    stage.sandbox.faults.withhold_pushes(account=stage.watcher)
    await check_complete(stage, await post_parts(stage, 0, 4))
    shown = await stage.chat.ask("/status")
    assert "last post 4" in shown.text
    assert "cursor 4" in shown.text
    assert "gaps: 0 open, " in shown.text
    assert " filled with 4 posts" in shown.text
    assert "joined" in shown.text


async def test_edits_and_deletions_that_nothing_told_of_are_found(ready_stage: Any) -> None:
    stage = ready_stage
    service = await start(stage, **QUICK)
    kept, edited, liked, deleted = await post_parts(stage, 0, 4)
    await check_complete(stage, [kept, edited, liked, deleted])
    await service.stop()
    await edited.edit("The ferry, part 1 of it, sails at noon")
    await liked.react("👍", 5)
    await deleted.delete()
    await stage.run(**QUICK)

    async def is_noticed(_: Any) -> bool:
        found = stored(stage)
        return bool(found[deleted.id].get("deleted_at")) and "noon" in found[edited.id]["title"]

    await stage.wait_database(is_noticed)
    rows = database_rows.read(stage.database_url, "SELECT json FROM revision")
    revisions = [json.loads(text) for (text,) in rows]
    assert [revision["title"] for revision in revisions] == ["The ferry, part 1 of it"]
    assert not stored(stage)[kept.id].get("deleted_at")
    assert len(stage.alerts()) == 4


async def test_edits_and_deletions_behind_a_flood_of_posts_are_found(ready_stage: Any) -> None:
    stage = ready_stage
    await start(stage, RECONCILE_INTERVAL="2", SCAN_REQUESTS_PER_MINUTE="6000", RECHECK_POSTS="10")
    edited, deleted = [await stage.news.post(f"Nothing new, {word}") for word in ("one", "two")]
    await stage.wait_stored(edited, deleted)
    stage.sandbox.faults.withhold_pushes(account=stage.watcher)
    await edited.edit("The ferry, part 0 of it")
    await deleted.delete()
    flood = [await stage.news.post(f"Weather of hour {number}") for number in range(130)]
    await stage.wait_stored(*flood)
    await stage.chat.wait_for("The ferry, part 0")
    await stage.sandbox.wait_for(lambda: stored(stage)[deleted.id].get("deleted_at"))


async def test_an_edit_found_by_a_scan_alerts_when_it_makes_the_post_match(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await start(stage, **QUICK)
    post = await stage.news.post("The boat sails")
    await stage.wait_stored(post)
    stage.sandbox.faults.withhold_pushes(account=stage.watcher)
    await post.edit("The boat, a ferry, sails")
    await stage.chat.wait_for("The boat, a ferry, sails")


async def test_when_everything_seems_gone_nothing_is_marked_before_it_is_confirmed(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    service = await start(stage, **QUICK)
    posts = await post_parts(stage, 0, 8)
    await check_complete(stage, posts)
    stage.sandbox.faults.withhold_pushes(account=stage.watcher)
    stage.sandbox.faults.fail("channels.getMessages", "CHANNEL_PRIVATE", times=None)
    await stage.news.delete(posts)
    await service.wait_line("not marked before that is confirmed")
    fault = stage.sandbox.faults.fail("channels.getMessages", "CHANNEL_PRIVATE", times=None)
    assert not any(document.get("deleted_at") for document in stored(stage).values())
    stage.sandbox.faults.clear()
    fault.stop()

    async def are_marked(_: Any) -> bool:
        return all(document.get("deleted_at") for document in stored(stage).values())

    await stage.wait_database(are_marked)


async def test_many_posts_missed_while_the_process_was_down_are_all_found(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    service = await start(stage, **SLOW)
    await service.kill()
    posts = await post_parts(stage, 0, 730)
    await stage.run(SEND_RATE="1000", SEND_RATE_CHAT="1000", **SLOW)
    await check_complete(stage, posts)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "method", ["messages.getHistory", "updates.getChannelDifference", "messages.sendMessage"]
)
async def test_a_connection_cut_in_the_middle_of_a_call_loses_nothing(
    ready_stage: Any, method: str, when: str
) -> None:
    stage = ready_stage
    await start(stage, **QUICK)
    stage.sandbox.faults.drop_connection(method, when=when)
    stage.sandbox.faults.withhold_pushes(account=stage.watcher, times=2)
    await check_complete(stage, await post_parts(stage, 0, 6))


@pytest.mark.parametrize(
    "method",
    [
        "messages.getHistory",
        "updates.getChannelDifference",
        "updates.getDifference",
        "channels.getMessages",
        "messages.sendMessage",
    ],
)
@pytest.mark.parametrize("fault", ["flood", "500"])
async def test_a_method_that_is_refused_for_a_while_loses_nothing(
    ready_stage: Any, method: str, fault: str
) -> None:
    stage = ready_stage
    await start(stage, **QUICK)
    if fault == "flood":
        stage.sandbox.faults.flood_wait(method, 1)
    else:
        stage.sandbox.faults.fail(method, "INTERNAL", code=500)
    stage.sandbox.faults.withhold_pushes(account=stage.watcher, times=2)
    await check_complete(stage, await post_parts(stage, 0, 6))


@pytest.mark.parametrize("method", ["contacts.resolveUsername", "messages.getDialogs"])
async def test_a_start_that_is_asked_to_wait_serves_and_goes_on_later(
    ready_stage: Any, method: str
) -> None:
    stage = ready_stage
    far = stage.sandbox.add_channel("Far Shore", username="far_shore")
    stage.sandbox.faults.flood_wait(method, 1)
    await stage.run(
        CHANNELS="@harbour @far_shore", PREVIEW_BASE_URL="http://127.0.0.1:9/s/", **QUICK
    )
    await stage.chat.ask("/alert ferry")
    await stage.sandbox.wait_for_call(
        "messages.getHistory",
        matching=lambda request: getattr(request.peer, "channel_id", 0) == far.id,
        timeout=120,
    )
    await stage.news.post("The ferry, part 0 of it")
    await stage.chat.wait_for("part 0")


async def test_a_wait_on_one_channel_stops_no_other(ready_stage: Any) -> None:
    stage = ready_stage
    other = stage.sandbox.add_channel("Mirror", username="mirror", members=[stage.watcher])
    await start(stage, CHANNELS="@harbour @mirror", **QUICK)
    stage.sandbox.faults.withhold_pushes(account=stage.watcher)
    fault = stage.sandbox.faults.flood_wait("messages.getHistory", 600, peer=stage.news)
    await stage.news.post("The ferry, behind a wait")
    await fault.wait_hit()
    await other.post("The ferry, freely")
    await stage.chat.wait_for("The ferry, freely")


async def test_a_restarted_server_is_found_again_and_nothing_is_lost(ready_stage: Any) -> None:
    stage = ready_stage
    await start(stage, **SLOW)
    posts = await post_parts(stage, 0, 2)
    await stage.wait_stored(*posts)
    await stage.sandbox.stop_serving()
    posts += await post_parts(stage, 2, 8)
    await stage.sandbox.serve_again()
    await check_complete(stage, posts)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_kills_at_any_moment_lose_nothing_and_repeat_nothing(
    ready_stage: Any, seed: int
) -> None:
    stage = ready_stage
    service = await start(stage, **QUICK)
    posts = []
    for kill in range(2):
        sent = stage.sandbox.count_calls("messages.sendMessage")
        posts += await post_parts(stage, 15 * kill, 15 * (kill + 1))
        # Another moment each time: after so many of the calls that follow the posts.
        await stage.sandbox.wait_for_call("messages.sendMessage", count=sent + seed * (kill + 1))
        await service.kill()
        service = await stage.run(SEND_RATE="1000", SEND_RATE_CHAT="1000", **QUICK)
    await check_complete(stage, posts)


@pytest.mark.parametrize(
    "manners",
    [{"page": 7}, {"page": 30, "plain_history": True}, {"lists_usernames": True}],
    ids=str,
)
async def test_however_a_server_words_its_answers_nothing_that_was_missed_is_skipped(
    ready_stage: Any, manners: dict[str, Any]
) -> None:
    stage = ready_stage
    for name, value in manners.items():
        setattr(stage.sandbox.manners, name, value)
    service = await start(stage, **SLOW)
    first = await post_parts(stage, 0, 2)
    await stage.wait_stored(*first)
    await service.kill()
    posts = first + await post_parts(stage, 2, 120)
    await stage.run(SEND_RATE="1000", SEND_RATE_CHAT="1000", **SLOW)
    await check_complete(stage, posts)


async def test_posts_that_are_not_shown_hide_none_behind_them(ready_stage: Any) -> None:
    stage = ready_stage
    service = await start(stage, **SLOW)
    first = await post_parts(stage, 0, 1)
    await stage.wait_stored(*first)
    await service.kill()
    hidden = [await stage.news.post(f"Not shown {number}") for number in range(60)]
    stage.sandbox.manners.hidden.update(hidden)
    stage.sandbox.manners.shows_empty = True
    posts = first + await post_parts(stage, 1, 111)
    hidden.append(await stage.news.post("Not shown either"))
    stage.sandbox.manners.hidden.add(hidden[-1])
    await stage.run(SEND_RATE="1000", SEND_RATE_CHAT="1000", **SLOW)
    await stage.wait_stored(*posts)
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) >= 111 or None)
    await stage.wait_drained()
    assert sorted(stored(stage)) == [post.id for post in posts]
    assert alerted(stage) == list(range(111))


async def test_an_edit_of_a_post_that_was_told_tells_it_no_second_time(ready_stage: Any) -> None:
    stage = ready_stage
    await start(stage, **QUICK)
    (told,) = await post_parts(stage, 0, 1)
    await check_complete(stage, [told])
    other = await stage.news.post("The boat sails")
    await told.edit("The ferry, part 0 of it, sails at noon")
    await other.edit("The ferry, part 1 of it")
    await stage.chat.wait_for("part 1")

    async def are_edited(_: Any) -> bool:
        return "noon" in stored(stage)[told.id]["title"]

    await stage.wait_database(are_edited)
    await stage.wait_drained()
    assert alerted(stage) == [0, 1]


async def test_a_wait_is_obeyed_though_pushes_show_gaps_and_the_connection_is_new(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    await start(stage, **QUICK)
    posts = await post_parts(stage, 0, 1)
    await stage.wait_stored(*posts)
    fault = stage.sandbox.faults.flood_wait("messages.getHistory", 5, peer=stage.news, times=None)
    await fault.wait_hit()
    stage.sandbox.faults.withhold_pushes(account=stage.watcher, times=1)
    posts += await post_parts(stage, 1, 3)
    stage.sandbox.drop_connections(stage.watcher)
    await stage.sandbox.wait_online(stage.watcher)
    posts += await post_parts(stage, 3, 5)
    await fault.wait_hit(2)
    fault.stop()
    told = [call.at for call in stage.sandbox.calls if call.outcome == "FLOOD_WAIT_5"]
    assert told[1] - told[0] >= timedelta(seconds=4.5)
    await stage.wait_stored(*posts)


async def test_after_a_start_those_longest_not_scanned_come_first(ready_stage: Any) -> None:
    stage = ready_stage
    piers = [
        stage.sandbox.add_channel(
            f"Pier {n}", username=f"example_pier_{n}", members=[stage.watcher]
        )
        for n in range(9)
    ]
    names = " ".join(f"@{pier.username}" for pier in piers)
    service = await stage.run(CHANNELS=names, **SLOW)
    await service.stop()
    database_rows.change(
        stage.database_url,
        "UPDATE channel SET last_scan_at = last_scan_at - ? WHERE channel_id = ?",
        [((n * 5 % 9) * 60_000_000, pier.id) for n, pier in enumerate(piers)],
    )
    former = stage.sandbox.count_calls("messages.getHistory")
    await stage.run(CHANNELS=names, **SLOW)
    await stage.sandbox.wait_for_call("messages.getHistory", count=former + 9)
    calls = [call for call in stage.sandbox.calls if call.method == "messages.getHistory"]
    scanned = [call.request.peer.channel_id for call in calls[former:]]
    ages = {pier.id: n * 5 % 9 for n, pier in enumerate(piers)}
    oldest_first = sorted(ages, key=ages.__getitem__, reverse=True)
    # Three are scanned at a time.
    assert set(scanned[:3]) == set(oldest_first[:3])
    assert set(scanned[-3:]) == set(oldest_first[-3:])


@pytest.mark.parametrize("is_pushed", [True, False])
async def test_an_album_that_loses_messages_keeps_the_others(
    ready_stage: Any, is_pushed: bool
) -> None:
    stage = ready_stage
    await start(stage, **QUICK)
    parts = await stage.news.post_album([media.photo() for _ in range(4)], "The ferry, in parts")
    single = await stage.news.post("The ferry alone")
    await stage.wait_stored(parts[0], single)
    if not is_pushed:
        stage.sandbox.faults.withhold_pushes(account=stage.watcher)

    def left(*posts: Any) -> Any:
        async def is_shown(_: Any) -> bool:
            found = stored(stage)
            document = found.get(posts[0].id, {})
            ids = [post.id for post in posts]
            album_ids = ids if len(ids) > 1 else []
            return (
                len(found) == 2
                and document.get("album_ids", []) == album_ids
                and len(document.get("media", [])) == len(ids)
            )

        return is_shown

    await stage.wait_database(left(*parts))
    for kept in (parts[1:3], parts[2:3]):
        await stage.news.delete([post for post in parts if post not in kept])
        parts = kept
        await stage.wait_database(left(*kept))
    await parts[0].edit("The ferry, one part of it")

    async def is_edited(_: Any) -> bool:
        return stored(stage)[parts[0].id].get("title") == "The ferry, one part of it"

    await stage.wait_database(is_edited)
    assert await left(*parts)(None)
    assert not stored(stage)[parts[0].id].get("deleted_at")
