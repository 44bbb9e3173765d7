"""How much of the program the tests see: random small faults, and which of them no test notices.

    python benchmarks/mutants.py --count 150 --seed 1   # tells the fate of each
    python benchmarks/mutants.py --paths bot/health     # those of a folder or a file
    python benchmarks/mutants.py --seed 1 --numbers 7 9 --whole 900     # these of them once more

Each fault is made in a copy of the tree, without the folder beside it, and tried against the tests
that ``mutants_choice`` finds: those near it, then others, the likeliest first, both as ``./do
quick`` runs them; then those near it whole, with every example and on both engines, and the
likeliest of those that start processes. The first that fails ends the trial. What survives is
printed as a diff: whether it changes anything is for you to say, and which test should have failed.
A test may be tried by hand, too: ``--then tests/end_to_end/…``.
"""

import argparse
import difflib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from mutants_choice import Tests
from mutations import KINDS, Mutation, find_mutations, is_program

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("bot", "handlers", "storage")
LEFT_OUT = ("bot/sandbox/", "bot/demo", "storage/migrations/")
RUNNER = Path(__file__).with_name("mutants_runner.py")
BATCH = 4
"""Test files of one run: each is read before the first of them runs."""
PROCESSES = "tests/end_to_end/"
HANGS = 300.0
"""Seconds after which a run hangs, where the same does not without the fault."""


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


@dataclass(frozen=True, slots=True)
class Ran:
    """Which tests failed, and the processor's time they took."""

    failed: list[str]
    hung: bool
    seconds: float

    @property
    def is_fine(self) -> bool:
        """Whether all passed."""
        return not self.failed and not self.hung


class Runner:
    """A tree, and a process that runs its tests."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self._process = subprocess.Popen(
            [sys.executable, str(RUNNER)],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def run(self, tests: Sequence[str], *, all: bool = False, quick: bool = False) -> Ran:
        """How these ended, where they are there; all of them, or up to the first that fails;
        ``quick``: with few examples, on SQLite alone."""
        assert self._process.stdin is not None and self._process.stdout is not None
        there = [test for test in tests if (self.tree / test.partition("::")[0]).exists()]
        if not there:
            return Ran(failed=[], hung=False, seconds=0.0)
        request = {"tests": there, "most": HANGS * (1 + all), "all": all, "quick": quick}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        return Ran(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


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

    def __init__(
        self,
        runners: Sequence[Runner],
        *,
        near: float,
        far: float,
        whole: float,
        then: list[str],
    ) -> None:
        self._runners: Queue[Runner] = Queue()
        for runner in runners:
            self._runners.put(runner)
        self._tests = Tests(ROOT)
        self._near = near
        self._far = far
        self._whole = whole
        self._then = then
        self._lock = threading.Lock()
        self._written = int(time.time())

    def run(self, mutation: Mutation) -> str:
        """Which tests noticed it and whether they failed or hung, or ""."""
        runner = self._runners.get()
        try:
            return self._noticed(runner, mutation)
        finally:
            self._runners.put(runner)

    def _noticed(self, runner: Runner, mutation: Mutation) -> str:
        with self._lock:
            choice = self._tests.choose(mutation)
        looks = (
            ("near", choice.near, self._near, True),
            ("far", choice.far, self._far, True),
            ("near", choice.near, self._near, False),
            ("end to end", choice.whole, self._whole, False),
            ("named", self._then, None, False),
        )
        for look, tests, most, quick in looks:
            if by := self._fails(runner, mutation, tests, most, quick=quick):
                return f"{look}, {by}"
        return ""

    def _fails(
        self,
        runner: Runner,
        mutation: Mutation,
        tests: Sequence[str],
        most: float | None,
        *,
        quick: bool = False,
    ) -> str:
        """Which noticed it, the first alone and the others some at a time until ``most`` seconds
        are used up; "" where none does, or where they hang without it too."""
        path = runner.tree / mutation.path
        before = path.read_bytes()
        used = 0.0

        def tried(batch: Sequence[str]) -> Ran:
            try:
                self._write(path, mutation.apply(before))
                return runner.run(batch, quick=quick)
            finally:
                self._write(path, before)

        batches = [tests[:1], *(tests[n : n + BATCH] for n in range(1, len(tests), BATCH))]
        for batch in batches:
            if most is not None and used >= most:
                break
            ran = tried(batch)
            used += ran.seconds
            if ran.is_fine:
                continue
            by = ran.failed[0] if ran.failed else f"hung {batch[0]}"
            if ran.failed and "::" in by and not by.startswith(PROCESSES):
                return by
            # Where it is no test that failed, or one of many processes, it may be the machine.
            if runner.run(batch, quick=quick).is_fine and not tried(batch).is_fine:
                return by
        return ""

    def _write(self, path: Path, content: bytes) -> None:
        """With a time of its own, or Python would take what it compiled before."""
        path.write_bytes(content)
        with self._lock:
            self._written += 2
            os.utime(path, (self._written, self._written))


def main() -> None:
    """Read the command line; print each survivor, then how many died by what."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--paths", nargs="*", default=[], help="only files that begin so")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--numbers", nargs="*", type=int, help="only these of what was drawn")
    for look, seconds in (("near", 60.0), ("far", 40.0), ("whole", 30.0)):
        parser.add_argument(f"--{look}", type=float, default=seconds, help="seconds for each")
    parser.add_argument("--then", nargs="*", default=[], help="tests to try at last")
    given = parser.parse_args()
    drawn = choose(given.count, given.seed, given.paths)
    numbers = given.numbers or range(1, len(drawn) + 1)
    chosen = [drawn[number - 1] for number in numbers]
    with tempfile.TemporaryDirectory() as folder:
        trees = [copy_tree(Path(folder) / str(n) / "tree") for n in range(given.jobs)]
        runners = [Runner(tree) for tree in trees]
        trial = Trial(runners, near=given.near, far=given.far, whole=given.whole, then=given.then)
        counts: Counter[str] = Counter()
        noticed: list[str] = []
        with ThreadPoolExecutor(given.jobs) as pool:
            tried = {
                pool.submit(trial.run, one): (number, one)
                for number, one in zip(numbers, chosen, strict=True)
            }
            for done in as_completed(tried):
                (number, mutation), by = tried[done], done.result()
                counts[by.partition(",")[0] or "nothing"] += 1
                noticed.append(by.partition(", ")[2])
                place = f"{number}: {mutation.kind} in {mutation.path}, {mutation.within}"
                print(f"{place}: {by or 'survived'}", flush=True)
                if not by:
                    print(diff_of(mutation), flush=True)
        doubted = runners[0].run([test for test in noticed if "::" in test], all=True)
        for runner in runners:
            runner.close()
    died = len(chosen) - counts["nothing"]
    print(f"{died} of {len(chosen)} died: {dict(counts)}")
    print(f"of the tests that noticed these fail without a fault too: {doubted.failed or 'none'}")


if __name__ == "__main__":
    main()
