"""What the lexicon files may not say."""

from __future__ import annotations

import pytest

from service.figures import compilation
from service.figures.compilation import languages, lexicon


def test_a_decimal_value_without_quotes_is_an_error() -> None:
    builder = compilation._Builder({"writing": {"apostrophe": "inside"}, "weak": {"0": {"5": ["halved"]}}})
    with pytest.raises(TypeError, match="weak: no list under the value 0"):
        builder.valued("weak")


@pytest.mark.parametrize("language", languages())
def test_every_language_has_words_for_halving(language: str) -> None:
    values = lexicon(language).quantities.multipliers_weak.words().values()
    assert any(value < 1 for value in values)
