"""Match the figures of a source with those of its English, and say of each what became of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from service.figures import pairing
from service.figures.changes import pair_changed
from service.figures.equivalence import Likeness, opposed, read_otherwise
from service.figures.order import Texts, mark_swapped
from service.figures.pairing import Item
from service.figures.reasons import reason
from service.figures.sides import contradict, items_of, pair_changes, pair_unsigned
from service.figures.sums import pair_shares, pair_sums
from service.figures.weak import find_all
from service.remembering import remembered
from service.types import Check, LocatedFigure, Repair, Segment, Severity, TranslatedSegment, Verdict

ENGLISH = "en"
_NO_REPAIRS: Mapping[int, Repair] = MappingProxyType({})
_RIGHT = frozenset({Verdict.KEPT, Verdict.CONVERTED, Verdict.REPAIRED})


class Sides:
    """The figures of one segment on both sides, the weak ones apart. `index` is the segment's place in its block."""

    def __init__(self, index: int, source: str, language: str, english: str) -> None:
        original, translated = find_all(source, language), find_all(english, ENGLISH)
        self.source, self.english = items_of(original, source, index), items_of(translated, english, index)
        self.weak_source = pairing.items(original.weak, source, index, weak=True)
        self.weak_english = pairing.items(translated.weak, english, index, weak=True)
        self.told_source = pairing.items(original.told, source, index, weak=True)
        self.told_english = pairing.items(translated.told, english, index, weak=True)
        self.lacking = original.lacking or translated.lacking
        self.texts = Texts(source, language, english)

    @classmethod
    def passed_through(cls, index: int, text: str) -> Sides:
        """English that nobody translated: every figure is its own mate."""
        sides = cls(index, text, ENGLISH, text)
        for item, mate in zip(sides.source, sides.english, strict=True):
            item.join(mate, Likeness.SAME)
        return sides

    def pair(self) -> None:
        """Pair what belongs together inside the segment."""
        pairing.pair_equal(self.source, self.english, Likeness.VALUE)
        pairing.pair_converted(self.source, self.english)
        pair_sums(self.source, self.weak_source, self.english)
        pair_sums(self.english, self.weak_english, self.source)
        pair_shares([*self.source, *self.weak_source], self.texts.source, self.texts.language, self.english)
        pair_shares([*self.english, *self.weak_english], self.texts.english, ENGLISH, self.source)
        pairing.pair_equal(self.source, self.english)
        pairing.pair_pieces(self.source, self.english)
        pairing.pair_pieces(self.english, self.source)
        pair_unsigned(self.source, self.english, self.lacking)
        pair_changes(self.source, self.english)

    def excuse(self, spelled: bool) -> None:
        """Pair what is left with words that may stand for a number; with `spelled` only what is itself in words."""
        source = [item for item in self.source if not (spelled and item.in_digits)]
        english = [item for item in self.english if not (spelled and item.in_digits)]
        pairing.pair_equal(source, self.weak_english)
        pairing.pair_equal(self.weak_source, english)
        pair_changes(source, self.weak_english)
        pair_changes(self.weak_source, english)

    def contradict(self) -> None:
        """Pair weak words that excuse nothing and contradict each other."""
        for item, mate in contradict(self.told_source, self.weak_source, self.told_english, self.weak_english):
            self.weak_source.append(item)
            self.weak_english.append(mate)


class Matched(NamedTuple):
    """`sides` of a segment, and the indices of all segments of its block, into which `Item.segment` points."""

    sides: Sides
    names: tuple[int, ...]


def check(
    segments: Sequence[TranslatedSegment], language: str, repairs: Mapping[int, Repair] = _NO_REPAIRS
) -> tuple[Check, ...]:
    """What became of every figure of the segments, in reading order; ids are `f1`, `f2`, …

    Figures are matched inside a segment first, then across the segments of a block, for what a translation moved.
    `repairs` has the repair of a segment under its index: figures that it put right are `repaired`. With `language`
    `en` (text passed through) every figure is `kept`. Raises KeyError for a language without a lexicon.
    """
    made = {
        place: repairs[segment.source.index]
        for place, segment in enumerate(segments)
        if segment.source.index in repairs
    }
    before = {
        place: _wrong_before(segments[place].source.text, language, repair.model_text) for place, repair in made.items()
    }
    return tuple(_checks(match(segments, language), made, before))


def compare(source: str, language: str, english: str) -> tuple[Check, ...]:
    """The checks of two plain texts, one the translation of the other, as a whole. `segment` of each figure is 0."""
    segment = Segment(0, 0, source, 0, len(source))
    return check([TranslatedSegment(segment, english)], language)


def summary_line(checks: Iterable[Check]) -> str:
    """`12 figures: 11 kept, 1 repaired`."""
    counts: dict[Verdict, int] = defaultdict(int)
    for one in checks:
        counts[one.verdict] += 1
    total = sum(counts.values())
    if not total:
        return "no figures"
    listed = ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict if counts[verdict])
    return f"{total} figure{'' if total == 1 else 's'}: {listed}"


def match(segments: Sequence[TranslatedSegment], language: str) -> list[Matched]:
    """The figures of each segment, matched with those of its block."""
    blocks: dict[int, list[int]] = defaultdict(list)
    for place, segment in enumerate(segments):
        blocks[segment.source.block].append(place)
    found: dict[int, Matched] = {}
    for places in blocks.values():
        together = [segments[place] for place in places]
        names = tuple(segment.source.index for segment in together)
        sides = match_block(tuple((segment.source.text, segment.english) for segment in together), language)
        found |= {place: Matched(one, names) for place, one in zip(places, sides, strict=True)}
    return [found[place] for place in range(len(segments))]


