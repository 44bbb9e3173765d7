"""The whole quick look: the program is imported once, in a process that then forks one for each
share of the tests (``shares.py``).

``quick.py SCRATCH [OPTION ...]``: options are pytest's; each process has a folder of its own in
SCRATCH for the files of tests. What the forked ones say comes when all have ended.
"""

import gc
import importlib
import os
import pkgutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

PLUGINS = ("pytest_asyncio.plugin", "pytest_randomly", "_hypothesis_pytestplugin")
"""The plugins that tests need. All that are installed would be looked for, and pytest would rewrite
the packages that some come in, if nobody had imported them yet."""

PACKAGES = ("bot", "handlers", "storage")


def load() -> None:
    """Import the program, and what all tests need."""
    gc.disable()  # next to nothing that is made is garbage
    for name in ("pytest", "hypothesis", *_list_modules()):
        try:
            importlib.import_module(name)
        except ImportError:
            continue  # who needs it says so: an extra may not be there
    gc.collect()
    gc.freeze()
    gc.enable()


def _list_modules() -> list[str]:
    found: list[str] = []
    for package in PACKAGES:
        folder = [str(Path(__file__).parents[2] / package)]
        names = [one.name for one in pkgutil.walk_packages(folder, f"{package}.")]
        found += [name for name in names if not name.endswith("__main__")]
    return found


def run(share: int, scratch: Path, options: Sequence[str]) -> int:
    """Run the tests of a share; gives pytest's status."""
    own = scratch / str(share)
    own.mkdir()
    os.environ.update(
        SHARE=str(share), PYTEST_DEBUG_TEMPROOT=str(own), PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
    )
    import pytest
    import shares

    shares.SHARE = str(share)
    named = [word for plugin in PLUGINS for word in ("-p", plugin)]
    return int(pytest.main([*named, *options]))


def fork(share: int, scratch: Path, options: Sequence[str]) -> int:
    """Start a process that runs the tests of a share; gives its id."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        said = os.open(_said(scratch, share), os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(said, 1)
        os.dup2(said, 2)
        status = run(share, scratch, options)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _said(scratch: Path, share: int) -> Path:
    return scratch / f"said{share}"


def main(scratch: Path, options: Sequence[str]) -> int:
    """Run all shares, the first of them here; gives the status of one that failed, or 0."""
    import shares

    load()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    children = {share: fork(share, scratch, options) for share in range(2, shares.COUNT + 1)}
    try:
        status = run(1, scratch, options)
        for share in sorted(children):
            _, ended = os.waitpid(children.pop(share), 0)
            status = status or os.waitstatus_to_exitcode(ended)
            sys.stdout.write(_said(scratch, share).read_text(encoding="utf-8", errors="replace"))
    finally:
        for child in children.values():
            os.kill(child, signal.SIGTERM)
    return abs(status)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
