"""From the lexicon files to look-up tables: one TOML file a language, and `shared.toml` for all of them."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.figures.lexicon import Ambiguity, Calendar, Connector, Lexicon, Numerals, Quantities
from service.figures.patterns import PhraseTable, expand, phrases
from service.types import Modifier

FOLDER = Path(__file__).parent / "lexicons"
_SHARED = "shared"


def languages() -> tuple[str, ...]:
    """The codes of the languages that have a file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != _SHARED))


@lru_cache(maxsize=1)
def shared() -> dict[str, Any]:
    """What all languages share, as the file has it."""
    return tomllib.loads((FOLDER / f"{_SHARED}.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def style() -> dict[str, Any]:
    """How figures are written in English, as the section `style` of the English file has it."""
    section: dict[str, Any] = tomllib.loads((FOLDER / "en.toml").read_text(encoding="utf-8"))["style"]
    return section


@lru_cache(maxsize=16)
def lexicon(code: str) -> Lexicon:
    """The lexicon of a language by its ISO 639-1 code. Raises KeyError for a language without a file."""
    path = FOLDER / f"{code}.toml"
    if code not in languages():
        raise KeyError(code)
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    builder = _Builder(data)
    numerals, quantities, calendar = _numerals(builder), _quantities(builder), _calendar(builder)
    writing = data["writing"]
    return Lexicon(
        code=code,
        name=data["name"],
        decimal=writing["decimal"],
        groups=tuple(writing["groups"]),
        apostrophe=writing["apostrophe"],
        glued=writing.get("glued", False),
        loose=writing.get("loose", False),
        latin=writing.get("latin", {}),
        numerals=numerals,
        quantities=quantities,
        calendar=calendar,
        starters=_starters(numerals, quantities, calendar),
    )


class _Builder:
    """Turns the sections of a file into tables; holds what every section needs."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        writing = data["writing"]
        self.apostrophe: str = writing["apostrophe"]
        self.bare = str.maketrans(writing.get("bare", {}))
        self.endings: dict[str, list[str]] = data.get("endings", {})

    def section(self, *path: str) -> Any:
        found: Any = self.data
        for name in path:
            found = found.get(name, {}) if isinstance(found, dict) else {}
        return found

    def sequences(self, patterns: list[str]) -> list[tuple[str, ...]]:
        listed = list(phrases(patterns, self.endings, self.apostrophe))
        bare = [tuple(form.translate(self.bare) for form in forms) for forms in listed]
        return listed + [forms for forms in bare if all(forms)]

    def flat(self, *path: str, key: str | None = "words") -> PhraseTable[bool]:
        """A list of phrases."""
        patterns = self.section(*path)
        if key is not None and isinstance(patterns, dict):
            patterns = patterns.get(key, [])
        return self.flat_list(list(patterns))

    def flat_list(self, patterns: list[str]) -> PhraseTable[bool]:
        """A list of phrases given directly."""
        table: PhraseTable[bool] = PhraseTable()
        for forms in self.sequences(patterns):
            table.add(forms, True)
        return table

    def words(self, *path: str, key: str | None = "words") -> set[str]:
        """A list of single words."""
        return set(self.flat(*path, key=key).words())

    def valued(self, *path: str, more: tuple[str, ...] = ()) -> PhraseTable[Decimal]:
        """Phrases under their value, those of the section `more` too. Raises TypeError for `0.5` without quotes: TOML
        reads two nested keys there.
        """
        table: PhraseTable[Decimal] = PhraseTable()
        for place in (path, more) if more else (path,):
            for value, patterns in self.section(*place).items():
                if not isinstance(patterns, list):
                    raise TypeError(f"{'.'.join(place)}: no list under the value {value}")
                for forms in self.sequences(patterns):
                    table.add(forms, _value(value))
        return table

    def coded(self, *path: str, of: dict[str, Any] | None = None) -> PhraseTable[str]:
        """Phrases under their code."""
        table: PhraseTable[str] = PhraseTable()
        for code, patterns in (self.section(*path) if of is None else of).items():
            for forms in self.sequences(patterns):
                table.add(forms, code)
        return table

    def surfaces(self, *path: str) -> dict[str, Decimal]:
        """Suffixes as written, capitals told apart."""
        return {suffix: Decimal(value) for value, suffixes in self.section(*path).items() for suffix in suffixes}


def _value(text: str) -> Decimal:
    above, _, below = text.partition("/")
    return Decimal(above) / Decimal(below) if below else Decimal(above)


def _numerals(b: _Builder) -> Numerals:
    ambiguous = {
        form: Ambiguity(
            before_suffix=tuple(rule.get("before_suffix", ())),
            before=b.flat_list(rule.get("before", [])),
            after=b.flat_list(rule.get("after", [])),
            not_before=b.flat_list(rule.get("not_before", [])),
            not_after=b.flat_list(rule.get("not_after", [])),
            not_after_suffix=tuple(rule.get("not_after_suffix", ())),
        )
        for rule in b.data.get("ambiguous", [])
        for form in rule["words"]
    }
    connectors = [
        Connector(tuple(forms), rule["after"], rule["before"])
        for rule in b.data.get("connectors", [])
        for forms in b.sequences([rule["word"]])
    ]
    derived = [ending for p in b.section("ordinals_derived").get("endings", []) for ending in expand(p, b.endings)]
    return Numerals(
        additive=b.valued("cardinals").words(),
        elided=b.valued("elided").words(),
        elided_scales=b.valued("elided_scales").words(),
        scales=b.valued("scales"),
        scales_alone=set(b.valued("scales_alone").words()),
        compact=b.surfaces("compact"),
        compact_money=b.surfaces("compact_money"),
        articles=b.words("articles"),
        ones=b.words("ones"),
        connectors=connectors,
        negative=b.words("negative"),
        point=b.words("point"),
        whole=b.flat("whole"),
        added=b.valued("added"),
        ordinals=b.valued("ordinals").words(),
        ordinals_inside=b.valued("ordinals_inside").words(),
        ordinal_scales=b.valued("ordinal_scales").words(),
        derived_endings=tuple(derived),
        ordinal_suffixes=b.flat("ordinal_digits", key="suffixes"),
        cardinal_suffixes=b.flat("cardinal_digits", key="suffixes"),
        particles=b.words("ordinal_particles"),
        particles_needed=b.words("ordinal_particles", key="needed"),
        each=b.words("ordinals_beside", key="each"),
        anniversary=b.words("ordinals_beside", key="anniversary"),
        roman_before=b.flat("roman", key="before"),
        roman_after=b.flat("roman", key="after"),
        roman_names=b.section("roman").get("names", False),
        fractions_alone=b.valued("fractions", "alone").words(),
        fractions_counted=b.valued("fractions", "counted").words(),
        fractions_prefix=b.valued("fractions", "prefix").words(),
        fraction_part=b.words("fractions", "part"),
        fraction_after=b.flat("reject", key="fraction_after"),
        fraction_before=b.flat("reject", key="fraction_before"),
        finals=b.flat("cup", key="final"),
        rounds=b.valued("cup", "rounds"),
        one_and_half=b.words("numerals_with_half"),
        half_glued=tuple(b.words("half_glued")),
        half_glued_not=b.words("half_glued", key="not"),
        idioms=b.flat("idioms"),
        weak_prefixes=b.valued("weak_prefixes").words(),
        collections=b.valued("collections").words(),
        collections_weak=b.valued("collections_weak"),
        round_the_clock=b.flat("round_the_clock"),
        vague=b.valued("vague").words(),
        ambiguous=ambiguous,
    )


def _currencies(b: _Builder) -> tuple[PhraseTable[str], PhraseTable[str], dict[str, str]]:
    """Names of currencies, their signs, and their codes (as written, in capitals)."""
    common = shared()
    codes = {code: common["currency_codes"]["aliases"].get(code, code) for code in common["currency_codes"]["codes"]}
    return b.coded("currencies"), b.coded(of=common["currency_signs"]), codes


def _units(b: _Builder) -> tuple[PhraseTable[str], PhraseTable[str]]:
    """Names and symbols of units, and the symbols that count only where they touch the number."""
    common = shared()
    units, glued = b.coded("units"), PhraseTable[str]()
    only_glued = set(common["unit_symbols_glued"]["symbols"])
    for code, symbols in common["unit_symbols"].items():
        for symbol in symbols:
            for forms in b.sequences([symbol]):
                (glued if symbol in only_glued else units).add(forms, code)
    return units, glued


def _age_suffixes(b: _Builder) -> PhraseTable[str]:
    table: PhraseTable[str] = PhraseTable()
    names = {"suffixes": "a", "suffixes_month": "mo", "suffixes_week": "wk", "suffixes_day": "d"}
    for key, unit in names.items():
        for forms in b.sequences(b.section("age").get(key, [])):
            table.add(forms, unit)
    return table


def _compound_stems(b: _Builder) -> dict[str, tuple[str | None, Decimal]]:
    """Endings of compound adjectives (`-річний`, `-поверховий`), each with its unit, if any, and its multiplier."""
    section = b.section("compounds")
    endings = b.endings.get(section.get("endings", ""), [])
    stems: dict[str, tuple[str | None, Decimal]] = {}
    for unit, roots in section.get("units", {}).items():
        for root in roots:
            stems.update({root + ending: (None if unit == "count" else unit, Decimal(1)) for ending in endings})
    for scale, roots in section.get("scales", {}).items():
        for root in roots:
            stems.update({root + ending: (None, Decimal(scale)) for ending in endings})
    return stems


def _modifiers(b: _Builder, name: str) -> PhraseTable[Modifier]:
    table: PhraseTable[Modifier] = PhraseTable()
    for modifier, patterns in b.section(name).items():
        for forms in b.sequences(patterns):
            table.add(forms, Modifier(modifier))
    return table


def _quantities(b: _Builder) -> Quantities:
    currencies, signs, codes = _currencies(b)
    units, glued = _units(b)
    return Quantities(
        percent=b.coded("percent"),
        percent_weak=b.coded("percent_weak"),
        currencies=currencies,
        currency_signs=signs,
        currency_codes=codes,
        codes_as_names=set(shared()["currency_codes"]["names"]),
        cents=b.coded("cents"),
        units=units,
        marks=b.section("quantities", "marks"),
        unit_homographs=b.words("unit_homographs"),
        unit_homographs_before=b.flat("unit_homographs", key="before"),
        glued_units=glued,
        prefix_units=b.coded("prefix_units"),
        suffix_units=b.coded("suffix_units"),
        connectors=b.words("quantities", key="connectors"),
        multiplier_words=b.flat("multipliers"),
        multipliers=b.valued("multipliers", "fixed"),
        multipliers_weak=b.valued("multipliers", "weak", more=("multipliers", "verbs")),
        multiplying=b.valued("multipliers", "verbs"),
        age_suffixes=_age_suffixes(b),
        age_before=b.flat("age", key="before"),
        age_bare=b.flat("age", key="bare_after"),
        age_verbs=tuple(b.section("age").get("verb_endings", [])),
        age_cues=b.words("age", key="cues"),
        age_joint=b.words("age", key="cue_joint"),
        age_glued=tuple(ending for p in b.section("age").get("glued", []) for ending in expand(p, b.endings)),
        compound_numerals=b.valued("compounds", "numerals").words(),
        compound_stems=_compound_stems(b),
        between=b.flat("ranges", key="between"),
        between_joint=b.flat("ranges", key="between_joint"),
        from_=b.flat("ranges", key="from"),
        from_joint=b.flat("ranges", key="from_joint"),
        joint=b.flat("ranges", key="joint"),
        basis=b.flat("roles", key="basis"),
        share=b.flat("roles", key="share"),
        change=b.flat("roles", key="change"),
        level=b.flat("roles", key="level"),
        match_minute=b.flat("roles", key="minute"),
        below_zero=b.flat("signs", key="below_zero"),
        below_zero_alone=b.flat("signs", key="below_zero_alone"),
        falling=b.words("signs", key="falling"),
        rising=b.words("signs", key="rising"),
        lacking=b.words("signs", key="falling") | b.words("signs", key="deficit"),
        lesser=b.flat("signs", key="lesser"),
        greater=b.flat("signs", key="greater"),
        no_direction=b.flat("signs", key="no_direction"),
        negations=b.words("modifier_negations"),
        negations_not_before=b.words("modifier_negations", key="not_before"),
        modifiers=_modifiers(b, "modifiers"),
        modifiers_after=_modifiers(b, "modifiers_after"),
        modifier_articles=b.words("modifier_articles"),
        directional=b.flat("direction"),
        motion=tuple(b.section("direction").get("after_stems", [])),
        labels=b.flat("labels"),
        score_cues=b.words("score", key="cues"),
        names=b.flat_list(shared()["identifiers"]["names"]),
        slashes=set(shared()["identifiers"]["slashes"]),
        round_the_clock_names=set(shared()["identifiers"]["round_the_clock"]),
    )


def _calendar(b: _Builder) -> Calendar:
    section = b.section("calendar")
    named: PhraseTable[str] = PhraseTable()
    for hour, patterns in b.section("clock").get("named", {}).items():
        for forms in b.sequences(patterns):
            named.add(forms, hour)
    months: PhraseTable[int] = PhraseTable()
    for month, patterns in section["months"].items():
        # An abbreviation needs its stop unless the file says otherwise: `mar` is a sea, `mar.` March.
        exact = {(form,) for form in patterns if not form.endswith(".")}
        for forms in b.sequences(patterns):
            if len(forms) > 1 or forms in exact or not _abbreviates(forms[0], patterns):
                months.add(forms, int(month))
    return Calendar(
        months=months,
        month_not_before=b.words("calendar", "month_not_before"),
        month_verbs=b.words("calendar", "month_not_before", key="verbs"),
        month_homographs=b.words("calendar", "month_not_before", key="homographs"),
        month_capitals=b.words("calendar", key="month_capitals"),
        day_month_words=b.words("calendar", key="day_month_words"),
        month_first=section.get("month_first", False),
        day_joint=b.flat("calendar", key="day_joint"),
        no_days=b.words("calendar", key="no_days"),
        weekdays=b.flat("calendar", key="weekdays"),
        date_before=b.flat("calendar", key="date_before"),
        year_words=b.words("calendar", key="year_words"),
        year_after=b.flat("calendar", key="year_after"),
        before_year=b.flat("calendar", key="before_year"),
        noun_stop=b.words("calendar", key="after_number_noun_stop"),
        bc=b.flat("calendar", key="bc"),
        ad=b.flat("calendar", key="ad"),
        century=b.flat("calendar", "century"),
        millennium=b.flat("calendar", "century", key="millennium"),
        century_names=b.valued("calendar", "century", "names").words(),
        decade_suffixes=b.flat("calendar", "decade", key="suffixes"),
        decade_before=b.flat("calendar", "decade", key="before"),
        decade_aged=b.flat("calendar", "decade", key="aged"),
        decade_words=b.flat("calendar", "decade"),
        decade_needs_word=b.section("calendar", "decade").get("need_word", False),
        decade_names=b.valued("calendar", "decade", "names"),
        clock_before=b.flat("clock", key="before"),
        clock_before_bare=b.flat("clock", key="before_bare"),
        clock_after=b.flat("clock", key="after"),
        clock_units=b.words("clock", key="units"),
        clock_before_units=b.flat("clock", key="before_units" if "before_units" in b.section("clock") else "before"),
        clock_lasting=b.flat("clock", key="lasting"),
        am=b.flat("clock", key="am"),
        pm=b.flat("clock", key="pm"),
        am_led=b.flat("clock", key="am_led"),
        pm_led=b.flat("clock", key="pm_led"),
        night=b.flat("clock", key="night"),
        clock_before_part=b.flat("clock", key="before_part"),
        clock_leading=b.valued("clock", "leading"),
        clock_trailing=b.valued("clock", "trailing"),
        clock_minutes_joint=b.flat("clock", key="minutes_joint"),
        clock_hour_of=b.words("clock", key="hour_of"),
        clock_separators=tuple(b.section("clock")["separators"]),
        named_hours=named,
    )


def _abbreviates(form: str, patterns: list[str]) -> bool:
    """Whether a form is one of the patterns without its stop."""
    return f"{form}." in patterns


def _starters(numerals: Numerals, quantities: Quantities, calendar: Calendar) -> frozenset[str]:
    words: set[str] = set()
    words.update(numerals.additive, numerals.scales_alone, numerals.articles, numerals.negative, numerals.ordinals)
    words.update(numerals.ordinal_scales, numerals.fractions_alone, numerals.fractions_prefix, numerals.one_and_half)
    words.update(numerals.collections, numerals.rounds.heads)
    words.update(quantities.multipliers.heads, quantities.prefix_units.heads, quantities.labels.heads)
    words.update(form.lower() for form in quantities.currency_codes)
    words.update(calendar.months.heads, calendar.century_names, calendar.century.heads, calendar.decade_names.heads)
    words.update(calendar.named_hours.heads, calendar.decade_before.heads, quantities.names.heads)
    words.update(calendar.clock_leading.heads)
    words.update(quantities.currency_signs.heads)
    return frozenset(words)
