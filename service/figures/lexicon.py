"""What the readers know of a language: the look-up tables that `compilation` makes from the files in `lexicons/`."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from service.figures.patterns import PhraseTable
from service.types import Modifier


@dataclass(frozen=True, slots=True)
class Connector:
    """A word inside a numeral: `and`, `și`, `de`. `after` and `before` name what must stand beside it."""

    forms: tuple[str, ...]
    after: str
    before: str


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """When a word that has another meaning too is a numeral: any of the signs, and none of the refusals."""

    before_suffix: tuple[str, ...]
    before: PhraseTable[bool]
    after: PhraseTable[bool]
    not_before: PhraseTable[bool]
    not_after: PhraseTable[bool]
    not_after_suffix: tuple[str, ...]


@dataclass(slots=True)
class Numerals:
    """Words and suffixes that make a number."""

    additive: dict[str, Decimal] = field(default_factory=dict)
    elided: dict[str, Decimal] = field(default_factory=dict)
    elided_scales: dict[str, Decimal] = field(default_factory=dict)
    scales: PhraseTable[Decimal] = field(default_factory=PhraseTable)
    scales_alone: set[str] = field(default_factory=set)
    compact: dict[str, Decimal] = field(default_factory=dict)
    compact_money: dict[str, Decimal] = field(default_factory=dict)
    articles: set[str] = field(default_factory=set)
    ones: set[str] = field(default_factory=set)
    connectors: list[Connector] = field(default_factory=list)
    negative: set[str] = field(default_factory=set)
    point: set[str] = field(default_factory=set)
    whole: PhraseTable[bool] = field(default_factory=PhraseTable)
    added: PhraseTable[Decimal] = field(default_factory=PhraseTable)
    ordinals: dict[str, Decimal] = field(default_factory=dict)
    ordinals_inside: dict[str, Decimal] = field(default_factory=dict)
    ordinal_scales: dict[str, Decimal] = field(default_factory=dict)
    derived_endings: tuple[str, ...] = ()
    ordinal_suffixes: PhraseTable[bool] = field(default_factory=PhraseTable)
    cardinal_suffixes: PhraseTable[bool] = field(default_factory=PhraseTable)
    particles: set[str] = field(default_factory=set)
    particles_needed: set[str] = field(default_factory=set)
    each: set[str] = field(default_factory=set)
    anniversary: set[str] = field(default_factory=set)
    roman_before: PhraseTable[bool] = field(default_factory=PhraseTable)
    roman_after: PhraseTable[bool] = field(default_factory=PhraseTable)
    roman_names: bool = False
    fractions_alone: dict[str, Decimal] = field(default_factory=dict)
    fractions_counted: dict[str, Decimal] = field(default_factory=dict)
    fractions_prefix: dict[str, Decimal] = field(default_factory=dict)
    fraction_part: set[str] = field(default_factory=set)
    fraction_after: PhraseTable[bool] = field(default_factory=PhraseTable)
    fraction_before: PhraseTable[bool] = field(default_factory=PhraseTable)
    finals: PhraseTable[bool] = field(default_factory=PhraseTable)
    rounds: PhraseTable[Decimal] = field(default_factory=PhraseTable)
    one_and_half: set[str] = field(default_factory=set)
    half_glued: tuple[str, ...] = ()
    half_glued_not: set[str] = field(default_factory=set)
    idioms: PhraseTable[bool] = field(default_factory=PhraseTable)
    weak_prefixes: dict[str, Decimal] = field(default_factory=dict)
    collections: dict[str, Decimal] = field(default_factory=dict)
    collections_weak: PhraseTable[Decimal] = field(default_factory=PhraseTable)
    round_the_clock: PhraseTable[bool] = field(default_factory=PhraseTable)
    vague: dict[str, Decimal] = field(default_factory=dict)
    ambiguous: dict[str, Ambiguity] = field(default_factory=dict)


@dataclass(slots=True)
class Quantities:
    """What turns a number into a percentage, a sum of money, a measure, an age."""

    percent: PhraseTable[str] = field(default_factory=PhraseTable)
    percent_weak: PhraseTable[str] = field(default_factory=PhraseTable)
    currencies: PhraseTable[str] = field(default_factory=PhraseTable)
    currency_signs: PhraseTable[str] = field(default_factory=PhraseTable)
    currency_codes: dict[str, str] = field(default_factory=dict)
    codes_as_names: set[str] = field(default_factory=set)
    cents: PhraseTable[str] = field(default_factory=PhraseTable)
    units: PhraseTable[str] = field(default_factory=PhraseTable)
    marks: dict[str, str] = field(default_factory=dict)
    unit_homographs: set[str] = field(default_factory=set)
    unit_homographs_before: PhraseTable[bool] = field(default_factory=PhraseTable)
    glued_units: PhraseTable[str] = field(default_factory=PhraseTable)
    prefix_units: PhraseTable[str] = field(default_factory=PhraseTable)
    suffix_units: PhraseTable[str] = field(default_factory=PhraseTable)
    connectors: set[str] = field(default_factory=set)
    multiplier_words: PhraseTable[bool] = field(default_factory=PhraseTable)
    multipliers: PhraseTable[Decimal] = field(default_factory=PhraseTable)
    multipliers_weak: PhraseTable[Decimal] = field(default_factory=PhraseTable)
    multiplying: PhraseTable[Decimal] = field(default_factory=PhraseTable)
    age_suffixes: PhraseTable[str] = field(default_factory=PhraseTable)
    age_before: PhraseTable[bool] = field(default_factory=PhraseTable)
    age_bare: PhraseTable[bool] = field(default_factory=PhraseTable)
    age_verbs: tuple[str, ...] = ()
    age_cues: set[str] = field(default_factory=set)
    age_joint: set[str] = field(default_factory=set)
    age_glued: tuple[str, ...] = ()
    compound_numerals: dict[str, Decimal] = field(default_factory=dict)
    compound_stems: dict[str, tuple[str | None, Decimal]] = field(default_factory=dict)
    between: PhraseTable[bool] = field(default_factory=PhraseTable)
    between_joint: PhraseTable[bool] = field(default_factory=PhraseTable)
    from_: PhraseTable[bool] = field(default_factory=PhraseTable)
    from_joint: PhraseTable[bool] = field(default_factory=PhraseTable)
    joint: PhraseTable[bool] = field(default_factory=PhraseTable)
    basis: PhraseTable[bool] = field(default_factory=PhraseTable)
    share: PhraseTable[bool] = field(default_factory=PhraseTable)
    change: PhraseTable[bool] = field(default_factory=PhraseTable)
    level: PhraseTable[bool] = field(default_factory=PhraseTable)
    match_minute: PhraseTable[bool] = field(default_factory=PhraseTable)
    below_zero: PhraseTable[bool] = field(default_factory=PhraseTable)
    below_zero_alone: PhraseTable[bool] = field(default_factory=PhraseTable)
    falling: set[str] = field(default_factory=set)
    rising: set[str] = field(default_factory=set)
    lacking: set[str] = field(default_factory=set)  # the words of falling, and of deficits
    lesser: PhraseTable[bool] = field(default_factory=PhraseTable)
    greater: PhraseTable[bool] = field(default_factory=PhraseTable)
    no_direction: PhraseTable[bool] = field(default_factory=PhraseTable)
    negations: set[str] = field(default_factory=set)
    negations_not_before: set[str] = field(default_factory=set)
    modifiers: PhraseTable[Modifier] = field(default_factory=PhraseTable)
    modifiers_after: PhraseTable[Modifier] = field(default_factory=PhraseTable)
    modifier_articles: set[str] = field(default_factory=set)
    directional: PhraseTable[bool] = field(default_factory=PhraseTable)
    motion: tuple[str, ...] = ()
    labels: PhraseTable[bool] = field(default_factory=PhraseTable)
    score_cues: set[str] = field(default_factory=set)
    names: PhraseTable[bool] = field(default_factory=PhraseTable)
    slashes: set[str] = field(default_factory=set)
    round_the_clock_names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Calendar:
    """Words of dates and of the clock."""

    months: PhraseTable[int] = field(default_factory=PhraseTable)
    month_not_before: set[str] = field(default_factory=set)
    month_verbs: set[str] = field(default_factory=set)
    month_homographs: set[str] = field(default_factory=set)
    month_capitals: set[str] = field(default_factory=set)
    day_month_words: set[str] = field(default_factory=set)
    month_first: bool = False
    day_joint: PhraseTable[bool] = field(default_factory=PhraseTable)
    no_days: set[str] = field(default_factory=set)
    weekdays: PhraseTable[bool] = field(default_factory=PhraseTable)
    date_before: PhraseTable[bool] = field(default_factory=PhraseTable)
    year_words: set[str] = field(default_factory=set)
    year_after: PhraseTable[bool] = field(default_factory=PhraseTable)
    before_year: PhraseTable[bool] = field(default_factory=PhraseTable)
    noun_stop: set[str] = field(default_factory=set)
    bc: PhraseTable[bool] = field(default_factory=PhraseTable)
    ad: PhraseTable[bool] = field(default_factory=PhraseTable)
    century: PhraseTable[bool] = field(default_factory=PhraseTable)
    millennium: PhraseTable[bool] = field(default_factory=PhraseTable)
    century_names: dict[str, Decimal] = field(default_factory=dict)
    decade_suffixes: PhraseTable[bool] = field(default_factory=PhraseTable)
    decade_before: PhraseTable[bool] = field(default_factory=PhraseTable)
    decade_aged: PhraseTable[bool] = field(default_factory=PhraseTable)
    decade_words: PhraseTable[bool] = field(default_factory=PhraseTable)
    decade_needs_word: bool = False
    decade_names: PhraseTable[Decimal] = field(default_factory=PhraseTable)
    clock_before: PhraseTable[bool] = field(default_factory=PhraseTable)
    clock_before_bare: PhraseTable[bool] = field(default_factory=PhraseTable)
    clock_after: PhraseTable[bool] = field(default_factory=PhraseTable)
    clock_units: set[str] = field(default_factory=set)
    clock_before_units: PhraseTable[bool] = field(default_factory=PhraseTable)
    clock_lasting: PhraseTable[bool] = field(default_factory=PhraseTable)
    am: PhraseTable[bool] = field(default_factory=PhraseTable)
    pm: PhraseTable[bool] = field(default_factory=PhraseTable)
    am_led: PhraseTable[bool] = field(default_factory=PhraseTable)
    pm_led: PhraseTable[bool] = field(default_factory=PhraseTable)
    night: PhraseTable[bool] = field(default_factory=PhraseTable)
    clock_before_part: PhraseTable[bool] = field(default_factory=PhraseTable)
    clock_leading: PhraseTable[Decimal] = field(default_factory=PhraseTable)
    clock_trailing: PhraseTable[Decimal] = field(default_factory=PhraseTable)
    clock_minutes_joint: PhraseTable[bool] = field(default_factory=PhraseTable)
    clock_hour_of: set[str] = field(default_factory=set)
    clock_separators: tuple[str, ...] = (":",)
    named_hours: PhraseTable[str] = field(default_factory=PhraseTable)


@dataclass(slots=True)
class Lexicon:
    """All that the readers know of one language. `starters` are the words at which a figure may begin.

    `loose`: texts mix their own decimal separator with the English group separator, so that a comma may be either.
    """

    code: str
    name: str
    decimal: str
    groups: tuple[str, ...]
    apostrophe: str
    glued: bool
    loose: bool
    latin: dict[str, str]
    numerals: Numerals
    quantities: Quantities
    calendar: Calendar
    starters: frozenset[str]
