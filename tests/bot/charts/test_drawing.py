"""What is drawn holds words, whatever they are, and what the font has signs for."""

import io
import struct
from pathlib import Path
from typing import Any

import pytest

from bot.charts import child, drawing

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


def test_hostile_words_are_drawn_as_words() -> None:
    pictures = []
    for one in (chart(), chart(stacked=False, title="", rest=False, marks=[])):
        to = io.BytesIO()
        drawing.draw(one, to)
        pictures.append(to.getvalue())
    assert [size_of(one) for one in pictures] == [(1200, 980)] * 2
    assert pictures[0] != pictures[1]


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
