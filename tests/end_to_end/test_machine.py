"""What the machine refuses for a while ends nothing, loses nothing and doubles nothing."""

import resource
from typing import Any

from bot.sandbox.disk import small_disk


async def test_what_comes_while_the_disk_is_full_is_stored_and_sent_when_there_is_room(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    ledger = stage.sandbox.ledger
    with small_disk(stage.folder / "data") as disk:
        service = stage.process()
        await service.start(program=disk.program)
        await service.wait_ready(60)
        await stage.chat.ask("/alert ferry")
        # One whose outcome can't be written down, and many that can't be stored.
        late = stage.sandbox.faults.delay("messages.sendMessage", 1.0, times=1, account=stage.bot)
        posts = [await stage.news.post("The ferry that sailed before")]
        await late.wait_hit()
        disk.fill(service.pid)
        for number in range(60):
            words = "ferry" if number % 20 == 0 else "barge"
            posts.append(await stage.news.post(f"The {words} {number} " + f"tide{number} " * 400))
        await service.wait_line("cause=disk", timeout=60)
        disk.make_room(service.pid)

        await service.wait_line("stored", "post=", timeout=60, count=len(posts))
        await service.wait_line("trouble is over", timeout=60)
        await stage.sandbox.wait_for(lambda: len(stage.alerts()) >= 4 or None, timeout=60)
        assert await service.stop(10) == 0
        disk.bring_back()
    assert len(service.find_lines("cause=disk", "what=")) == 1
    assert not service.find_lines("Traceback")
    await stage.wait_stored(*posts)
    await stage.run()
    await stage.wait_drained()
    assert len(stage.alerts()) == 4
    assert not ledger.duplicates


async def test_a_start_on_a_full_disk_is_one_line(ready_stage: Any) -> None:
    stage = ready_stage
    with small_disk(stage.folder / "data") as disk:
        disk.fill()
        service = stage.process()
        await service.start(program=disk.program)
        assert await service.wait() == 1
    assert [line.split(":")[:2] for line in service.lines] == [["dateline", " error"]]


async def test_what_comes_while_no_file_can_be_opened_is_stored_and_sent_later(
    ready_stage: Any,
) -> None:
    stage = ready_stage
    service = await stage.run()
    await stage.chat.ask("/alert ferry")
    before = resource.prlimit(service.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(service.pid, resource.RLIMIT_NOFILE, (3, before[1]))
    stage.sandbox.drop_connections(stage.watcher)
    await stage.sandbox.wait_offline(stage.watcher)
    posts = [await stage.news.post(f"The ferry, part {number}") for number in range(5)]
    await service.wait_line("cause=files", timeout=60)
    stage.sandbox.drop_connections(stage.bot)
    await stage.chat.send("/alert barge")
    resource.prlimit(service.pid, resource.RLIMIT_NOFILE, before)

    posts.append(await stage.news.post("A barge follows"))
    await stage.wait_stored(*posts)
    await stage.wait_drained()
    await stage.sandbox.wait_for(lambda: len(stage.alerts()) >= 5 or None, timeout=60)
    await service.wait_line("trouble is over", timeout=60)
    assert not service.find_lines("Traceback")
    assert not stage.sandbox.ledger.duplicates
    assert await service.stop(10) == 0
