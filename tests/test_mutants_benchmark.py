"""The small faults that the benchmark of the tests makes: real ones, and in the program alone."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

PROGRAM = Path(__file__).resolve().parent.parent / "benchmarks" / "mutations.py"

SOURCE = '''"""A module: 1 < 2."""
log = make("x")


class Desk:
    """Not 3 == 4."""

    async def find(self, limit: "int" = 5) -> "str | None":
        """Find 1 and 2."""
        log.info("found", limit=limit, count=7)
        if limit <= 3 and not self.busy:
            self.count += 1
            return await self.ask(limit, "word", size=2)
        raise ValueError("some words for people")

    SQL = "SELECT * FROM desk WHERE id = ? AND state = 'open' ORDER BY day, id"
'''


@pytest.fixture(scope="module")
def mutations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutations", PROGRAM)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutations"] = module
    spec.loader.exec_module(module)
    return module


def changed_lines(mutations: ModuleType) -> dict[str, set[str]]:
    """The lines that the faults of each kind leave."""
    raw = SOURCE.encode()
    found: dict[str, set[str]] = {kind: set() for kind in mutations.KINDS}
    for one in mutations.find_mutations("desk.py", raw):
        after = one.apply(raw)
        if mutations.is_program(after):
            pairs = zip(SOURCE.split("\n"), after.decode().split("\n"), strict=True)
            found[one.kind] |= {new.strip() for old, new in pairs if old != new}
    return found


def test_each_kind_of_fault_is_made(mutations: ModuleType) -> None:
    found = changed_lines(mutations)
    assert found["comparison"] == {"if limit < 3 and not self.busy:"}
    assert "if limit <= 3 or not self.busy:" in found["boolean"]
    assert "if limit <= 3 and self.busy:" in found["boolean"]
    assert "if limit <= 4 and not self.busy:" in found["constant"]
    assert found["arithmetic"] == {"self.count -= 1"}
    assert "pass" in found["statement"]
    assert 'return await self.ask("word", limit, size=2)' in found["argument"]
    assert 'return await self.ask(limit, "word", )' in found["argument"]
    sql = "SELECT * FROM desk WHERE id = ? {} ORDER BY {}"
    for where, order in (
        ("OR state = 'open'", "day, id"),
        ("AND state <> 'open'", "day, id"),
        ("AND state = 'open'", "id"),
        ("AND state = 'open'", "day"),
    ):
        assert f'SQL = "{sql.format(where, order)}"' in found["sql"]
    assert f'SQL = "{sql.format("", "day, id").replace("  ", " ")}"' in found["sql"]


def test_no_docstring_annotation_log_line_or_text_is_touched(mutations: ModuleType) -> None:
    raw = SOURCE.encode()
    for one in mutations.find_mutations("desk.py", raw):
        after = one.apply(raw).decode()
        for kept in (
            '"""A module',
            '"""Not 3',
            '"""Find 1',
            'log.info("found", limit=limit, count=7)',
        ):
            assert kept in after
        assert '"int"' in after
        assert one.within in ("", "Desk", "Desk.find")
