"""Pictures are drawn by a process of their own, of hostile words too, within limits."""

import asyncio
import json
import os
import struct
from pathlib import Path
from typing import Any

import pytest

from bot.charts import child, drawing
from bot.charts.child import Artist

NAMES = ("Harbour News", "Порт 🚢 новости", "$\\frac{1}{0}$ _{x}", "🔥🔥", "اخبار", "\u202egnp.exe")


def chart(**fields: Any) -> dict[str, Any]:
    parts = [
        {"names": [name, f"@town_{n}"], "total": "9", "counts": [None, 3, 0, n]}
        for n, name in enumerate(NAMES)
    ]
    given = {
        "title": "$\\undefined{ «зерно» 🌾 \x00\ud83c",
        "note": "54 posts",
        "stacked": True,
        "step": 1,
        "rest": True,
        "unknown": 1,
        "parts": parts,
        "ticks": [[0, "1 Nov"], [3, "4 ноя"]],
        "marks": [[1, "1"], [3, "2"]],
    }
    return {**given, **fields}


def page() -> Any:
    import matplotlib
    from matplotlib.figure import Figure

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return drawing._Page(Figure(), fonts)


def size_of(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(child.SIGNATURE)
    return struct.unpack(">II", picture[16:24])


async def test_hostile_words_are_drawn_as_words() -> None:
    drawn = await asyncio.gather(
        Artist().draw(json.dumps(chart())),
        Artist().draw(json.dumps(chart(stacked=False, title="", rest=False, marks=[]))),
    )
    assert [size_of(one or b"") for one in drawn] == [(1200, 980)] * 2
    assert drawn[0] != drawn[1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Порт 🚢 новости ❤️", "Порт новости ❤"),
        ("й and ё", "й and ё"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("a\nb\tc\x00", "a b c"),
        ("港口", ""),
        ("\ud83c", ""),
        ("$x^2$ «…» – №", "$x^2$ «…» – №"),
    ],
)
def test_what_the_font_lacks_is_left_out(text: str, shown: str) -> None:
    assert page()._shown(text) == shown


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (("Harbour", "@harbour"), "Harbour"),
        (("🔥 Fire", "@fire"), "🔥 Fire".replace("🔥 ", "")),
        (("اخبار", "@akhbar"), "@akhbar"),
        (("港口 of 港口港口", "@port"), "@port"),
        (("🔥", ""), "№ 3"),
    ],
)
def test_a_name_that_cannot_be_shown_gives_way_to_another(
    names: tuple[str, ...], shown: str
) -> None:
    assert page()._named(names, 2) == shown


async def test_what_takes_too_long_is_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    noted = tmp_path / "pid"
    monkeypatch.setattr(
        child,
        "_START",
        f"import os, time; open({str(noted)!r}, 'w').write(str(os.getpid())); time.sleep(600)",
    )

    async def started() -> None:
        while not (noted.exists() and noted.read_text()):  # noqa: ASYNC110  (another process)
            await asyncio.sleep(0.01)

    running = asyncio.create_task(Artist(seconds=600).draw("{}"))
    await started()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(ProcessLookupError):
        os.kill(int(noted.read_text()), 0)
    assert await Artist(seconds=0.01).draw("{}") is None


@pytest.mark.parametrize(
    "start",
    [
        "raise SystemExit(3)",
        "print('no picture')",
        "import os; os.abort()",
        "import resource as r; r.setrlimit(r.RLIMIT_AS, (1 << 20, 1 << 20)); bytearray(1 << 30)",
    ],
)
async def test_a_drawing_that_fails_is_no_picture(
    start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_START", start)
    assert await Artist().draw("{}") is None


async def test_a_child_has_no_secrets_and_is_held_to_limits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BOT_TOKEN", "1000:open-sesame")
    told = (
        "import os, sys, resource; sys.path[:] = sys.argv[1:]; from bot.charts import drawing;"
        "drawing.draw = lambda chart, to: to.write(drawing_bytes());"
        "drawing_bytes = lambda: b'\\x89PNG\\r\\n\\x1a\\n' + repr((sorted(os.environ),"
        " resource.getrlimit(resource.RLIMIT_AS)[0], os.getcwd())).encode(); drawing.main()"
    )
    monkeypatch.setattr(child, "_START", told)
    said = (await Artist().draw("{}") or b"").decode(errors="replace")
    assert "BOT_TOKEN" not in said and "open-sesame" not in said
    assert str(drawing.MOST_MEMORY) in said and said.endswith("'/')")


async def test_without_matplotlib_there_is_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child.importlib.util, "find_spec", lambda _: None)
    assert await Artist().draw(json.dumps(chart())) is None
