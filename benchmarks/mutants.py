"""How much of the program the tests see: random small faults, and which of them no test notices.

    python benchmarks/mutants.py --record               # once: which test file calls what
    python benchmarks/mutants.py --record tests/bot     # the same anew for some of them
    python benchmarks/mutants.py --count 150 --seed 1   # needs that record; tells all fates
    python benchmarks/mutants.py --paths bot/health     # those of a folder or a file
    python benchmarks/mutants.py --seed 1 --numbers 7 9 --seconds 900   # these of them once more

Each fault is made in a copy of the tree, without the folder beside it, and tried against the unit
tests of the mirrored folder that call the function it is in, then against all others that do, the
quickest first, and at last against those of ``tests/end_to_end`` that do, where the record knows
them. A test that is newer than the record is tried where it imports the file. What survives is
printed as a diff: whether it changes anything is for you to say, and which test should have failed.
A test may be tried by hand, too: ``--then tests/end_to_end/…``.
"""

import argparse
import difflib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import Queue

from mutations import KINDS, Mutation, find_mutations, is_program

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("bot", "handlers", "storage")
LEFT_OUT = ("bot/sandbox/", "bot/demo", "storage/migrations/")
RECORD = Path(tempfile.gettempdir()) / "dateline_calls.json"
PYTEST = ("-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly", "--tb=no")
AT_START = """
import os
if "PYTEST_CURRENT_TEST" in os.environ:
    import mutants_calls
    mutants_calls.follow()
"""
"""What every Python that a test starts reads first."""
NONE_RUN = 5
"""What pytest ends with where no test was left to run."""
HANGS = 45.0
"""Seconds beyond three times what the tests take by themselves: it hangs, which is seen too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Which functions each test file calls (``path::name``), and the seconds it takes."""

    calls: dict[str, set[str]]
    seconds: dict[str, float]

    def find_tests(self, mutation: Mutation) -> tuple[list[str], list[str], list[str]]:
        """The files that call what it is in: those of the mirrored folder, all others, those that
        are end to end. Where it is in no function, those that call anything in its file."""
        within = f"{mutation.path}::{mutation.within}"
        found = [test for test, called in self.calls.items() if _is_called(within, called)]
        if not found:
            file = mutation.path + "::"
            found = [
                t for t, called in self.calls.items() if any(c.startswith(file) for c in called)
            ]
        found += [test for test in find_importers(mutation.path) if test not in self.calls]
        found.sort(key=lambda test: self.seconds.get(test, 0.0))
        name = f"test_{Path(mutation.path).stem}.py"
        folder = Path("tests", mutation.path).parent
        found.sort(key=lambda test: Path(test).name != name)
        near = [test for test in found if Path(test).parent == folder or Path(test).name == name]
        far = [test for test in found if test not in near]
        whole = [test for test in far if test.startswith("tests/end_to_end/")]
        return near, [test for test in far if test not in whole], whole


def _is_called(within: str, called: set[str]) -> bool:
    return within in called or any(one.startswith(within + ".") for one in called)


@cache
def _imports() -> dict[str, set[str]]:
    """What each test file imports, by its dotted name."""
    found = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        names = {f"{a}.{b}" for a, b in re.findall(r"^from ([\w.]+) import ([\w]+)", text, re.M)}
        names.update(re.findall(r"^(?:from|import) ([\w.]+)", text, re.M))
        found[path.relative_to(ROOT).as_posix()] = names
    return found


def find_importers(path: str) -> list[str]:
    """The test files that import a file of the program by its name, or mirror it."""
    name = path.removesuffix(".py").replace("/", ".")
    mirror = Path("tests", path).parent.as_posix() + f"/test_{Path(path).name}"
    return [test for test, names in _imports().items() if name in names or test == mirror]


def record(to: Path, tests: list[str], jobs: int) -> None:
    """Run the unit tests once with ``mutants_calls`` to write down what each file calls; only
    some tests where these are named, and the rest of the record stays."""
    known = json.loads(to.read_text()) if tests else {"calls": {}, "seconds": {}}
    with tempfile.TemporaryDirectory() as folder:
        tree = copy_tree(Path(folder) / "tree")
        parts = Path(folder) / "calls"
        parts.mkdir()
        (tree / "sitecustomize.py").write_text(AT_START)
        subprocess.run(
            [sys.executable, *PYTEST[:2], "-q", "-n", str(jobs), "--dist", "loadfile", "-p",
             "mutants_calls", *(tests or ["tests", "--ignore=tests/end_to_end"])],
            cwd=tree,
            env=_environment(tree, CALLS_TO=str(parts), CI="", EXAMPLES="quick"),
            check=False,
        )  # fmt: skip
        found = [json.loads(part.read_text()) for part in parts.glob("[0-9]*")]
    calls: dict[str, set[str]] = defaultdict(set)
    for part in found:
        known["seconds"] |= part["seconds"]
        for file, called in part["calls"].items():
            calls[file].update(called)
    known["calls"] |= {file: sorted(called) for file, called in calls.items()}
    to.write_text(json.dumps(known))


def load_record(path: Path) -> Record:
    """What ``record`` wrote."""
    found = json.loads(path.read_text())
    calls = {test: set(called) for test, called in found["calls"].items()}
    return Record(calls=calls, seconds=found["seconds"])


def copy_tree(to: Path) -> Path:
    """A copy of what the repository holds, as it is now, with nothing beside it."""
    git = shutil.which("git") or "git"
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        source = ROOT / name
        if source.is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, to / name)
    return to


