"""The quick profile tries each row of a table, and names those that fail."""

import ast
import itertools
from pathlib import Path
from typing import Any

import pytest
import rows


@pytest.mark.parametrize("base", [10, 16])
@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), pytest.param("x", 0, id="no number"), ("9", 8)]
)
def table(text: str, number: int, base: int) -> None:
    assert int(text, base) == number


def test_a_table_has_every_row_of_all_its_marks() -> None:
    texts = [("7", 7), ("x", 0), ("9", 8)]
    wanted = [
        {"text": text, "number": number, "base": base}
        for (text, number), base in itertools.product(texts, (10, 16))
    ]
    assert sorted(rows.list_rows(table), key=str) == sorted(wanted, key=str)


def test_every_row_that_fails_is_named() -> None:
    with pytest.raises(ExceptionGroup) as told:
        rows.try_each(table, rows.list_rows(table))
    named = sorted(error.__notes__[0] for error in told.value.exceptions)
    assert [note.count("text='x'") for note in named] == [0, 0, 1, 1]
    assert all("base=1" in note for note in named)
    assert {type(error) for error in told.value.exceptions} == {AssertionError, ValueError}


def test_one_that_fails_fails_as_it_would_alone() -> None:
    with pytest.raises(AssertionError) as told:
        rows.try_each(table, [{"text": "7", "number": 7, "base": 10}, NINE])
    assert told.value.__notes__ == ["the row: text='9', number=8, base=10"]
    rows.try_each(table, [{"text": "7", "number": 7, "base": 10}])


NINE: dict[str, Any] = {"text": "9", "number": 8, "base": 10}


@pytest.mark.parametrize("one", [pytest.param(1, marks=pytest.mark.xfail)])
def marked(one: int) -> None: ...


@pytest.mark.parametrize("one", [1, 2], indirect=True)
def indirect(one: int) -> None: ...


@pytest.mark.parametrize("one", [1, 2])
def with_a_fixture(one: int, tmp_path: Any) -> None: ...


@pytest.mark.parametrize("one", [1, 2])
@pytest.mark.end_to_end
def end_to_end(one: int) -> None: ...


@pytest.mark.parametrize("one", [1, 2])
async def asynchronous(one: int) -> None: ...


def test_what_needs_more_than_its_rows_is_collected_as_ever() -> None:
    for test in (marked, indirect, with_a_fixture, end_to_end, asynchronous, rows.list_rows):
        assert rows.list_rows(test) == []


def _is_automatic(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    told = [ast.unparse(one) for one in function.decorator_list]
    return any("pytest.fixture" in one and "autouse=True" in one for one in told)


def test_what_a_folder_gives_all_its_tests_leaves_their_tables_one_test() -> None:
    files = list(Path(__file__).parent.rglob("conftest.py"))
    given = {
        one.name
        for path in files
        for one in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and _is_automatic(one)
    }
    assert given
    assert given <= rows.SHARED


class _Row(pytest.Item):
    """One row of a table that is no one test."""

    callspec = None

    def runtest(self) -> None:
        """Nothing."""


def test_of_other_tables_a_few_rows_are_tried_others_each_time(
    request: pytest.FixtureRequest,
) -> None:
    names = [f"{table}[{row}]" for table in ("one", "two") for row in range(9)]
    items = [_Row.from_parent(request.session, name=name) for name in [*names, "three[0]"]]
    tried = [
        [item.name for item in items if item not in rows.leave_out(items, seed)]
        for seed in range(100)
    ]
    assert {len(few) for few in tried} == {2 * rows.FEW + 1}
    assert all(few[-1] == "three[0]" for few in tried)
    assert {name for few in tried for name in few} == {item.name for item in items}
    assert rows.leave_out([request.node], 1) == set()
