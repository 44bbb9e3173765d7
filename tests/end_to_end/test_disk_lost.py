"""A disk that can be written no more, a folder whose rights are lost, a file that is damaged: while
the service runs. It is said once, nothing is lost, and nothing comes twice."""

import os
import sys
from typing import Any

from broken_disk import broken_disk

PLAIN = ("-m", "bot", "run")
SETTINGS = {"RECONCILE_INTERVAL": "2", "SCAN_REQUESTS_PER_MINUTE": "600"}


async def posted(stage: Any, first: int, last: int) -> list[Any]:
    return [await stage.news.post(f"The ferry, part {n}x") for n in range(first, last)]


def told(stage: Any) -> list[str]:
    """The parts that Ann was told of, once each."""
    return sorted(text.split("part ")[1].split()[0] for text in stage.told("🔔"))


async def begun(stage: Any, *, program: tuple[str, ...] = PLAIN) -> Any:
    """A service that has told of three posts."""
    service = stage.cold_process(**SETTINGS)
    await service.start(program=program)
    await service.wait_ready(120)
    await stage.chat.ask("/alert ferry", timeout=120)
    await posted(stage, 0, 3)
    await stage.sandbox.wait_for(lambda: len(told(stage)) == 3 or None)
    return service


async def goes_on(stage: Any) -> None:
    """What was posted and said meanwhile comes with the next start, once."""
    await stage.run(**SETTINGS)
    await stage.chat.wait_for("Alert set: barge", timeout=120)
    await stage.sandbox.wait_for(lambda: len(told(stage)) >= 6 or None, timeout=120)
    await stage.wait_drained()
    assert told(stage) == [f"{number}x" for number in range(6)]
    assert not stage.sandbox.ledger.duplicates


async def test_a_disk_that_turns_read_only_is_told_and_nothing_is_lost(operated_stage: Any) -> None:
    """As Linux does where a disk fails: it is written again only after it was mounted anew."""
    stage = operated_stage
    with broken_disk(stage.folder / "data") as disk:
        service = await begun(stage)
        disk.fail()
        await posted(stage, 3, 6)
        await stage.chat.send("/alert barge")
        await stage.until_reasons("write")
        await stage.until_told("I can't write anything down at the moment")
        assert await service.stop(20) == 0
        assert len(service.find_lines("trouble", "cause=disk")) == 1
        assert not service.find_lines("Traceback")
        again = stage.process(**SETTINGS)
        await again.start()
        assert await again.wait() == 1
        assert "Read-only file system" in again.lines[-1]
        disk.mend()
        await goes_on(stage)
        await stage.end()


def obeying_rights() -> tuple[str, ...]:
    """The service as a user whom the rights of files bind; root is one without some powers."""
    if os.getuid():
        return PLAIN
    powers = "--bounding-set=-dac_override,-dac_read_search,-fowner"
    command = ["setpriv", powers, sys.executable, *PLAIN]
    return ("-c", f"import os; os.execvp('setpriv', {command!r})")


async def test_rights_that_are_lost_are_told_once_and_it_goes_on(operated_stage: Any) -> None:
    stage = operated_stage
    service = await begun(stage, program=obeying_rights())
    data = stage.folder / "data"
    data.chmod(0)
    try:
        await posted(stage, 3, 6)
        await stage.until_reasons("write")
        await stage.sandbox.wait_for(lambda: len(told(stage)) == 6 or None)
        await service.wait_line("the files of the database were not found")
    finally:
        data.chmod(0o700)
    await stage.until_reasons()
    assert await service.stop(20) == 0
    for words in ("cause=disk reason=write what=", "the files of the database were not found"):
        assert len(service.find_lines(words)) == 1
    assert not service.find_lines("Traceback")
    assert told(stage) == [f"{number}x" for number in range(6)]


async def test_a_database_that_is_damaged_is_told_without_a_trace(operated_stage: Any) -> None:
    stage = operated_stage
    service = await begun(stage)
    path = stage.folder / "data" / "dateline.db"
    os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)
    await posted(stage, 3, 6)
    await stage.chat.send("/search ferry")
    await stage.until_told("Something went wrong")
    await stage.until_reasons("database")
    await service.stop(20)
    assert not service.find_lines("Traceback")
    assert service.find_lines("cause=damage")
    again = stage.process(**SETTINGS)
    await again.start()
    assert await again.wait() == 1
    assert "the database is damaged; restore it from a backup" in again.lines[-1]
