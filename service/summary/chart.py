"""A small bar chart of figures that can be compared: three or more of one unit. Plain SVG, self-contained."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from service.summary.highlight import KeyFigure
from service.summary.vocabulary import vocabulary
from service.types import FigureKind

_LEAST, _MOST = 3, 8
_BAR, _GAP, _LEFT, _WIDTH, _RIGHT = 18, 10, 230, 300, 110
_LABEL_CHARACTERS = 34
# Bars of a thousandth of the longest would show nothing: such figures are not alike enough to compare by eye.
_GREATEST_RATIO = Decimal(2000)


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: Decimal
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`unit` says what all bars measure: `EUR`, `km`, `people`, `containers`."""

    unit: str
    bars: tuple[Bar, ...]


def comparable(figures: Sequence[KeyFigure], language: str = "en") -> Chart | None:
    """The chart of the largest group of right figures of one unit, in the order given; None without three of them."""
    groups: defaultdict[str, dict[tuple[Decimal, str], Bar]] = defaultdict(dict)
    for figure in figures:
        value = figure.check.figure.value
        unit = _unit(figure, language)
        if unit and figure.right and figure.value and isinstance(value, Decimal) and value > 0:
            groups[unit].setdefault((value, figure.counts), Bar(figure.counts, value, figure.value))
    best = max(groups.items(), key=lambda item: len(item[1]), default=None)
    if best is None:
        return None
    unit, found = best
    bars = tuple(found.values())[:_MOST]
    distinct = {bar.value for bar in bars}
    if len(bars) < _LEAST or len(distinct) < _LEAST or max(distinct) / min(distinct) > _GREATEST_RATIO:
        return None
    return Chart(unit, bars)


def svg(chart: Chart) -> str:
    """The chart as an `<svg>` element, with a title and a description for screen readers; all text is escaped."""
    height = len(chart.bars) * (_BAR + _GAP)
    title = f"Figures compared, in {chart.unit}" if chart.unit else "Figures compared"
    told = "; ".join(f"{bar.text} {bar.label}".strip() for bar in chart.bars)
    longest = max(bar.value for bar in chart.bars)
    rows = "".join(_row(index, bar, longest) for index, bar in enumerate(chart.bars))
    return (
        f'<svg class="chart" role="img" viewBox="0 0 {_LEFT + _WIDTH + _RIGHT} {height}" '
        f'xmlns="http://www.w3.org/2000/svg" font-size="13" fill="currentColor">'
        f"<title>{escape(title)}</title><desc>{escape(told)}</desc>{rows}</svg>"
    )


def _row(index: int, bar: Bar, longest: Decimal) -> str:
    top = index * (_BAR + _GAP)
    width = max(2, round(_WIDTH * float(bar.value / longest)))
    middle = top + _BAR - 5
    label = bar.label if len(bar.label) <= _LABEL_CHARACTERS else bar.label[: _LABEL_CHARACTERS - 1] + "…"
    return (
        f'<text x="{_LEFT - 8}" y="{middle}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="{_LEFT}" y="{top}" width="{width}" height="{_BAR}" rx="2" fill="#3b6ea5"/>'
        f'<text x="{_LEFT + width + 6}" y="{middle}">{escape(bar.text)}</text>'
    )


def _unit(figure: KeyFigure, language: str) -> str:
    """What makes figures comparable: the currency, the measure, or what is counted, all people being one."""
    own = figure.check.figure
    # Shares are of different wholes, so percentages stand in the table only.
    if own.kind in {FigureKind.MONEY, FigureKind.MEASURE}:
        return own.unit or ""
    if own.kind is not FigureKind.COUNT or not figure.counts:
        return ""
    known = vocabulary(language)
    words = known.words(figure.counts)
    if not known.people.isdisjoint(words):
        return "people"
    return words[-1] if words else ""
