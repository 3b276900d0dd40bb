"""Measures a model on a test set: BLEU and chrF of the English, and the share of figures that it keeps."""

from __future__ import annotations

from collections.abc import Sequence

from service.errors import InvalidInput
from service.figures.match import check
from service.figures.repair import repair
from service.translation.translate import Translator
from service.types import Segment, TranslatedSegment, Verdict

RIGHT = {Verdict.KEPT, Verdict.CONVERTED, Verdict.REPAIRED}


def evaluate(
    translator: Translator, language: str, texts: Sequence[str], references: Sequence[str]
) -> dict[str, object]:
    """Scores of one language. `texts` and `references` are one sentence an item.

    BLEU and chrF are sacrebleu's, 0..100, with its signature of settings; shares of figures are 0..1 of the source's
    figures, for the model alone and after repair; `reference_figures_kept` is the same share for the human English.
    """
    try:
        from sacrebleu.metrics.bleu import BLEU
        from sacrebleu.metrics.chrf import CHRF
    except ImportError:
        raise InvalidInput("Evaluation needs sacrebleu: install the extra 'evaluate'.") from None

    if len(texts) != len(references):
        raise InvalidInput(f"There are {len(texts)} sources and {len(references)} references.", field="reference")
    segments = [Segment(number, number, text, 0, len(text)) for number, text in enumerate(texts)]
    translated = translator.translate(segments, language)
    repaired, repairs = repair(translated, language, lambda again: translator.hypotheses(again, language))
    english = [segment.english for segment in repaired]
    human = [TranslatedSegment(segment, reference) for segment, reference in zip(segments, references, strict=True)]
    bleu, chrf = BLEU(), CHRF()
    return {
        "model": translator.info.id,
        "revision": translator.info.revision,
        "language": language,
        "sentences": len(texts),
        "bleu": round(bleu.corpus_score([each.english for each in translated], [list(references)]).score, 2),
        "bleu_after_repair": round(bleu.corpus_score(english, [list(references)]).score, 2),
        "chrf": round(chrf.corpus_score(english, [list(references)]).score, 2),
        "signature": str(bleu.get_signature()),
        "figures_kept": share_kept(translated, language),
        "figures_kept_after_repair": share_kept(repaired, language),
        "reference_figures_kept": share_kept(human, language),
        "segments_repaired": len(repairs),
    }


def share_kept(segments: Sequence[TranslatedSegment], language: str) -> float | None:
    """The share of the source's figures that the English keeps, 0..1; None where the source has none."""
    verdicts = [each.verdict for each in check(segments, language) if each.source is not None]
    return round(sum(verdict in RIGHT for verdict in verdicts) / len(verdicts), 4) if verdicts else None
