"""Memory refused is told apart from mistakes, and ends a command with one line and no trace."""

import errno
import subprocess
import sys

import pytest

from bot.process import memory


def caused(error: BaseException, by: BaseException) -> BaseException:
    """An error as it is after ``raise error from by``."""
    error.__cause__ = by
    return error


def met(error: BaseException, by: BaseException) -> BaseException:
    """An error that was raised while ``by`` was handled."""
    error.__context__ = by
    return error


def circle() -> BaseException:
    """An error that leads back to itself."""
    error = ValueError()
    error.__context__ = KeyError()
    error.__context__.__context__ = error
    return error


@pytest.mark.parametrize(
    ("error", "is_refused"),
    [
        (MemoryError(), True),
        (SystemError("error return without exception set"), True),
        (OSError(errno.ENOMEM, "no memory"), True),
        (OSError(errno.ENOSPC, "no space"), False),
        (RuntimeError("can't start new thread"), True),
        (RuntimeError("odd"), False),
        (ImportError("Cannot allocate memory"), True),
        (ImportError("x.so: failed to map segment from shared object"), True),
        (ImportError("no module named x"), False),
        (ExceptionGroup("", [ValueError(), ExceptionGroup("", [MemoryError()])]), True),
        (BaseExceptionGroup("", [ValueError(), KeyboardInterrupt()]), False),
        (caused(ValueError(), MemoryError()), True),
        (met(AttributeError(), met(KeyError(), MemoryError())), True),
        (met(AttributeError(), KeyError()), False),
        (met(SystemExit(2), MemoryError()), False),
        (met(KeyboardInterrupt(), MemoryError()), False),
        (circle(), False),
        (None, False),
    ],
)
def test_what_is_memory_refused(error: BaseException | None, is_refused: bool) -> None:
    assert memory.is_refused(error) is is_refused


@pytest.mark.parametrize(("above", "is_refused"), [(99, True), (100, False)])
def test_a_hundred_errors_are_looked_at(above: int, is_refused: bool) -> None:
    error: BaseException = MemoryError()
    for _ in range(above):
        error = met(KeyError(), error)
    assert memory.is_refused(error) is is_refused
    assert memory.is_refused(ExceptionGroup("", [ValueError(), error])) is (above < 99)


BEGINNING = """
import resource, sys
import bot.cli
from bot import __main__
"""
TAKES_ALL = """
def obey():
    kept = []
    with open("/proc/self/statm") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used, used))
    size = 1 << 24
    while True:
        try:
            kept.append(bytes(size))
        except MemoryError:
            if size == 1:
                raise
            size //= 2
bot.cli.main = obey
"""
RAISES = """
def obey():
    print("a result")
    try:
        raise MemoryError
    finally:
        {}.x
bot.cli.main = obey
"""
LEAVES_WHAT_FAILS_AT_THE_END = """
import atexit
def obey():
    atexit.register(lambda: 1 / 0)
    raise SystemError("error return without exception set")
bot.cli.main = obey
"""
CANNOT_SPEAK = (
    """
import bot.process.terminal
def fail(_):
    raise MemoryError
bot.process.terminal.say = fail
"""
    + RAISES
)


@pytest.mark.end_to_end
@pytest.mark.parametrize("program", [TAKES_ALL, RAISES, LEAVES_WHAT_FAILS_AT_THE_END, CANNOT_SPEAK])
def test_a_command_that_gets_no_memory_ends_with_a_line_and_no_trace(program: str) -> None:
    code = f"{BEGINNING}{program}sys.argv[1:] = []\nsys.exit(__main__.main())"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.stderr == f"dateline: error: {memory.REFUSED}\n"
    assert ended.returncode == 1
    assert ended.stdout == ("a result\n" if "a result" in program else "")
