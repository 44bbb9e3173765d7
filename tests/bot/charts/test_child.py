"""One process draws picture after picture, without secrets; it is killed where it fails."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.charts import child, easel
from bot.charts.child import SIGNATURE, Artist

pytestmark = pytest.mark.end_to_end

FRAMED = "import sys; sys.path[:] = sys.argv[1:]; from bot.charts import drawing, easel;"
SAYS = f"""{FRAMED}
import json, os, resource, time
told = {{"pid": os.getpid(), "names": sorted(os.environ), "at": os.getcwd()}}
def draw(chart, to):
    print("a library says something", flush=True)
    if "error" in chart: raise ValueError(chart["error"])
    if "sleep" in chart: open(chart["sleep"], "w").write(str(os.getpid())); time.sleep(600)
    if "bytes" in chart: return to.write({SIGNATURE!r} + bytes(chart["bytes"]))
    if "raw" in chart: return to.write(chart["raw"].encode())
    if "end" in chart: os._exit(chart["end"])
    told["memory"] = resource.getrlimit(resource.RLIMIT_AS)[0]
    told["seconds"] = resource.getrlimit(resource.RLIMIT_CPU)[0]
    to.write({SIGNATURE!r} + json.dumps(told | chart).encode())
drawing.draw = draw
easel.main()
"""


@pytest.fixture(autouse=True)
def _is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child.importlib.util, "find_spec", lambda _: True)


@pytest.fixture
async def artist(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Artist]:
    """Whose process tells of itself instead of drawing."""
    monkeypatch.setattr(child, "_START", SAYS)
    one = Artist(seconds=60)
    yield one
    await one.aclose()


async def told(artist: Artist, **chart: Any) -> dict[str, Any]:
    drawn = await artist.draw(json.dumps(chart))
    assert drawn is not None
    found: dict[str, Any] = json.loads(drawn.removeprefix(SIGNATURE))
    return found


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def ended(pid: int) -> None:
    while lives(pid):  # noqa: ASYNC110  (another process)
        await asyncio.sleep(0.01)


async def written(path: Path) -> int:
    while not (text := await asyncio.to_thread(_text_of, path)):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    return int(text)


def _text_of(path: Path) -> str:
    return path.read_text() if path.exists() else ""


async def test_one_process_draws_all_that_is_asked_for_at_once(artist: Artist) -> None:
    drawn = await asyncio.gather(*(told(artist, number=number) for number in range(40)))
    assert [one["number"] for one in drawn] == list(range(40))
    assert len({one["pid"] for one in drawn}) == 1


async def test_a_real_picture_is_drawn_and_then_another() -> None:
    one = Artist(seconds=60)
    part = {"names": ["Порт 🚢"], "total": "3", "counts": [1, 2]}
    fields = {
        "title": "$x$",
        "note": "",
        "stacked": True,
        "step": 1,
        "rest": False,
        "unknown": 0,
        "mean": False,
        "thousands": ",",
    }
    chart = json.dumps({**fields, "parts": [part], "ticks": [[1, "2 Nov"]], "marks": []})
    first, second = await one.draw(chart), await one.draw(chart)
    await one.aclose()
    assert first is not None and first.startswith(SIGNATURE) and first == second


async def test_after_so_many_pictures_another_process_goes_on(
    artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        child, "_START", SAYS.replace("easel.main()", "easel.PICTURES = 2; easel.main()")
    )
    pids = [(await told(artist))["pid"] for _ in range(5)]
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]
    await ended(pids[0])
    await ended(pids[2])


async def test_who_waits_in_vain_ends_and_the_next_picture_starts_another(
    artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artist, "_idle_seconds", 0.01)
    first = (await told(artist))["pid"]
    await ended(first)
    assert (await told(artist))["pid"] != first


@pytest.mark.parametrize("how", ["idle", "closed"])
async def test_one_that_is_not_needed_any_more_clears_up_what_it_wrote(
    artist: Artist, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, how: str
) -> None:
    """matplotlib makes a folder for its cache where it has none, and removes it at exit."""
    made = tmp_path / "cache"
    clears = f"import atexit, os; os.mkdir({str(made)!r}); atexit.register(os.rmdir, {str(made)!r})"
    monkeypatch.setattr(child, "_START", SAYS.replace("easel.main()", f"{clears}; easel.main()"))
    monkeypatch.setattr(child, "PARTING_SECONDS", 60)
    monkeypatch.setattr(artist, "_idle_seconds", 0.01 if how == "idle" else 600)
    pid = (await told(artist))["pid"]
    if how == "closed":
        await artist.aclose()
    await ended(pid)
    assert not made.exists()


async def test_who_does_not_end_by_itself_is_killed(
    artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    stays = "easel.main(); import time; time.sleep(600)"
    monkeypatch.setattr(child, "_START", SAYS.replace("easel.main()", stays))
    monkeypatch.setattr(child, "PARTING_SECONDS", 0.01)
    monkeypatch.setattr(artist, "_idle_seconds", 0.01)
    await ended((await told(artist))["pid"])
    pid = (await told(artist))["pid"]
    await artist.aclose()
    assert not lives(pid)


async def test_one_that_was_killed_meanwhile_is_not_missed(artist: Artist) -> None:
    first = (await told(artist))["pid"]
    os.kill(first, 9)
    assert (await told(artist))["pid"] != first


@pytest.mark.parametrize(
    ("chart", "error"),
    [
        ({"error": "no such sign"}, "ValueError: no such sign"),
        ({"raw": "GIF89a"}, "GIF89a"),
        ({"raw": ""}, "it is no picture"),
        ({"bytes": child.MOST_BYTES}, f"it has more than {child.MOST_BYTES} bytes"),
        ({"end": 3}, "it ended with status 3"),
    ],
)
async def test_whoever_fails_is_killed_and_not_asked_again(
    chart: dict[str, Any], error: str, artist: Artist
) -> None:
    before = (await told(artist))["pid"]
    assert await artist.draw(json.dumps(chart)) is None
    assert not lives(before)
    assert (await told(artist))["pid"] != before
    assert (await artist._draw(json.dumps(chart).encode()))[1] == error


async def test_what_takes_too_long_is_killed(artist: Artist, tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    running = asyncio.create_task(artist.draw(json.dumps({"sleep": str(noted)})))
    pid = await written(noted)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not lives(pid)
    artist._seconds = 0.01
    assert await artist.draw("{}") is None


async def test_after_some_failures_nobody_waits_for_pictures_for_a_while(
    artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_START", "raise SystemExit(3)")
    for _ in range(child.FAILURES):
        assert await artist.draw("{}") is None
    monkeypatch.setattr(child, "_START", SAYS)
    assert await artist.draw("{}") is None
    artist._rests_until -= child.REST_SECONDS + 1
    assert "pid" in await told(artist)


async def test_a_child_has_no_secrets_and_is_held_to_limits(
    artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "1000:open-sesame")
    said = await told(artist)
    assert "BOT_TOKEN" not in said["names"] and "open-sesame" not in json.dumps(said)
    assert said["memory"] == easel.MOST_MEMORY and said["at"] == "/"
    assert easel.MOST_SECONDS <= said["seconds"] <= easel.MOST_SECONDS + 10


async def test_it_ends_with_the_service_however_that_ends(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    service = f"""
import asyncio, sys
sys.path[:] = sys.argv[1:]
from bot.charts import child
child._START = {SAYS!r}
child.importlib.util.find_spec = lambda _: True
async def main():
    artist = child.Artist()
    await artist.draw("{{}}")
    open({str(noted)!r}, "w").write(str(artist._child._process.pid))
    await asyncio.sleep(600)
asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", service, *sys.path, stderr=subprocess.DEVNULL
    )
    pid = await written(noted)
    process.kill()
    await process.wait()
    await ended(pid)


async def test_without_matplotlib_there_is_no_picture(
    artist: Artist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child.importlib.util, "find_spec", lambda _: None)
    assert await artist.draw("{}") is None


def test_a_child_has_one_processor_no_display_and_the_places_of_its_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = ("HOME", "LANG", "MPLCONFIGDIR", "PATH", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")
    for name in (*kept, "BOT_TOKEN", "DATABASE_URL", "OMP_NUM_THREADS", "PYTHONPATH"):
        monkeypatch.setenv(name, f"/{name}")
    monkeypatch.delenv("LANG")
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    places = {name: f"/{name}" for name in kept if name != "LANG"}
    assert child._environment() == {**places, **threads, "MPLBACKEND": "agg"}
