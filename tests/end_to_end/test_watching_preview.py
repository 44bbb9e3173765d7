"""Public channels without an account, through the real process: pages of a local web server."""

import contextlib
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import database_rows
import pytest

from bot.commands import backfill
from bot.sandbox.previews import Previews
from bot.sandbox.state import media
from storage.channels import channels

QUICK = {"RECONCILE_INTERVAL": "0.3", "SCAN_REQUESTS_PER_MINUTE": "6000"}


@pytest.fixture
async def previews(stage: Any) -> AsyncIterator[Previews]:
    """The pages of the sandbox's channels, which the service is pointed at."""
    async with stage.sandbox.serve_previews() as serving:
        stage.environment["PREVIEW_BASE_URL"] = serving.address
        yield serving


async def run_without_account(stage: Any, **settings: str) -> Any:
    service = stage.process(**QUICK, **settings)
    await service.start("run", "--without-account")
    await service.wait_ready()
    return service


def documents(stage: Any) -> list[dict[str, Any]]:
    rows = database_rows.read(stage.database_url, "SELECT json FROM document")
    return [json.loads(text) for (text,) in rows]


async def test_a_public_channel_is_watched_without_an_account(
    stage: Any, previews: Previews
) -> None:
    old = await stage.news.post("The ferry of long ago", date=stage.news.created_at.replace(year=2))
    service = await run_without_account(stage, ADMINS=str(stage.ann.id))
    assert any("watching 1 channel" in line for line in service.lines)
    await stage.chat.ask("/alert ferry")
    posts = [await stage.news.post(f"The ferry, part {number}") for number in range(25)]
    await stage.wait_stored(*posts)
    await stage.wait_drained()
    assert [text.split("part ")[1].split()[0] for text in map(_text, stage.alerts())] == [
        str(number) for number in range(25)
    ]
    assert f"tg:{stage.news.id}/{old.id}" not in {item["doc_id"] for item in documents(stage)}
    assert "web preview" in (await stage.chat.ask("/status")).text
    assert not any(call.account is stage.watcher for call in stage.sandbox.calls)


def _text(message: Any) -> str:
    text: str = message.text
    return text


async def test_a_page_is_asked_for_with_what_tells_whether_it_has_changed(
    stage: Any, previews: Previews
) -> None:
    await stage.news.post("The ferry sails")
    await run_without_account(stage)
    await stage.sandbox.wait_for(
        lambda: sum(request.status == 304 for request in previews.requests) > 2 or None, timeout=20
    )
    first = next(request for request in previews.requests if request.status == 200)
    assert "if-none-match" not in first.headers
    assert all(request.target == "/s/harbour" for request in previews.requests)


async def test_an_edit_and_a_deletion_are_seen_on_the_page(stage: Any, previews: Previews) -> None:
    await run_without_account(stage)
    await stage.chat.ask("/alert noon")
    posts = [await stage.news.post(f"The boat, part {number}") for number in range(6)]
    await stage.wait_stored(*posts)
    await posts[1].edit("The boat, part 1, sails at noon")
    await posts[2].delete()

    async def are_noticed(_: Any) -> bool:
        known = {item["message_id"]: item for item in documents(stage)}
        is_gone = bool(known[posts[2].id].get("deleted_at"))
        return is_gone and known[posts[1].id]["title"].endswith("noon")

    await stage.wait_database(are_noticed)
    assert not any(
        item.get("deleted_at") for item in documents(stage) if item["message_id"] != posts[2].id
    )
    # It says "noon" only since its edit, and what it said before is kept.
    await stage.sandbox.wait_for(lambda: stage.alerts() or None)
    assert "✏️" in stage.alerts()[0].text
    (former,) = database_rows.read(stage.database_url, "SELECT json FROM revision")
    assert json.loads(former[0])["title"] == "The boat, part 1"


@pytest.mark.parametrize("numbered", [True, False])
async def test_history_is_read_page_by_page_from_the_beginning(
    stage: Any, previews: Previews, numbered: bool
) -> None:
    previews.numbered = numbered
    # What is posted within the second in which a channel is put on the list counts as news.
    ago = datetime.now(UTC) - timedelta(hours=1)
    old = [
        await stage.news.post(f"The ferry of long ago, part {number}", date=ago)
        for number in range(66)
    ]
    await old[30].delete()
    await run_without_account(stage)
    await stage.chat.ask("/alert ferry")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        known = stage.settings(**QUICK)
        assert not await backfill.run(known, "t.me/s/harbour", since=None, limit=None, as_json=True)
    done = json.loads(out.getvalue())
    assert (done["posts"], done["complete"]) == (65, True)
    stored = {int(item["doc_id"].rpartition("/")[2]) for item in documents(stage)}
    assert stored == {post.id for post in old if post is not old[30]}
    assert any("?before=" in request.target for request in previews.requests)
    assert not stage.alerts()


