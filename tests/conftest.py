"""Fixtures that every test may use."""

import asyncio
import gc
import logging
import os
import shutil
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import in_memory
import pytest
import rows
import shares
from compiled import compile_all
from examples import QUICK, is_quick, leave_out_constants
from hypothesis import HealthCheck, settings
from xdist.scheduler import WorkStealingScheduling

from storage.database import open_database

# A busy machine is no failure: what must be fast is measured in benchmarks. The gate tries the same
# examples every time, so that it judges the change and not the day; everywhere else they are new.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("patient", **PATIENT)
settings.register_profile("gate", derandomize=True, **PATIENT)
settings.register_profile("quick", max_examples=QUICK, **PATIENT)
PROFILE = "gate" if os.environ.get("CI") else os.environ.get("EXAMPLES", "patient")
settings.load_profile(PROFILE)
if is_quick():
    leave_out_constants()

# The tests start the service hundreds of times: each start would compile all of it anew, and so
# would each process that runs tests with the tests themselves.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A shell that runs the tests behind it has them ignore Ctrl-C, and all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Four more than there are processors: much of the time a test waits for a process."""
    return (os.cpu_count() or 1) + 4


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Who has no tests left takes some of another's: a process that met many long ones would be
    waited for by all."""
    return WorkStealingScheduling(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Compile once what many processes are to run, and keep their files in memory."""
    are_many = config.getoption("numprocesses", None) or shares.SHARE
    if are_many and not hasattr(config, "workerinput"):
        compile_all(config)
        in_memory.keep_files()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Nobody looks for garbage meanwhile: next to nothing that is made is any."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave the other processes' files to them."""
    return shares.is_others(collection_path) or None


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Module, name: str, obj: object) -> object:
    """In the quick profile a table is one test; else, and where a row is asked for, each row is."""
    asked = collector.config
    if is_quick() and not asked.option.keyword and "[" not in "".join(asked.args):
        return rows.collect(collector, name, obj)
    return None


def pytest_collection_finish() -> None:
    """What is there now stays: who looks for garbage need not go through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, object, object]:
    """Mark what speaks to the sandbox over TCP; files that start processes mark themselves. In the
    quick profile leave out what needs a PostgreSQL, and in the whole of it most rows of tables."""
    for item in items:
        is_there = item.nodeid.startswith("tests/end_to_end/")
        if is_there or "sandbox" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.end_to_end)
    if is_quick():
        _leave_out(config, items, {item for item in items if _needs_postgres(item)})
    result = yield
    if is_quick() and shares.SHARE:
        seed = getattr(config.option, "randomly_seed", 0)
        _leave_out(config, items, rows.leave_out(items, seed))
    return result


def _leave_out(config: pytest.Config, items: list[pytest.Item], those: set[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if item in those])
    items[:] = [item for item in items if item not in those]


def _needs_postgres(item: pytest.Item) -> bool:
    given = getattr(item, "callspec", None)
    if given is not None and any(one == "postgres" for one in given.params.values()):
        return True
    return "postgres_server" in getattr(item, "fixturenames", ())


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """What a test sets up of logging ends with it: no other's standard error gets its lines."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material beside the project; tests that read it need it there."""
    if not SHARED.is_dir():
        pytest.skip("the reference material is not beside the project")
    return SHARED


@pytest.fixture(scope="session")
def shared_files(shared: Path) -> Callable[[str], list[Path]]:
    """Finds files of the reference material by a pattern: that there are none is a failure."""

    def find(pattern: str) -> list[Path]:
        found = sorted(path for path in shared.glob(pattern) if path.is_file())
        assert found, f"no {pattern} in the reference material"
        return found

    return find


@pytest.fixture(scope="session")
def ready_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of today's schema: to make one takes ten times as long as to copy one."""
    path = tmp_path_factory.mktemp("ready") / "dateline.db"

    async def make() -> None:
        await (await open_database(f"sqlite:///{path}")).close()

    asyncio.run(make())
    return path


@pytest.fixture(scope="session")
def put_database(ready_database: Path) -> Callable[[Path], str]:
    """Puts a database in which nothing is yet at a path, in a folder that is made where it is not
    there; gives its address."""

    def put(path: Path) -> str:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        return f"sqlite:///{shutil.copy(ready_database, path)}"

    return put


@pytest.fixture
def database_url(ready_database: Path, tmp_path: Path) -> str:
    """The address of a database of this test's own, ``dateline.db``, in which nothing is yet."""
    return f"sqlite:///{shutil.copy(ready_database, tmp_path / 'dateline.db')}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a database of today's on a real PostgreSQL."""
    import postgresql

    assert not is_quick(), "the quick look starts no PostgreSQL: who needs one asks for it by name"
    with postgresql.serve() as url:
        postgresql.prepare(url)
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """The address of a PostgreSQL database in which nothing is yet."""
    import postgresql

    postgresql.empty(postgres_server)
    return postgres_server


@pytest.fixture
def new_postgres_url(postgres_server: str) -> str:
    """The address of a PostgreSQL database of this test's own, made when it is first opened."""
    import postgresql

    return postgresql.make_database(postgres_server)


@pytest.fixture
def pooled_url(new_postgres_url: str) -> Iterator[str]:
    """The same, behind a pooler of transactions, where this machine has one."""
    import pooler

    if pooler.PROGRAM is None:
        pytest.skip("pgbouncer is not installed")
    with pooler.serve(new_postgres_url) as url:
        yield url
