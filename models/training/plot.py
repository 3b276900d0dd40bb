"""A line chart as SVG, without a plotting library: learning curves in the model card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

Series = Mapping[str, Sequence[tuple[float, float]]]
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b")
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 300, 56, 110, 28, 40
TICKS = 5


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values `low`..`high` to pixels `start`..`end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of `value`."""
        span = (self.high - self.low) or 1.0
        return round(self.start + (value - self.low) / span * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        """Evenly spaced values, ends included."""
        return [self.low + (self.high - self.low) * i / (TICKS - 1) for i in range(TICKS)]


def _text(x: float, y: float, words: str, anchor: str = "middle", colour: str = "#333") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'


def _axes(x: Scale, y: Scale, title: str, x_label: str) -> list[str]:
    out = [_text(WIDTH / 2, 16, title), _text((x.start + x.end) / 2, HEIGHT - 6, x_label)]
    for value in y.ticks():
        out.append(f'<line x1="{x.start}" x2="{x.end}" y1="{y(value)}" y2="{y(value)}" stroke="#ddd"/>')
        out.append(_text(LEFT - 6, y(value) + 4, f"{value:.3g}", "end"))
    out += [_text(x(value), HEIGHT - BOTTOM + 16, f"{value:.3g}") for value in x.ticks()]
    return out


def chart(series: Series, title: str, x_label: str) -> str:
    """The chart of `series` (name: points by x). Raises ValueError where there is no point."""
    points = [point for line in series.values() for point in line]
    if not points:
        raise ValueError("nothing to draw")
    xs, ys = zip(*points, strict=True)
    x, y = Scale(min(xs), max(xs), LEFT, WIDTH - RIGHT), Scale(min(ys), max(ys), HEIGHT - BOTTOM, TOP)
    out = _axes(x, y, title, x_label)
    for i, (name, line) in enumerate(series.items()):
        colour, path = COLOURS[i % len(COLOURS)], " ".join(f"{x(a)},{y(b)}" for a, b in line)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        if len(line) < 30:
            out += [f'<circle cx="{x(a)}" cy="{y(b)}" r="3" fill="{colour}"/>' for a, b in line]
        out.append(_text(WIDTH - RIGHT + 8, y(line[-1][1]) + 4, name, "start", colour))
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="12">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *out, "</svg>", ""])
