"""Where things stand in a picture: nothing over anything else, and each sign before its name."""

import io
import itertools
from typing import Any

import pytest

from bot.charts import drawing

DAYS = 30


def chart(parts: int, *, stacked: bool, title: str = "grain OR ferry", **fields: Any) -> Any:
    made = [
        {
            "names": [f"Harbour news of town number {number}"],
            "total": f"{1000 * (number + 1):,}",
            "counts": [(day * (number + 3)) % 11 for day in range(DAYS)],
        }
        for number in range(parts)
    ]
    given = {
        "title": title, "note": "54 posts in 30 days", "stacked": stacked, "step": 1,
        "rest": stacked, "mean": False, "thousands": ",", "unknown": 0, "parts": made,
        "ticks": [[0, "1 Nov"], [10, "11 Nov"], [20, "21 Nov"], [29, "30 Nov"]],
        "marks": [[3, "1"], [4, "2"], [20, "3"]] if stacked or parts == 1 else [],
    }  # fmt: skip
    return {**given, **fields}


@pytest.fixture
def figure_of(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Gives what is drawn of a chart, before it becomes a file."""
    from matplotlib.figure import Figure

    kept: list[Any] = []
    monkeypatch.setattr(Figure, "savefig", lambda self, *_, **__: kept.append(self))

    def drawn(given: Any) -> Any:
        drawing.draw(given, io.BytesIO())
        kept[-1].draw_without_rendering()
        return kept[-1]

    return drawn


def overlap(one: Any, other: Any) -> bool:
    return bool(one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1)


@pytest.mark.slow
@pytest.mark.parametrize("title", ["grain OR ferry", ""])
@pytest.mark.parametrize("stacked", [True, False])
@pytest.mark.parametrize("parts", [1, 3, 6])
def test_words_signs_and_scale_stand_apart_within_the_picture(
    figure_of: Any, parts: int, stacked: bool, title: str
) -> None:
    figure = figure_of(chart(parts, stacked=stacked, title=title))
    width, height = figure.bbox.width, figure.bbox.height
    assert (round(width), round(height)) == (1200, 980)
    texts = [text for text in figure.texts if text.get_text()]
    words = [text.get_window_extent() for text in texts]
    head = 2 if title else 1
    assert len(words) == head + 2 * parts
    (axes,) = figure.axes
    scale = axes.get_tightbbox()
    for box in (*words, scale):
        assert 0 < box.x0 < box.x1 < width
        assert 0 < box.y0 < box.y1 < height
    for one, other in itertools.combinations([*words, scale], 2):
        assert not overlap(one, other)
    # The head stands above the scale, the names below it, each with its total at the right.
    assert all(box.y0 > scale.y1 for box in words[:head])
    assert all(box.y1 < scale.y0 for box in words[head:])
    signs = [one.get_window_extent() for one in figure.lines or figure.artists]
    totals, names = words[head::2], words[head + 1 :: 2]
    assert len(signs) == parts
    for sign, total, name in zip(signs, totals, names, strict=True):
        assert sign.x1 < name.x0 < name.x1 < total.x0
        assert name.x0 - sign.x1 < 0.04 * width
        assert name.y0 - 3 < (sign.y0 + sign.y1) / 2 < name.y1
        assert abs(name.y0 - total.y0) < 0.02 * height
    rows = sorted({round(name.y0 / (0.03 * height)) for name in names})
    assert len(rows) == -(-parts // 2)
    assert min(box.y0 for box in names) < 0.14 * height


def test_bars_stand_on_one_another_between_their_days(figure_of: Any) -> None:
    given = chart(3, stacked=True)
    (axes,) = figure_of(given).axes
    below = [0] * DAYS
    for drawn, part in zip(axes.collections, given["parts"], strict=True):
        bars = iter(drawn.get_paths())
        for day, count in enumerate(part["counts"]):
            if count:
                bar = next(bars)
                assert len({tuple(corner) for corner in bar.vertices}) == 4
                box = bar.get_extents()
                assert (box.y0, box.y1) == (below[day], below[day] + count)
                assert day - 0.5 < box.x0 < day - 0.4
                assert day + 0.4 < box.x1 < day + 0.5
                below[day] += count
        assert next(bars, None) is None
    assert axes.get_xlim() == pytest.approx((-0.6, DAYS - 0.4))
    assert axes.get_ylim() == pytest.approx((0, 1.3 * max(below)))
    marks = [text for text in axes.texts if text.get_text()]
    assert [text.get_text() for text in marks] == ["1", "2", "3"]
    boxes = [text.get_window_extent() for text in marks]
    assert not overlap(boxes[0], boxes[1])
    for text, (day, _) in zip(marks, given["marks"], strict=True):
        place, height = text.get_position()
        assert place == day
        assert below[day] < height < axes.get_ylim()[1]


@pytest.mark.slow
def test_lines_are_told_apart_by_colour_and_dashes(figure_of: Any) -> None:
    given = chart(6, stacked=False)
    (axes,) = figure_of(given).axes
    lines = axes.get_lines()
    assert [list(line.get_ydata()) for line in lines] == [part["counts"] for part in given["parts"]]
    assert len({line.get_color() for line in lines}) == 6
    assert len({str(line._dash_pattern) for line in lines}) == 4
    assert axes.get_ylim() == pytest.approx((0, 10.5))
    (axes,) = figure_of(chart(1, stacked=False)).axes
    assert axes.get_ylim() == pytest.approx((0, 13.0))


def test_the_rest_is_grey_and_what_is_not_known_is_hatched(figure_of: Any) -> None:
    (axes,) = figure_of(chart(3, stacked=True, unknown=4)).axes
    colours = [tuple(one.get_facecolor()[0]) for one in axes.collections]
    assert len(set(colours)) == 3
    assert [drawing.colour_of(number, chart(3, stacked=True)) for number in (0, 2)] == [
        drawing.COLOURS[0],
        drawing.REST,
    ]
    (span,) = axes.patches
    assert (span.get_x(), span.get_x() + span.get_width()) == pytest.approx((-0.6, 3.5))
    assert span.get_hatch() == "//"
