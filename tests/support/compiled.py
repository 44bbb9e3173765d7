"""Program and tests, compiled once for all the processes that are about to run the tests.

In a fresh clone each of them would compile all of it by itself, at the same time as the others.
"""

import compileall
import fcntl
import importlib.util
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from _pytest.assertion import rewrite

ROOT = Path(__file__).parents[2]
PLAIN = tuple(ROOT / name for name in ("bot", "handlers", "storage", "tests/support"))


def compile_all(config: pytest.Config) -> None:
    """Compile what is not yet: the program, and the tests that are asked for. What goes wrong here
    is told by whoever imports it. Of several processes that come at once one does it."""
    with (ROOT / "pyproject.toml").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _compile_all(config)


def _compile_all(config: pytest.Config) -> None:
    tests = [path for path in _list_tests(config.args) if _is_stale(path, _cache_of(path))]
    files = [path for folder in PLAIN for path in sorted(folder.rglob("*.py"))]
    plain = [path for path in files if _is_stale(path, _plain_cache_of(path))]
    if len(tests) + len(plain) < 20:
        return
    jobs = os.cpu_count() or 1
    children = [_fork(config, tests[number::jobs], plain[number::jobs]) for number in range(jobs)]
    for child in children:
        os.waitpid(child, 0)


def _fork(config: pytest.Config, tests: Sequence[Path], plain: Sequence[Path]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        state = config.stash[rewrite.assertstate_key]
        for path in plain:
            compileall.compile_file(path, quiet=2)
        for path in tests:
            cache = _cache_of(path)
            cache.parent.mkdir(exist_ok=True)
            found, code = rewrite._rewrite_test(path, config)
            rewrite._write_pyc(state, code, found, cache)
    finally:
        os._exit(0)


def _list_tests(arguments: Iterable[str]) -> list[Path]:
    found: set[Path] = set()
    for argument in arguments:
        path = ROOT / argument.partition("::")[0]
        found.update([path] if path.is_file() else path.rglob("test_*.py"))
    return sorted(found)


def _cache_of(path: Path) -> Path:
    return path.parent / "__pycache__" / f"{path.stem}{rewrite.PYC_TAIL}"


def _plain_cache_of(path: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(path)))


def _is_stale(path: Path, cache: Path) -> bool:
    return not cache.exists() or cache.stat().st_mtime < path.stat().st_mtime