@remembered(1024, longest=5000)
def match_block(texts: tuple[tuple[str, str], ...], language: str) -> tuple[Sides, ...]:
    """The figures of a block's segments, of each its source and its English, matched; nobody may change them after."""
    return _paired(
        tuple(
            Sides(place, source, language, english) if language != ENGLISH else Sides.passed_through(place, source)
            for place, (source, english) in enumerate(texts)
        )
    )


def match_sentence(source: str, language: str, english: str) -> Sides:
    """The figures of one sentence, matched."""
    return _paired((Sides(0, source, language, english),))[0]


def _paired(sides: tuple[Sides, ...]) -> tuple[Sides, ...]:
    """Pair the figures of each segment, then across them those that found no mate, then what must be a change."""
    for one in sides:
        one.pair()
    if len(sides) > 1:
        source = [item for one in sides for item in one.source]
        english = [item for one in sides for item in one.english]
        pairing.pair_equal(source, english, Likeness.VALUE)
    for one in sides:
        one.excuse(spelled=True)
        mark_swapped(one.source, one.texts)
        pair_changed(one.source, one.english)
        one.excuse(spelled=False)
        one.contradict()
    return sides


def wrong_items(sides: Sides) -> tuple[list[Item], list[Item]]:
    """The figures of a matched segment that are not right: those of the source, and those of the English they may
    have become. An exchange that a turned clause may explain is none of them: what to write instead is not known.
    """
    claimed = {id(part.mate) for item in sides.source for part in item.parts if part.likeness > Likeness.UNIT}
    told = [item for item in sides.source if _verdict(item) not in _RIGHT and item.sure]
    source = [leaf for item in told for leaf in item.leaves()]
    source = [leaf for leaf in source if leaf.likeness in (Likeness.NONE, Likeness.UNIT) and not leaf.dropped]
    english = [
        item
        for item in sides.english
        if id(item) not in claimed
        and not item.parts
        and not item.dropped
        and (item.mate is None or (item.mate.sure and item.likeness in (Likeness.NONE, Likeness.UNIT)))
    ]
    return source, english


@remembered(1024)
def _wrong_before(source: str, language: str, model_text: str) -> frozenset[int]:
    """The starts of the source figures that were not right in what the model had said first."""
    before = match_sentence(source, language, model_text)
    return frozenset(item.figure.start for item in before.source if _verdict(item) not in _RIGHT)


def _verdict(item: Item) -> Verdict:
    if item.parts:
        least = min(part.likeness for part in item.parts)
        if item.swapped or least <= Likeness.UNIT:
            return Verdict.CHANGED
        return Verdict.CONVERTED if least is Likeness.CONVERTED else Verdict.KEPT
    if item.mate is None:
        return Verdict.MISSING
    if opposed(item.figure, item.mate.figure) or item.turned:
        return Verdict.CHANGED
    if item.likeness is Likeness.CONVERTED:
        return Verdict.CONVERTED
    return Verdict.KEPT if item.likeness >= Likeness.UNIT_MISSING else Verdict.CHANGED


def _checks(
    matched: Sequence[Matched], repairs: Mapping[int, Repair], before: Mapping[int, frozenset[int]]
) -> Iterable[Check]:
    """The checks in reading order; a figure that only the English has stands where it would be read."""
    entries: list[tuple[int, float, int, Item | None, Item | None]] = []
    for place, (one, _) in enumerate(matched):
        told = [item for item in one.source if not item.dropped] + [weak for weak in one.weak_source if weak.mate]
        entries.extend((place, item.place, 0, item, _mate(item)) for item in told)
        alone = [item for item in one.english if item.mate is None and not item.parts and not item.dropped]
        entries.extend((place, item.place, 1, None, item) for item in alone)
    entries.sort(key=lambda entry: entry[:3])
    for number, (place, _, _, source, english) in enumerate(entries, 1):
        names = matched[place].names
        verdict = Verdict.ADDED if source is None else _verdict(source)
        repair = None
        if source is not None and place in repairs and verdict in _RIGHT and source.figure.start in before[place]:
            verdict, repair = Verdict.REPAIRED, repairs[place]
        yield Check(
            id=f"f{number}",
            verdict=verdict,
            source=_renamed(source, names),
            english=_renamed(english, names),
            severity=_severity(verdict, source, english),
            reason=reason(verdict, source, english, repair),
            repair=repair,
        )


def _mate(item: Item) -> Item | None:
    """The English of a figure; of one in parts that of its wrong part, or of the first."""
    parts = sorted(item.parts, key=lambda part: part.likeness > Likeness.UNIT)
    return item.mate or next((part.mate for part in parts if part.mate), None)


def _renamed(item: Item | None, names: Sequence[int]) -> LocatedFigure | None:
    return None if item is None else LocatedFigure(item.figure, names[item.segment])


def _severity(verdict: Verdict, source: Item | None, english: Item | None) -> Severity:
    if verdict in (Verdict.KEPT, Verdict.CONVERTED):
        if source is None or english is None:
            return Severity.NONE
        unsure = source.likeness is Likeness.UNIT_MISSING or read_otherwise(source.figure, english.figure)
        return Severity.NOTICE if unsure else Severity.NONE
    if verdict is Verdict.REPAIRED:
        return Severity.NOTICE
    item = source or english
    if source is not None and (not source.sure or _only_turned(source)):
        return Severity.NOTICE
    spelled = item is not None and not any(char.isdigit() for char in item.figure.text)
    return Severity.NOTICE if spelled and verdict is not Verdict.CHANGED else Severity.ERROR


def _only_turned(item: Item) -> bool:
    """Whether all that is wrong is the way it went, which verbs tell less surely than digits do."""
    return item.turned and item.likeness > Likeness.UNIT and not (item.mate and opposed(item.figure, item.mate.figure))
