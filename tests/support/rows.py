"""A table of pure logic as one test: the quick profile's way.

To collect a test, to set it up and to tell of it takes pytest some milliseconds, a row of most
tables microseconds. So a test that asks for nothing but what stands in its rows is one test there:
every row is tried, and each that fails is named. Of a table whose rows need more, a database of
their own for instance, the whole quick look tries one.
"""

import hashlib
import inspect
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias

import pytest
from _pytest.mark.structures import Mark, ParameterSet
from hypothesis import is_hypothesis_test

Row: TypeAlias = Mapping[str, Any]

FEW = 1
"""The number of rows that the quick look tries of a table that is not one test."""

SHARED = {"logging_as_it_was", "event_loop_policy", "one_connection_at_a_time"}
"""What all tests are given, and what may be given once for all rows."""


def collect(collector: pytest.Module, name: str, test: object) -> pytest.Function | None:
    """The test with all its rows; None for one that is collected as ever."""
    rows = list_rows(test)
    if len(rows) < 2 or not collector.istestfunction(test, name):
        return None

    def every_row() -> None:
        try_each(test, rows)

    item = pytest.Function.from_parent(collector, name=name, callobj=every_row)
    return None if set(item.fixturenames) - SHARED else item


def list_rows(test: object) -> list[Row]:
    """The rows of a table, none of anything else."""
    if not inspect.isfunction(test) or inspect.iscoroutinefunction(test):
        return []
    marks: Sequence[Mark] = getattr(test, "pytestmark", ())
    if is_hypothesis_test(test) or not all(map(_is_plain, marks)):
        return []
    rows: list[Row] = [{}]
    for mark in marks:
        rows = [{**row, **more} for row, more in itertools.product(rows, _read(mark))]
    wanted = inspect.signature(test).parameters.keys()
    return rows if all(row.keys() == wanted for row in rows) else []


def _is_plain(mark: Mark) -> bool:
    """Whether it is a table with nothing said of its rows but their names."""
    if mark.name != "parametrize" or len(mark.args) != 2 or mark.kwargs.keys() - {"ids"}:
        return False
    return isinstance(mark.args[1], Collection) and not any(
        isinstance(row, ParameterSet) and row.marks for row in mark.args[1]
    )


def _read(mark: Mark) -> list[Row]:
    names, is_bare = ParameterSet._parse_parametrize_args(*mark.args)
    sets = ParameterSet._parse_parametrize_parameters(mark.args[1], is_bare)
    return [dict(zip(names, one.values, strict=True)) for one in sets]


def leave_out(items: Sequence[pytest.Item], seed: int) -> set[pytest.Item]:
    """The rows that are left to the gate: all but ``FEW`` of each table that is no one test."""
    tables: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if hasattr(item, "callspec"):
            tables[item.nodeid.partition("[")[0]].append(item)
    left: set[pytest.Item] = set()
    for listed in tables.values():
        left.update(sorted(listed, key=lambda item: _draw(item, seed))[FEW:])
    return left


def _draw(item: pytest.Item, seed: int) -> bytes:
    return hashlib.sha256(f"{seed} {item.nodeid}".encode()).digest()


def try_each(test: Callable[..., None], rows: Sequence[Row]) -> None:
    """Try all rows. Raises what the one that fails raises, or an ExceptionGroup of many, with the
    row noted at each."""
    failed: list[Exception] = []
    for row in rows:
        try:
            test(**row)
        except pytest.skip.Exception:
            continue
        except pytest.fail.Exception as error:
            failed.append(_noted(AssertionError(str(error)), row))
        except Exception as error:
            failed.append(_noted(error, row))
    if len(failed) > 1:
        raise ExceptionGroup(f"{len(failed)} of {len(rows)} rows", failed)
    if failed:
        raise failed[0]


def _noted(error: Exception, row: Row) -> Exception:
    error.add_note("the row: " + ", ".join(f"{name}={value!r}" for name, value in row.items()))
    return error
