"""How a chart is drawn: what ``handlers.render.answers.trends`` makes becomes a picture (PNG).

Its words come from outside: nothing in them is markup, and what the font has no sign for is left
out. The colours hold on light and on dark.
"""

import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, DPI = 6.0, 4.9, 200
"""Inches: 1,200 pixels across, three for each of a phone's."""
PAPER, INK, FAINT, LINES = "#EDEFF2", "#1F2933", "#5B6672", "#D0D6DD"
COLOURS = ("#2B6CB0", "#E08E2B", "#2F9E7E", "#8A5FBF", "#C9485B", "#4FB3D1")
REST = "#A3ADB8"
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.6)), (0, (1.4, 1.2)), (0, (6, 1.6, 1.4, 1.6)))
LEFT, RIGHT, TOP, TOP_ALONE = 0.085, 0.97, 0.82, 0.88
BESIDE = 0.04
"""Beside the numbers of the scale."""
FEW = 10
"""So few days are wide enough for their names."""
ROW = 0.068
BAR = 0.43
GAP = 0.04
ALIKE = 8
"""Names that begin with this many equal letters count as alike."""
TITLE, TEXT, SMALL = 15.0, 12.5, 11.5


def draw(chart: dict[str, Any], to: Any) -> None:
    """Write the picture of a chart, as ``handlers.render.answers.trends`` makes it."""
    import matplotlib

    matplotlib.rcdefaults()
    matplotlib.rcParams.update({"text.parse_math": False, "text.usetex": False})
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor=PAPER)
    page = _Page(figure, Path(matplotlib.get_data_path()) / "fonts" / "ttf")
    rows = -(-len(chart["parts"]) // 2)
    bottom = 0.10 + ROW * rows + 0.02
    above = TOP if page.head(chart["title"], chart["note"]) else TOP_ALONE
    axes = figure.add_axes((LEFT, bottom, RIGHT - LEFT, above - bottom), facecolor=PAPER)
    top = (_bars if chart["stacked"] else _lines)(axes, chart)
    page.dress(axes, chart, top)
    page.legend(chart, bottom)
    figure.savefig(to, format="png", facecolor=PAPER)


class _Page:
    """A picture on which only text stands that its font can show."""

    def __init__(self, figure: Any, fonts: Path) -> None:
        from matplotlib.font_manager import FontProperties
        from matplotlib.ft2font import FT2Font

        self._figure = figure
        self._plain = FontProperties(fname=str(fonts / "DejaVuSans.ttf"))
        self._bold = FontProperties(fname=str(fonts / "DejaVuSans-Bold.ttf"))
        self._known = frozenset(FT2Font(str(fonts / "DejaVuSans-Bold.ttf")).get_charmap())

    def head(self, title: str, note: str) -> bool:
        """What it is a picture of; whether that is a title too."""
        line = self._shown(title) if self._holds(title, _no_emoji) else ""
        if line:
            self._write(LEFT - 0.055, 0.94, line, TITLE, INK, width=0.92, bold=True)
        place = 0.875 if line else 0.935
        self._write(LEFT - 0.055, place, self._shown(note), TEXT, FAINT, width=0.92)
        return bool(line)

    def dress(self, axes: Any, chart: dict[str, Any], top: float) -> None:
        """The scale, the days, the signs above them."""
        from matplotlib.ticker import MaxNLocator

        count = len(chart["parts"][0]["counts"])
        axes.set_xlim(-0.6, count - 0.4)
        highest = max(1.0, top) * (1.3 if chart["marks"] else 1.05)
        axes.set_ylim(0, highest)
        scale = MaxNLocator(nbins=4, integer=True).tick_values(0, highest)
        numbers = [int(number) for number in scale if number <= highest]
        axes.set_yticks(numbers)
        axes.set_yticklabels([f"{one:,}".replace(",", chart["thousands"]) for one in numbers])
        axes.grid(axis="y", color=LINES, linewidth=0.8)
        axes.set_axisbelow(True)
        axes.tick_params(length=0, pad=5)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.set_xticks([place for place, _ in chart["ticks"]])
        axes.set_xticklabels([self._shown(text) for _, text in chart["ticks"]])
        for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
            label.set(fontproperties=self._plain, fontsize=SMALL, color=FAINT)
        self._fit(axes, count)
        if chart["unknown"]:
            axes.axvspan(
                -0.6, chart["unknown"] - 0.5, facecolor="none", edgecolor=LINES, hatch="//"
            )
        self._mark(axes, chart)

    def _fit(self, axes: Any, count: int) -> None:
        """Leave room for the numbers of the scale, and let no day stand over an edge."""
        widest = max(_share(label, self._figure) for label in axes.get_yticklabels())
        box = axes.get_position()
        left = max(LEFT, widest + BESIDE)
        axes.set_position((left, box.y0, RIGHT - left, box.height))
        if count > FEW:
            axes.get_xticklabels()[0].set_horizontalalignment("left")
            axes.get_xticklabels()[-1].set_horizontalalignment("right")

    def _mark(self, axes: Any, chart: dict[str, Any]) -> None:
        counts = [part["counts"] for part in chart["parts"]]
        sums = [sum(filter(None, column)) for column in zip(*counts, strict=True)]
        count = len(sums)
        room = axes.get_ylim()[1]
        last, beside = -count, count // 40
        is_raised = False
        for place, number in chart["marks"]:
            height = max(sums[max(0, place - beside) : place + beside + 1]) + 0.075 * room
            is_raised = place - last < 0.06 * count and not is_raised
            if is_raised:
                height = min(height + 0.1 * room, 0.95 * room)
            axes.text(
                place, height, number, ha="center", va="center", color=PAPER,
                fontproperties=self._bold, fontsize=9.5, parse_math=False, clip_on=False,
                bbox={"boxstyle": "circle,pad=0.24", "facecolor": INK, "edgecolor": "none"},
            )  # fmt: skip
            last = place

    def legend(self, chart: dict[str, Any], bottom: float) -> None:
        """The names of what is drawn, in two columns, with their numbers."""
        parts = chart["parts"]
        names = [self._named(part["names"], number, chart) for number, part in enumerate(parts)]
        columns = 1 if len(parts) == 1 else 2
        wide = (0.94 - GAP * (columns - 1)) / columns
        for number, part in enumerate(parts):
            x = 0.03 + (wide + GAP) * (number % columns)
            y = bottom - 0.13 - ROW * (number // columns)
            start = self._sign(x, y, number, chart)
            total = self._write(x + wide, y, part["total"], TEXT, FAINT, ha="right")
            room = wide - start - 0.02 - total
            is_alike = sum(name[:ALIKE] == names[number][:ALIKE] for name in names) > 1
            self._write(x + start, y, names[number], TEXT, INK, width=room, has_end=is_alike)

    def _sign(self, x: float, y: float, number: int, chart: dict[str, Any]) -> float:
        """How a part is drawn, before its name; gives how far behind that begins."""
        from matplotlib.lines import Line2D

        colour = colour_of(number, chart)
        if chart["stacked"]:
            sign = Line2D([x + 0.014], [y + 0.012], marker="s", markersize=9, color=colour)
        else:
            style = DASHES[number % len(DASHES)]
            sign = Line2D(
                [x, x + 0.05], [y + 0.012] * 2, color=colour, linewidth=2.4, linestyle=style
            )
        sign.set_transform(self._figure.transFigure)
        self._figure.add_artist(sign)
        return 0.035 if chart["stacked"] else 0.06

    def _named(self, names: Sequence[str], number: int, chart: dict[str, Any]) -> str:
        """The first name of which the font has all letters, of a query all signs, as far as there
        is one: else the query without its emoji, where no other is called so then; a number where
        nothing is left."""
        kinds = [str.isalnum] if chart["stacked"] else [_any_sign, _no_emoji]
        for kind in kinds:
            for name in names:
                if self._holds(name, kind) and (shown := self._shown(name)):
                    others = [part for at, part in enumerate(chart["parts"]) if at != number]
                    if kind is not _no_emoji or not self._is_among(shown, others):
                        return shown
        return f"№ {number + 1}"

    def _is_among(self, shown: str, parts: Sequence[dict[str, Any]]) -> bool:
        return any(self._shown(name) == shown for part in parts for name in part["names"])

    def _holds(self, text: str, is_needed: Callable[[str], bool]) -> bool:
        """Whether the font has all signs that are needed: another text would say something else."""
        return all(
            self._has(sign)
            for sign in unicodedata.normalize("NFC", text)
            if is_needed(sign) and not sign.isspace()
        )

    def _shown(self, text: str) -> str:
        """A text without the signs that the font lacks, and those of a direction it cannot turn."""
        kept = (
            " " if sign.isspace() else sign
            for sign in unicodedata.normalize("NFC", text)
            if sign.isspace() or self._has(sign)
        )
        return " ".join("".join(kept).split())

    def _has(self, sign: str) -> bool:
        if "\ufe00" <= sign <= "\ufe0f" or unicodedata.category(sign)[0] == "C":
            return False
        turns = unicodedata.bidirectional(sign) in ("R", "AL", "AN")
        return ord(sign) in self._known and not turns

    def _write(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str,
        *,
        width: float = 1.0,
        bold: bool = False,
        ha: str = "left",
        has_end: bool = False,
    ) -> float:
        """Write on one line, cut to a share of the picture's width, in its middle where its end is
        what tells it from others; gives the share it takes."""
        written = self._figure.text(
            x, y, text, ha=ha, va="baseline", color=colour, fontsize=size, parse_math=False,
            fontproperties=self._bold if bold else self._plain,
        )  # fmt: skip
        written.set_fontsize(size)
        units = len(text)
        while (share := _share(written, self._figure)) > width and units:
            units = min(units - 1, int(units * width / share))
            behind = units // 2 if has_end else 0
            cut = text[: units - behind].rstrip(), text[len(text) - behind :].lstrip()
            written.set_text("…".join(cut))
        return share


def _any_sign(sign: str) -> bool:
    return not "\ufe00" <= sign <= "\ufe0f" and unicodedata.category(sign)[0] != "C"


def _no_emoji(sign: str) -> bool:
    return _any_sign(sign) and unicodedata.category(sign) not in ("So", "Sk")


def _share(written: Any, figure: Any) -> float:
    return float(written.get_window_extent().width / (figure.get_figwidth() * figure.dpi))


def colour_of(number: int, chart: dict[str, Any]) -> str:
    """The colour of a part; what is left of all is grey."""
    if chart["rest"] and number == len(chart["parts"]) - 1:
        return REST
    return COLOURS[number % len(COLOURS)]


def _bars(axes: Any, chart: dict[str, Any]) -> float:
    """Bars of parts that stand on one another, all of a part at once, which is five times as quick
    as each by itself; gives the highest."""
    from matplotlib.collections import PolyCollection

    below = [0] * len(chart["parts"][0]["counts"])
    edge = 0.5 if len(below) < 40 else 0.0
    for number, part in enumerate(chart["parts"]):
        sums = [low + (count or 0) for low, count in zip(below, part["counts"], strict=True)]
        bars = [
            [(place + x, y) for x, y in ((-BAR, low), (-BAR, high), (BAR, high), (BAR, low))]
            for place, (low, high) in enumerate(zip(below, sums, strict=True))
            if high > low
        ]
        colour = colour_of(number, chart)
        drawn = PolyCollection(bars, facecolors=colour, edgecolors=PAPER, linewidths=edge)
        axes.add_collection(drawn, autolim=False)
        below = sums
    return float(max(below))


def _lines(axes: Any, chart: dict[str, Any]) -> float:
    """A line for each part, or its mean above the days themselves, which are faint;
    gives the highest place."""
    top = 0
    is_mean = chart["mean"]
    for number, part in enumerate(chart["parts"]):
        counts = part["counts"]
        places = [place for place, count in enumerate(counts) if count is not None]
        known = [count for count in counts if count is not None]
        colour, dashes = colour_of(number, chart), DASHES[number % len(DASHES)]
        shown = _means(known) if is_mean else known
        if is_mean:
            axes.plot(places, known, color=colour, linewidth=0.9, alpha=0.35)
        axes.plot(places, shown, color=colour, linewidth=2.4, linestyle=dashes)
        top = max(top, *known, 0)
    return float(top)


def _means(counts: Sequence[int]) -> list[float]:
    """The mean of each day with the three before and behind it, as far as there are such."""
    around = [counts[max(0, place - 3) : place + 4] for place in range(len(counts))]
    return [sum(one) / len(one) for one in around]
