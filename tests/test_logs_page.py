"""The page of the log's events names what the code logs: to rename one is to change both."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import parsed
import pytest

ROOT = Path(__file__).parents[1]
LEVELS = {"debug", "info", "warning", "error", "critical", "exception", "log"}

Event = tuple[str, str, str]
"""Level, logger and event."""


def logged(tree: ast.Module) -> Iterator[Event]:
    """What a module logs through its ``log``. An event that is no plain text is an AssertionError:
    it could hold a secret, and nobody could look for it."""
    loggers = [
        node.value.args[0]
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == "structlog.get_logger"
    ]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not (levels := list(levels_of(node.func))):
            continue
        (logger,) = loggers
        varies = levels == ["log"]  # the first argument is the level, of the moment
        for event in texts(node.args[1 if varies else 0]):
            for level in ["varies"] if varies else levels:
                yield level, str(ast.literal_eval(logger)), event


def levels_of(called: ast.expr) -> Iterator[str]:
    """The methods of ``log`` that may be called here; none where something else is."""
    if isinstance(called, ast.IfExp):
        yield from levels_of(called.body)
        yield from levels_of(called.orelse)
    elif (
        isinstance(called, ast.Attribute)
        and isinstance(called.value, ast.Name)
        and called.value.id == "log"
        and called.attr in LEVELS
    ):
        yield called.attr


def texts(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.IfExp):
        yield from texts(value.body)
        yield from texts(value.orelse)
    else:
        assert isinstance(value, ast.Constant), ast.unparse(value)
        assert isinstance(value.value, str)
        yield value.value


def all_logged() -> set[Event]:
    return {event for tree in parsed.list_modules().values() for event in logged(tree)}


@pytest.mark.slow
def test_the_page_names_every_event_and_no_other() -> None:
    page = (ROOT / "docs" / "logs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| (\w+) \| `([^|]+)` \|", page, re.MULTILINE)
    assert set(rows) == all_logged()
    assert len(rows) == len(set(rows))
    order = ["error", "warning", "varies", "info", "debug"]
    assert rows == sorted(rows, key=lambda row: (order.index(row[0]), row[1:]))


def test_an_event_that_is_put_together_is_found() -> None:
    begin = "log = structlog.get_logger('a')\n"
    assert list(logged(ast.parse(begin + "log.info('one' if x else 'two', y=1)"))) == [
        ("info", "a", "one"),
        ("info", "a", "two"),
    ]
    assert list(logged(ast.parse(begin + "(log.error if x else log.info)('one')"))) == [
        ("error", "a", "one"),
        ("info", "a", "one"),
    ]
    assert list(logged(ast.parse(begin + "log.log(level, 'one')"))) == [("varies", "a", "one")]
    for event in ("f'{x} is wrong'", "x", "'it is ' + x"):
        try:
            found = list(logged(ast.parse(f"{begin}log.error({event})")))
        except AssertionError:
            continue
        raise AssertionError(found)
