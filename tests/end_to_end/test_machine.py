"""What the machine refuses for a while ends nothing, loses nothing and doubles nothing."""

import asyncio
import resource
from pathlib import Path
from typing import Any

import httpx2
import pytest
from addresses import free_address
from plain_web import plain_web

from bot.sandbox.disk import small_disk


async def test_what_comes_while_the_disk_is_full_is_stored_and_sent_when_there_is_room(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    ledger = stage.sandbox.ledger
    with small_disk(stage.folder / "data") as disk:
        service = stage.cold_process()
        await service.start(program=disk.program)
        await service.wait_ready(120)
        await stage.chat.ask("/alert ferry")
        # One whose outcome can't be written down, and many that can't be stored.
        late = stage.sandbox.faults.delay("messages.sendMessage", 1.0, times=1, account=stage.bot)
        posts = [await stage.news.post("The ferry that sailed before")]
        await late.wait_hit()
        disk.fill(service.pid)
        for number in range(60):
            words = "ferry" if number % 20 == 0 else "barge"
            posts.append(await stage.news.post(f"The {words} {number} " + f"tide{number} " * 400))
        await service.wait_line("cause=disk")
        disk.make_room(service.pid)

        await service.wait_line("stored", "post=", timeout=120, count=len(posts))
        await service.wait_line("trouble is over", "cause=disk")
        await stage.sandbox.wait_for(lambda: len(stage.alerts()) >= 4 or None)
        assert await service.stop(20) == 0
        disk.bring_back()
    assert len(service.find_lines("cause=disk", "what=")) == 1
    assert "Traceback" not in "\n".join(service.lines)
    await stage.wait_stored(*posts)
    await stage.run()
    await stage.wait_drained()
    assert len(stage.alerts()) == 4
    assert not ledger.duplicates


async def test_a_start_on_a_full_disk_is_one_line(ready_stage: Any) -> None:
    stage = ready_stage
    with small_disk(stage.folder / "data") as disk:
        disk.fill()
        service = stage.cold_process()
        await service.start(program=disk.program)
        assert await service.wait() == 1
    told = [line for line in service.lines if "[app] version=" not in line]
    assert [line.split(":")[:2] for line in told] == [["dateline", " error"]]


async def test_what_comes_while_no_file_can_be_opened_is_stored_and_sent_later(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    address = free_address()
    service = await stage.run(METRICS_ADDRESS=address)
    await stage.chat.ask("/alert ferry")
    before = resource.prlimit(service.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(service.pid, resource.RLIMIT_NOFILE, (3, before[1]))
    stage.sandbox.drop_connections(stage.watcher)
    await stage.sandbox.wait_offline(stage.watcher)
    posts = [await stage.news.post(f"The ferry, part {number}") for number in range(5)]
    await service.wait_line("cause=files")
    async with plain_web() as web:
        with pytest.raises(httpx2.TransportError):
            await web.get(f"http://{address}/livez", timeout=1)
    stage.sandbox.drop_connections(stage.bot)
    await stage.chat.send("/alert barge")
    resource.prlimit(service.pid, resource.RLIMIT_NOFILE, before)

    posts.append(await stage.news.post("A barge follows"))
    await stage.wait_stored(*posts)
    await stage.wait_drained()
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) >= 5 or None)
    await service.wait_line("trouble is over", "cause=files")
    async with plain_web() as web:
        assert (await web.get(f"http://{address}/livez", timeout=120)).is_success
    assert "Traceback" not in "\n".join(service.lines)
    assert not stage.sandbox.ledger.duplicates
    assert await service.stop(20) == 0


@pytest.mark.parametrize("way", ["stall", "hang_up"])
async def test_nobody_who_reads_the_log_is_waited_for(ready_stage: Any, way: str) -> None:
    stage = ready_stage
    service = await stage.run(LOG_LEVEL="debug")
    await stage.chat.ask("/alert ferry")
    getattr(service, way)()
    posts = [await stage.news.post(f"The barge, part {number}") for number in range(200)]
    posts.append(await stage.news.post("The ferry"))
    await stage.sandbox.wait_for(lambda: stage.alerts() or None)
    await stage.wait_stored(*posts)
    if way == "stall":
        service.read_on()
        await service.wait_line("sent", f"tg:{stage.news.id}/{posts[-1].id}")
    assert await service.stop(20) == 0


async def test_a_post_has_one_name_from_stored_to_sent_and_no_query_is_logged(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    service = await stage.run(LOG_LEVEL="debug")
    await stage.chat.ask("/alert ferry OR wombatum")
    post = await stage.news.post("The ferry sails")
    place = f"tg:{stage.news.id}/{post.id}"
    await service.wait_line("sent", f"post={place}")
    await stage.chat.ask("/search wombatum kangarooum")
    await stage.chat.ask('/alert wombatum"')
    await stage.chat.ask("wombatum")
    await stage.chat.inline("wombatum")
    assert await service.stop(20) == 0
    named = [line for line in service.lines if place in line]
    assert all(service.find_lines(word, f"post={place}") for word in ("stored", "queued", "sent"))
    assert all(f"post={place}" in line for line in named)
    assert not service.find_lines("wombat")
    assert not service.find_lines("kangaroo")


def memory_of(pid: int) -> int:
    """The bytes of address space that a process has."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()


async def test_where_memory_is_refused_it_ends_with_a_line_and_nothing_is_lost(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    service = await stage.run()
    await stage.chat.ask("/alert ferry")
    used = memory_of(service.pid)
    resource.prlimit(service.pid, resource.RLIMIT_AS, (used, used))
    posts = []
    for number in range(40):
        words = "ferry" if number % 20 == 0 else "barge"
        posts.append(await stage.news.post(f"The {words} {number} " + f"tide{number} " * 400))
    await stage.chat.send("/search barge")
    ending = asyncio.create_task(service.wait())
    # It may live through that as well: then it is ended.
    done, _ = await asyncio.wait({ending}, timeout=5)
    await service.kill()
    if done:
        assert await ending == 1
        assert service.lines[-1].startswith("dateline: error: "), "\n".join(service.lines)
    assert "Traceback" not in "\n".join(service.lines)

    await stage.run()
    await stage.wait_stored(*posts)
    await stage.wait_drained()
    assert len(stage.alerts()) == 2