@pytest.mark.parametrize(
    "answer", ["429 Slow Down\r\nRetry-After: 1", "500 Oops", "503 Busy\r\nRetry-After: 1"]
)
async def test_a_server_that_is_busy_is_asked_again_later(
    stage: Any, previews: Previews, answer: str
) -> None:
    await run_without_account(stage)
    await stage.chat.ask("/alert ferry")
    previews.answers.append(answer)
    post = await stage.news.post("The ferry sails")
    await stage.wait_stored(post)
    await stage.chat.wait_for("The ferry sails")
    answered = [request.status for request in previews.requests]
    assert answered.count(int(answer[:3])) == 1


async def test_a_channel_without_preview_is_told_once_and_the_others_go_on(
    stage: Any, previews: Previews
) -> None:
    stage.sandbox.add_channel("Far Shore", username="far_shore")
    previews.closed.add("far_shore")
    await stage.chat.send("/start")
    service = await run_without_account(
        stage, CHANNELS="@far_shore @harbour -1001234567890", ADMINS=str(stage.ann.id)
    )
    notice = await stage.chat.wait_for("it has no web preview")
    assert "@far_shore" in notice.text
    await service.wait_line("it has no web preview")
    await stage.chat.wait_for("only a user account can read it")
    await stage.chat.ask("/alert ferry")
    await stage.news.post("The ferry goes on")
    await stage.chat.wait_for("The ferry goes on")
    assert "⚠️ it has no web preview" in (await stage.chat.ask("/channels")).text
    told = [message for message in stage.chat.messages if "can't be read" in message.text]
    assert len(told) == 2


@pytest.mark.parametrize("numbered", [True, False])
async def test_a_channel_that_moves_between_account_and_preview_has_each_post_once(
    stage: Any, previews: Previews, numbered: bool
) -> None:
    previews.numbered = numbered
    await stage.log_in()
    posts: list[Any] = []

    async def post(count: int) -> None:
        parts = await stage.news.post_album([media.photo(), media.photo()], f"A ferry {len(posts)}")
        posts.append(parts[0])
        for _ in range(count):
            posts.append(await stage.news.post(f"The ferry, part {len(posts)}"))
        await stage.wait_database(are_stored)
        await stage.wait_drained()

    async def are_stored(_: Any) -> bool:
        # Under which id depends on what the source knows of the channel.
        stored = {int(item["doc_id"].rpartition("/")[2]) for item in documents(stage)}
        return stored == {item.id for item in posts}

    service = await run_without_account(stage)
    await stage.chat.ask("/alert ferry")
    await post(3)
    await service.stop()
    service = await stage.run(**QUICK)
    await post(3)
    await service.stop()
    service = await run_without_account(stage)
    await post(3)
    await service.stop()
    await stage.run(**QUICK)
    await post(1)

    kept = {f"tg:{stage.news.id}/{item.id}" for item in posts}

    async def are_one(_: Any) -> bool:
        return {item["doc_id"] for item in documents(stage)} == kept

    await stage.wait_database(are_one)
    assert len(documents(stage)) == len(posts)
    assert len(stage.alerts()) == len(posts)


async def test_a_name_that_has_moved_to_another_channel_is_not_taken_for_it(
    stage: Any, previews: Previews
) -> None:
    await stage.chat.send("/start")
    await run_without_account(stage, ADMINS=str(stage.ann.id))
    post = await stage.news.post("The ferry sails")
    await stage.wait_stored(post)
    await stage.news.set_username("harbour_office")
    other = stage.sandbox.add_channel("Harbour Fans", username="harbour")
    stranger = await other.post("The ferry of the fans")
    await stage.chat.wait_for("its name belongs to another channel now")
    assert [item["doc_id"] for item in documents(stage)] == [f"tg:{stage.news.id}/{post.id}"]
    assert stranger.channel.id != stage.news.id

    # The newcomer is watched when a person says so; the other stays what it is.
    asked = await stage.chat.ask("/watch @harbour")
    assert "Harbour News was put on the list as @harbour" in asked.text
    await stage.chat.press(asked, asked.buttons[0][0])
    await stage.wait_database(_is_read("harbour", other.id))
    later = await other.post("The ferry of the fans again")
    await stage.wait_stored(later)
    await stage.chat.ask("/watch @harbour_office")
    await stage.wait_database(_is_read("harbour_office", stage.news.id))
    own = await stage.news.post("The ferry sails on")
    await stage.wait_stored(own)


def _is_read(username: str, number: int) -> Callable[[Any], Awaitable[bool]]:
    async def look(conn: Any) -> bool:
        known = await channels.find_channel(conn, username=username)
        return known is not None and known.channel_id == number and known.error is None

    return look
