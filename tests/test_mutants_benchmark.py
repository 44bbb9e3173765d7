"""The small faults that the benchmark of the tests makes: real ones, and in the program alone."""

from pathlib import Path
from types import ModuleType
from typing import Any

import programs
import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"

SOURCE = '''"""A module: 1 < 2."""
log = make("x")


class Desk:
    """Not 3 == 4."""

    async def find(self, limit: "int" = 5) -> "str | None":
        """Find 1 and 2."""
        log.info("found", limit=limit, count=7)
        if limit <= 3 and not self.busy:
            self.count += 1
            return await self.ask(max(limit, 9), "word", size=2)
        raise ValueError("some words for people")

    SQL = "SELECT * FROM desk WHERE id = ? AND state = 'open' ORDER BY day, id"
'''


def load(name: str) -> ModuleType:
    return programs.load(programs.BENCHMARKS / f"{name}.py")


@pytest.fixture(scope="module")
def mutations() -> ModuleType:
    return load("mutations")


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
    assert 'return await self.ask("word", max(limit, 9), size=2)' in found["argument"]
    assert 'return await self.ask(max(limit, 9), "word", )' in found["argument"]
    assert not [line for line in found["argument"] if "max(9" in line]
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


TREE = {
    "bot/boats/desk.py": "def hire(days):\n  return days > 3\n\ndef tell():\n  return 'wharf'\n",
    "bot/boats/quay.py": "from bot.boats.desk import hire\n",
    "tests/bot/boats/test_desk.py": "",
    "tests/bot/boats/test_quay.py": "from bot.boats import quay\n",
    "tests/bot/boats/test_sail.py": "",
    "tests/bot/test_boats.py": "from bot.boats.desk import hire\n\ndef test_one():\n    hire(3)\n",
    "tests/bot/test_other.py": "",
    "tests/handlers/test_wharf.py": "WORDS = ['the', 'wharf']\n",
    "tests/end_to_end/test_hiring.py": "from bot.boats.desk import hire\n",
}
"""A program and its tests, by path."""


@pytest.mark.parametrize(
    ("within", "near", "far"),
    [
        ("hire", ["test_desk.py", "test_boats.py", "test_quay.py"], ["test_sail.py"]),
        ("tell", ["test_desk.py", "test_boats.py"], ["test_wharf.py", "test_quay.py"]),
    ],
)
def test_the_tests_of_a_fault_are_those_that_names_and_imports_point_to(
    mutations: ModuleType, tmp_path: Path, within: str, near: list[str], far: list[str]
) -> None:
    for name, source in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    raw = TREE["bot/boats/desk.py"].encode()
    found = mutations.find_mutations("bot/boats/desk.py", raw)
    one = next(fault for fault in found if fault.within == within)
    choice = load("mutants_choice").Tests(tmp_path).choose(one)
    assert [Path(test).name for test in choice.near] == near
    assert [Path(test).name for test in choice.far][: len(far)] == far
    assert [Path(test).name for test in choice.whole] == ["test_hiring.py"]
    assert len(choice.near + choice.far + choice.whole) == 7


NAMED = "tests/test_desk.py::test_hire"
SLOW = "tests/end_to_end/test_hiring.py::test"


class Runner:
    """Runs that end as they are said to, one after the other."""

    def __init__(self, tree: Path, ends: list[Any]) -> None:
        self.tree = tree
        self.ends = ends
        self.asked: list[tuple[str, bool]] = []

    def run(self, tests: list[str], *, quick: bool) -> Any:
        self.asked += [(Path(test).name, quick) for test in tests]
        return self.ends.pop(0)


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (["failed"], NAMED),
        (["hung", "fine", "hung"], f"hung {NAMED}"),
        (["hung", "fine", "fine"], ""),
        (["hung", "hung"], ""),
        (["processes", "fine", "processes"], SLOW),
        (["processes", "fine", "fine"], ""),
        (["processes", "processes"], ""),
        (["fine"], ""),
    ],
)
def test_what_hangs_or_fails_for_the_machine_has_not_noticed_it(
    mutations: ModuleType, tmp_path: Path, ends: list[str], told: str
) -> None:
    load("mutants_choice")
    mutants = load("mutants")
    made = {
        "failed": mutants.Ran(failed=[NAMED], hung=False, seconds=1.0),
        "hung": mutants.Ran(failed=[], hung=True, seconds=1.0),
        "fine": mutants.Ran(failed=[], hung=False, seconds=1.0),
        "processes": mutants.Ran(failed=[SLOW], hung=False, seconds=1.0),
    }
    (tmp_path / "desk.py").write_text(SOURCE)
    fault = mutations.find_mutations("desk.py", SOURCE.encode())[0]
    runner = Runner(tmp_path, [made[end] for end in ends])
    trial = mutants.Trial([runner], near=1.0, far=1.0, whole=1.0, then=[NAMED])
    assert trial._fails(runner, fault, [NAMED], None) == told
    assert not runner.ends
    assert (tmp_path / "desk.py").read_text() == SOURCE


def test_what_quick_tests_do_not_notice_is_tried_with_every_example_and_processes(
    mutations: ModuleType, tmp_path: Path
) -> None:
    choice, mutants = load("mutants_choice"), load("mutants")
    for name, source in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    fault = mutations.find_mutations("bot/boats/desk.py", TREE["bot/boats/desk.py"].encode())[0]
    fine = mutants.Ran(failed=[], hung=False, seconds=1.0)
    failed = mutants.Ran(failed=[SLOW], hung=False, seconds=1.0)
    runner = Runner(tmp_path, [*[fine] * 6, failed, fine, failed])
    trial = mutants.Trial([runner], near=9.0, far=9.0, whole=9.0, then=[])
    trial._tests = choice.Tests(tmp_path)
    told = trial.run(fault)
    assert told == f"end to end, {SLOW}"
    near, rest = runner.asked[0][0], [one for one in runner.asked if one[1]]
    assert (near, len(rest)) == ("test_desk.py", 6)
    thorough = [name for name, quick in runner.asked if not quick]
    assert thorough[0] == near
    assert thorough[-1] == "test_hiring.py"
    assert set(thorough[:-3]) < {name for name, _ in rest}
