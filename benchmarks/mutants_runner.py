"""Runs tests in a tree, each time in a process forked from one that has read the libraries.

    cd TREE && python benchmarks/mutants_runner.py

Reads a request a line, ``{"tests": [...], "most": 300, "all": false, "quick": true}``, and answers
each with ``{"failed": ["tests/…::test_…"], "hung": false, "seconds": 2.1}``: of the processor's
time. It stops at the first test that fails, but for ``all``; after ``most`` seconds it is killed.
``quick`` tests have few examples and no PostgreSQL.
"""

import contextlib
import importlib
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

READ_BEFORE = (
    "aiosqlite", "apscheduler.schedulers.asyncio", "asyncpg", "babel.dates", "babel.support",
    "httpx2", "hypothesis.strategies", "jsonschema", "msgspec", "pymorphy3", "pytest",
    "pytest_asyncio", "selectolax.lexbor", "starlette.applications", "Stemmer", "structlog",
    "telethon", "telethon.tl.functions", "telethon.tl.types", "xdist",
)  # fmt: skip
OPTIONS = (
    "-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly", "--tb=no",
    "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip
_LOOK_EVERY = 0.02
_NONE_RUN = 5
"""What pytest ends with where no test was left to run."""


class _Watch:
    """A pytest plugin: what failed, in order."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def _run(request: dict[str, Any], answers: int) -> NoReturn:
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nowhere, descriptor)
    failed = ["the process of the tests died"]
    try:
        failed = _tried(request)
    finally:
        os.write(answers, json.dumps(failed).encode())
        os._exit(0)


def _tried(request: dict[str, Any]) -> list[str]:
    import pytest

    for name in ("CI", "EXAMPLES"):
        os.environ.pop(name, None)
    os.environ.update({"EXAMPLES": "quick"} if request["quick"] else {"CI": "1"})
    watch = _Watch()
    first = () if request["all"] else ("-x",)
    code = int(pytest.main([*OPTIONS, *first, *request["tests"]], plugins=[watch]))
    if code not in (0, _NONE_RUN) and not watch.failed:
        return [f"pytest ended with {code}"]
    return watch.failed


def _answered(request: dict[str, Any]) -> dict[str, Any]:
    answers, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(answers)
        _run(request, theirs)
    os.close(theirs)
    until = time.monotonic() + request["most"]
    ended, used = 0, None
    while not ended and time.monotonic() < until:
        time.sleep(_LOOK_EVERY)
        ended, _, used = os.wait4(process, os.WNOHANG)
    _end(process, is_there=not ended)
    with os.fdopen(answers, "rb") as told:
        failed = json.loads((told.read() if ended else b"") or b"[]")
    seconds = used.ru_utime + used.ru_stime if used is not None else 0.0
    return {"failed": failed, "hung": not ended, "seconds": seconds}


def _end(process: int, *, is_there: bool) -> None:
    """Kill it with all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    if is_there:
        os.waitpid(process, 0)


def main() -> None:
    """Answer until nobody asks."""
    sys.path[:0] = [str(Path.cwd())]
    for name in READ_BEFORE:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for line in sys.stdin:
        print(json.dumps(_answered(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
