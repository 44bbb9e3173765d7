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
        "mean": False,
        "thousands": ",",
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


@pytest.mark.slow
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
        ("a\ufe00 b\ufe0f \ufdff\ufe10", "a b"),  # variation selectors, which say how to draw
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
    ("names", "of_query", "shown"),
    [
        (("Harbour", "@harbour"), False, "Harbour"),
        (("🔥 Fire", "@fire"), False, "Fire"),
        (("اخبار", "@akhbar"), False, "@akhbar"),
        (("News of 港口", "@port"), False, "@port"),
        (("🔥", ""), False, "№ 3"),
        (("ferry OR 港口",), True, "№ 3"),
        (("🔥 fire",), True, "fire"),
        (("🚢🔥",), True, "№ 3"),
        (("🔥 ferry",), True, "№ 3"),
        (("ferry ❤️",), True, "ferry ❤"),
        (("fer\U000e0041ry",), True, "ferry"),  # what only says how to draw
    ],
)
def test_a_name_that_cannot_be_shown_whole_gives_way_to_another(
    names: tuple[str, ...], of_query: bool, shown: str
) -> None:
    parts = [{"names": one} for one in (("tram",), ("ferry",), names)]
    assert page()._named(names, 2, {"stacked": not of_query, "parts": parts}) == shown


@pytest.mark.parametrize(
    ("title", "is_shown"),
    [
        ("ferry OR port", True),
        ("🔥 ferry", True),
        ("🔥", False),
        ("ferry OR السفينة", False),
        ("", False),
    ],
)
def test_half_a_query_is_no_title(title: str, is_shown: bool) -> None:
    assert page().head(title, "54 posts") is is_shown


def test_the_scale_of_large_numbers_is_all_in_the_picture() -> None:
    import matplotlib
    from matplotlib.figure import Figure

    figure = Figure(figsize=(drawing.WIDTH, drawing.HEIGHT), dpi=drawing.DPI)
    axes = figure.add_axes((drawing.LEFT, 0.2, 0.8, 0.6))
    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    drawing._Page(figure, fonts).dress(axes, chart(thousands="\u202f"), 1_480_000)
    figure.draw_without_rendering()
    labels = [label for label in axes.get_yticklabels() if label.get_text()]
    assert labels[-1].get_text() == "1\u202f500\u202f000"
    assert min(label.get_window_extent().x0 for label in labels) > 0


def test_names_that_begin_alike_are_told_apart() -> None:
    one = page()
    texts = []
    for name in ("Ministry of the harbour, press", "Ministry of the harbour, north"):
        one._write(0, 0, name, 12, "#000000", width=0.3, has_end=True)
        texts.append(one._figure.texts[-1].get_text())
    assert len(set(texts)) == 2 and all(len(text) < 25 for text in texts)


@pytest.mark.parametrize(("mean", "lines"), [(False, 1), (True, 2)])
def test_a_mean_is_drawn_above_the_days_themselves(lines: int, *, mean: bool) -> None:
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    counts = [None, *[0, 7] * 22]
    part = {"names": ["ferry"], "total": "9", "counts": counts}
    assert drawing._lines(axes, chart(stacked=False, mean=mean, parts=[part])) == 7
    drawn = axes.get_lines()
    assert len(drawn) == lines
    # Days of which nothing is known have no place in it.
    assert [list(line.get_xdata()) for line in drawn] == [list(range(1, 45))] * lines
    tops = [max(line.get_ydata()) for line in drawn]
    # Two days before the end it is of five days, of which three have seven.
    assert tops == ([7] if lines == 1 else [7, 21 / 5])
