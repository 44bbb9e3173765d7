"""Log lines are written in order, and whoever reads them holds nothing up."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.process import log_writer
from bot.process.log_writer import LineWriter, write_some


class Pipe:
    """A pipe, with a writer at one end."""

    def __init__(self, most_bytes: int = log_writer.MOST_BYTES) -> None:
        self.source, self.target = os.pipe()
        self.writer = LineWriter(
            self.target, lambda count: f"dropped {count}", most_bytes=most_bytes
        )

    def lines(self) -> list[str]:
        """What has been written, after the writer has ended."""
        os.close(self.target)
        with os.fdopen(self.source, encoding="utf-8") as file:
            return file.read().splitlines()


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    made.writer.close(0.0)


def test_lines_of_many_threads_are_whole_and_in_the_order_of_each(pipe: Pipe) -> None:
    def say(name: str) -> None:
        for number in range(50):
            pipe.writer.say(f"{name} {number}")

    threads = [threading.Thread(target=say, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.writer.close(30)
    lines = pipe.lines()
    assert len(lines) == 200
    for name in "abcd":
        assert [line for line in lines if line.startswith(name)] == [
            f"{name} {n}" for n in range(50)
        ]


def test_a_reader_that_stalls_holds_nobody_up_and_is_told_what_is_missing_where() -> None:
    pipe = Pipe(most_bytes=20_000)
    for number in range(20_000):
        pipe.writer.say(f"line {number}")

    number = dropped = 0
    with os.fdopen(pipe.source, encoding="utf-8") as file:
        while number < 20_000:
            kind, count = file.readline().split()
            if kind == "line":
                assert int(count) == number
            number += 1 if kind == "line" else int(count)
            dropped += kind == "dropped"
    assert dropped
    pipe.writer.close(30)
    os.close(pipe.target)


def test_a_reader_that_has_left_is_nobodys_trouble(pipe: Pipe) -> None:
    os.close(pipe.source)
    for number in range(100):
        pipe.writer.say(f"line {number}")
    pipe.writer.close(30)
    assert not pipe.writer._thread.is_alive()
    os.close(pipe.target)


def test_what_a_full_disk_refused_is_counted_when_there_is_room(tmp_path: Path) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    writer = LineWriter(full, lambda count: f"dropped {count}")
    for _ in range(3):
        writer.say("lost")
    while not writer._is_failing:
        os.sched_yield()
    path = tmp_path / "log"
    roomy = os.open(path, os.O_WRONLY | os.O_CREAT)
    os.dup2(roomy, full)
    writer.say("kept")
    writer.close(30)
    os.close(full)
    os.close(roomy)
    lines = path.read_text().splitlines()
    assert lines[0] == "kept"
    assert lines[1:] == ["dropped 3"]


def test_a_pipe_takes_what_it_can_and_the_rest_waits() -> None:
    source, target = os.pipe()
    os.set_blocking(target, False)
    assert write_some(target, memoryview(b"x" * 10_000), seconds=30.0) == log_writer.PIECE
    while write_some(target, memoryview(b"x" * 10_000), seconds=0.0):
        pass
    assert write_some(target, memoryview(b"x"), seconds=0.01) == 0
    os.close(source)
    with pytest.raises(BrokenPipeError):
        write_some(target, memoryview(b"x"), seconds=30.0)
    os.close(target)


def test_the_writer_goes_on_where_memory_is_refused_to_it(
    monkeypatch: pytest.MonkeyPatch, pipe: Pipe
) -> None:
    monkeypatch.setattr(log_writer, "READY_WITHIN", 0.001)
    take, refused = LineWriter._take, []

    def take_or_fail(writer: LineWriter) -> list[bytes]:
        if not refused:
            refused.append(True)
            raise MemoryError
        return take(writer)

    monkeypatch.setattr(LineWriter, "_take", take_or_fail)
    for word in ("first", "second"):
        pipe.writer.say(word)
    pipe.writer.close(30)
    assert refused and pipe.lines() == ["first", "second"]


def test_nothing_is_written_once_it_was_waited_for_long_enough(pipe: Pipe) -> None:
    os.set_blocking(pipe.target, False)
    full = memoryview(b"x" * log_writer.PIECE)
    while write_some(pipe.target, full, seconds=0.0):
        pass
    pipe.writer.say("late")
    pipe.writer.close(0.05)
    pipe.writer._thread.join(30)
    assert not pipe.writer._thread.is_alive()
    assert "late" not in "".join(pipe.lines())