def _environment(tree: Path, **more: str) -> dict[str, str]:
    paths = [str(tree), str(tree / "benchmarks")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "CI": "1", **more}


def choose(count: int, seed: int, paths: list[str]) -> list[Mutation]:
    """Random faults, as many of each kind, no two in the same place."""
    by_kind: dict[str, list[Mutation]] = defaultdict(list)
    for path in sorted(path for top in SOURCES for path in (ROOT / top).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith(LEFT_OUT) and (not paths or name.startswith(tuple(paths))):
            for one in find_mutations(name, path.read_bytes()):
                by_kind[one.kind].append(one)
    chance = random.Random(seed)
    for found in by_kind.values():
        chance.shuffle(found)
    chosen: dict[tuple[str, int], Mutation] = {}
    while len(chosen) < count and any(by_kind.values()):
        for kind in KINDS:
            while by_kind[kind]:
                one = by_kind[kind].pop()
                if (one.path, one.start) not in chosen and is_program(one.apply(_read(one))):
                    chosen[one.path, one.start] = one
                    break
    return list(chosen.values())[:count]


def _read(mutation: Mutation) -> bytes:
    return (ROOT / mutation.path).read_bytes()


def diff_of(mutation: Mutation) -> str:
    """What it changes, as a diff."""
    before = _read(mutation)
    lines = difflib.unified_diff(
        before.decode().splitlines(), mutation.apply(before).decode().splitlines(),
        mutation.path, mutation.within or mutation.path, lineterm="", n=2,
    )  # fmt: skip
    return "\n".join(lines)


class Trial:
    """Tries faults, each in one of a few copies of the tree."""

    def __init__(self, trees: list[Path], known: Record, *, most: float, then: list[str]) -> None:
        self._trees: Queue[Path] = Queue()
        for tree in trees:
            self._trees.put(tree)
        self._known = known
        self._most = most
        self._then = then
        self._lock = threading.Lock()
        self._written = int(time.time())

    def run(self, mutation: Mutation) -> str:
        """Which tests noticed it and whether they failed or hung, or ""."""
        tree = self._trees.get()
        path = tree / mutation.path
        before = path.read_bytes()
        try:
            self._write(path, mutation.apply(before))
            return self._noticed(tree, mutation)
        finally:
            self._write(path, before)
            self._trees.put(tree)

    def _write(self, path: Path, content: bytes) -> None:
        """With a time of its own, or Python would take what it compiled before."""
        path.write_bytes(content)
        with self._lock:
            self._written += 2
            os.utime(path, (self._written, self._written))

    def _noticed(self, tree: Path, mutation: Mutation) -> str:
        near, far, whole = self._known.find_tests(mutation)
        looks = {
            "mirrored": near,
            "wider": self._cut(far),
            "end to end": self._cut(whole),
            "named": self._then,
        }
        for by, tests in looks.items():
            there = [test for test in tests if (tree / test.partition("::")[0]).exists()]
            noticed = self._fails(tree, there) if there else ""
            if noticed:
                return f"{by} {noticed}"
        return ""

    def _cut(self, tests: list[str]) -> list[str]:
        """The quickest that end within the time that may be spent."""
        left, taken = self._most, []
        for test in tests:
            left -= self._known.seconds.get(test, 0.0)
            if left < 0:
                break
            taken.append(test)
        return taken

    def _fails(self, tree: Path, tests: list[str]) -> str:
        """Whether they "failed" or "hung"; "" where they passed, or none of them could run."""
        usual = sum(self._known.seconds.get(test, 30.0) for test in tests)
        try:
            ended = subprocess.run(
                [sys.executable, *PYTEST, "-x", *tests],
                cwd=tree,
                env=_environment(tree),
                capture_output=True,
                timeout=usual * 3 + HANGS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "hung"
        return "failed" if ended.returncode not in (0, NONE_RUN) else ""


def main() -> None:
    """Read the command line; print each survivor, then how many died by what."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", nargs="*", help="write down what (these) tests call")
    parser.add_argument("--calls", type=Path, default=RECORD, help="where that is written")
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--paths", nargs="*", default=[], help="only files that begin so")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--numbers", nargs="*", type=int, help="only these of what was drawn")
    parser.add_argument("--seconds", type=float, default=90.0, help="of wider tests for each")
    parser.add_argument("--then", nargs="*", default=[], help="tests to try at last")
    given = parser.parse_args()
    if given.record is not None:
        record(given.calls, given.record, given.jobs)
        return
    drawn = choose(given.count, given.seed, given.paths)
    numbers = given.numbers or range(1, len(drawn) + 1)
    chosen = [drawn[number - 1] for number in numbers]
    with tempfile.TemporaryDirectory() as folder:
        trees = [copy_tree(Path(folder) / str(n) / "tree") for n in range(given.jobs)]
        trial = Trial(trees, load_record(given.calls), most=given.seconds, then=given.then)
        counts: Counter[str] = Counter()
        with ThreadPoolExecutor(given.jobs) as pool:
            tried = pool.map(trial.run, chosen)
            for number, mutation, by in zip(numbers, chosen, tried, strict=True):
                counts[by or "nothing"] += 1
                place = f"{number}: {mutation.kind} in {mutation.path}, {mutation.within}"
                print(f"{place}: {by or 'survived'}", flush=True)
                if not by:
                    print(diff_of(mutation), flush=True)
    died = len(chosen) - counts["nothing"]
    print(f"{died} of {len(chosen)} died: {dict(counts)}")


if __name__ == "__main__":
    main()
