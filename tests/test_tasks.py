"""The tasks of ``./do``, and what holds for all tests and commits."""

import re
import subprocess
from pathlib import Path

import pytest
from sqlites_own import SQLITES_OWN, why_not

ROOT = Path(__file__).parents[1]
TASKS = (ROOT / "do").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
STARTS = re.compile(r"\bsubprocess\.run\(\s*\[sys|create_subprocess|Sandbox\.start\(")


def do(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([ROOT / "do", *words], capture_output=True, text=True, check=False)


def task(name: str) -> str:
    match = re.search(rf"^{name}\(\) {{ # .*\n((?: .*\n)+)}}", TASKS, re.MULTILINE)
    assert match, f"no task {name}"
    return match[1]


def test_the_readme_does_what_the_tasks_do() -> None:
    match = re.search(r"<!-- test -->\n```sh\n(.*)\n```", README)
    assert match
    *steps, last = match[1].split(" && ")
    assert steps == [line.strip() for line in task("setup").splitlines()]
    assert last in task("test")


def test_every_task_is_listed_with_what_it_does() -> None:
    names = re.findall(r"^([a-z-]+)\(\) \{", TASKS, re.MULTILINE)
    lines = do().stdout.splitlines()
    assert [line.split()[0] for line in lines] == names
    assert all(len(line.split()) > 2 for line in lines)


def test_what_is_no_task_is_wrong_use() -> None:
    done = do("nothing")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no task 'nothing'" in done.stderr


def test_the_gate_and_the_hooks_run_tasks_that_there_are() -> None:
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    listed = " ".join(re.findall(r"for task in (.*); do", gate)).split()
    beside = re.findall(r"^\./do (\S+) .*&$", gate, re.MULTILINE)
    assert beside == ["faults"]
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    run = [*listed, *beside, *re.findall(r"entry: \./do (\S+)", hooks)]
    assert len(run) > 8
    for name in run:
        assert task(name)


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("Posts of a page are read in their order\n\nWhy: it says so.\n", 0),
        ("Ж" * 72, 0),
        ("Ж" * 73, 1),
        ("# a comment of git's\n" + "x" * 72 + "\n", 0),
        ("", 1),
        ("\n# nothing but comments\n", 1),
        ("fixup! " + "x" * 72, 0),
    ],
)
def test_a_subject_has_1_to_72_characters(tmp_path: Path, message: str, status: int) -> None:
    path = tmp_path / "message"
    path.write_text(message, encoding="utf-8")
    done = do("subject", str(path))
    assert done.returncode == status, done.stderr
    assert bool(done.stderr) == bool(status)


def test_what_starts_processes_or_the_sandbox_is_marked() -> None:
    tests = [path for path in (ROOT / "tests").rglob("test_*.py") if "end_to_end" not in path.parts]
    starting = {path for path in tests if STARTS.search(path.read_text(encoding="utf-8"))}
    assert len(starting) > 5
    unmarked = [path for path in starting if "mark.end_to_end" not in path.read_text("utf-8")]
    assert unmarked == []


@pytest.mark.parametrize("name", sorted(SQLITES_OWN))
def test_what_is_named_as_sqlites_own_is_there(name: str) -> None:
    file, _, test = name.partition("::")
    text = (ROOT / "tests" / "end_to_end" / file).read_text(encoding="utf-8")
    assert f"async def {test}(" in text if test else "def test_" in text
    assert why_not(f"tests/end_to_end/{file}::{test or 'test_any'}[some]") == SQLITES_OWN[name]
    assert why_not(f"tests/end_to_end/{file}::test_other") in (None, SQLITES_OWN.get(file))
