"""The documents say what is so."""

from __future__ import annotations

import re
from pathlib import Path

from service.settings import data_directory
from service.summary import brief
from service.summary.brief import Brief, Emphasis, Highlights, Length, Terms
from service.types import FigureKind

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_example_of_the_docs_is_a_brief(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", (DOCS / "briefs.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "flood.toml").write_text(example, encoding="utf-8")
    loaded = brief.load(tmp_path)["flood"]
    assert loaded.highlights.kinds == (FigureKind.MONEY, FigureKind.PERCENT)
    assert (loaded.length.words, loaded.length.sentences) == (80, 4)


def test_the_docs_name_every_brief_field_and_kind() -> None:
    text = (DOCS / "briefs.md").read_text(encoding="utf-8")
    for name in brief.load(data_directory("prompts")):
        assert f"| `{name}`" in text
    for model in (Brief, Length, Highlights, Terms, Emphasis):
        for field in model.model_fields.keys() - {"name"}:
            assert re.search(rf"[`.]{field}\b", text), field
    assert all(f"`{kind.value}`" in text for kind in FigureKind)
