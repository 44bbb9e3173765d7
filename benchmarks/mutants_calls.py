"""A pytest plugin that writes down which functions each test file calls (see ``mutants``).

Processes that a test starts write down theirs themselves: ``follow``.
"""

import json
import os
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

_ROOT = str(Path(__file__).resolve().parent.parent) + os.sep
_INSIDE = tuple(_ROOT + top + os.sep for top in ("bot", "handlers", "storage"))


class _Calls:
    def __init__(self) -> None:
        self._is_inside: dict[str, bool] = {}
        self._seen: set[tuple[str, str]] = set()
        self._file = ""
        self._since = 0.0
        self._calls: dict[str, list[str]] = {}
        self._seconds: dict[str, float] = {}

    def trace(self, frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        inside = self._is_inside.get(code.co_filename)
        if inside is None:
            inside = self._is_inside[code.co_filename] = code.co_filename.startswith(_INSIDE)
        if inside:
            self._seen.add((code.co_filename, code.co_qualname))

    def follow(self, file: str, folder: Path) -> None:
        """This process was started by a test of this file; it may be killed at any time."""
        self.begin(file)
        self.watch()
        threading.Thread(target=self._write_often, args=(folder,), daemon=True).start()

    def _write_often(self, folder: Path) -> None:
        while True:
            time.sleep(1.0)
            found = {"calls": {self._file: self._named()}, "seconds": {}}
            draft = folder / f".{os.getpid()}"
            draft.write_text(json.dumps(found))
            draft.replace(folder / f"{os.getpid()}.json")

    def _named(self) -> list[str]:
        named = {f"{path[len(_ROOT) :]}::{name}" for path, name in self._seen.copy()}
        return sorted(one.replace(".<locals>", "") for one in named)

    def watch(self) -> None:
        """Watch the calls of all threads."""
        threading.settrace(self.trace)
        sys.settrace(self.trace)

    def begin(self, file: str) -> None:
        """The tests of another file follow."""
        if self._file:
            self._calls[self._file] = self._named()
            self._seconds[self._file] = time.monotonic() - self._since
        self._file, self._since, self._seen = file, time.monotonic(), set()

    def write(self, folder: Path) -> None:
        sys.settrace(None)
        self.begin("")
        if self._calls:
            found = {"calls": self._calls, "seconds": self._seconds}
            (folder / f"{os.getpid()}.json").write_text(json.dumps(found))


_calls = _Calls()


def follow() -> None:
    """Watch the calls of this process, where a test has started it."""
    file = os.environ.get("PYTEST_CURRENT_TEST", "").partition("::")[0]
    if file:
        _calls.follow(file, Path(os.environ["CALLS_TO"]))


def pytest_runtest_setup(item: Any) -> None:
    """Watch the calls, of this file from now on."""
    file = item.nodeid.partition("::")[0]
    if file != _calls._file:
        _calls.begin(file)
    if sys.gettrace() is None:
        _calls.watch()


def pytest_sessionfinish() -> None:
    """Write down what was seen."""
    _calls.write(Path(os.environ["CALLS_TO"]))
