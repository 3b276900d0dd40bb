from xml.etree import ElementTree

import pytest

from models.training.plot import chart

SVG = "{http://www.w3.org/2000/svg}"


def test_a_chart_is_svg_with_a_line_a_series() -> None:
    root = ElementTree.fromstring(chart({"a < b": [(0, 1), (2, 5)], "c": [(1, 3), (2, 4)]}, "Title", "steps"))  # noqa: S314
    assert len(root.findall(f"{SVG}polyline")) == 2
    words = [element.text for element in root.findall(f"{SVG}text")]
    assert {"Title", "steps", "a < b", "c"} <= set(words)


def test_points_lie_inside_the_picture() -> None:
    root = ElementTree.fromstring(chart({"a": [(i, i * i - 7) for i in range(50)]}, "t", "x"))  # noqa: S314
    line = root.find(f"{SVG}polyline")
    assert line is not None
    points = (line.get("points") or "").split()
    for x, y in (map(float, point.split(",")) for point in points):
        assert 0 <= x <= 640
        assert 0 <= y <= 300


def test_one_point_and_no_point() -> None:
    assert "circle" in chart({"a": [(1, 1)]}, "t", "x")
    with pytest.raises(ValueError, match="nothing to draw"):
        chart({"a": []}, "t", "x")
