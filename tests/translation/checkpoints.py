"""Tiny checkpoints of random weights, as a hub would hold them: every part is real but the training."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from transformers import M2M100Config, M2M100ForConditionalGeneration, MarianConfig, MarianMTModel, NllbTokenizer

from tests.translation.conftest import SENTENCES

MORE = (
    "The mayor said on Tuesday that the bridge will stay closed.",
    "Over 1,200 pupils took part, at 4.5% of the price.",
)
TAG = ">>eng<<"
SIZES: dict[str, Any] = {"d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4,
         "decoder_attention_heads": 4, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "init_std": 0.2,
         "dropout": 0.0, "scale_embedding": True, "max_position_embeddings": 128}  # fmt: skip


def train(path: Path, *, model_type: str = "unigram", bytes_too: bool = True) -> sentencepiece.SentencePieceProcessor:
    """A small SentencePiece model, trained on the test's own sentences."""
    prefix = path.parent / "training"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*(text for texts in SENTENCES.values() for text in texts), *MORE]),
        model_prefix=str(prefix),
        model_type=model_type,
        vocab_size=360,
        byte_fallback=bytes_too,
        normalization_rule_name="nmt_nfkc" if bytes_too else "identity",
        hard_vocab_limit=False,
        minloglevel=2,
    )
    prefix.with_suffix(".model").rename(path)
    prefix.with_suffix(".vocab").unlink()
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def _numbered(pieces: sentencepiece.SentencePieceProcessor, *, separate: bool, tag: str | None) -> dict[str, int]:
    """The pieces numbered as Marian does: the padding is third with two vocabularies, else last as in OPUS-MT."""
    names = [pieces.id_to_piece(number) for number in range(3, pieces.get_piece_size())]
    names = [tag, *names] if tag else names
    tokens = ["</s>", "<unk>", "<pad>", *names] if separate else ["</s>", "<unk>", *names, "<pad>"]
    return {token: number for number, token in enumerate(tokens)}


def marian(folder: Path, *, separate: bool, tag: str | None = None, seed: int = 0) -> Path:
    """A Marian checkpoint with one vocabulary (as OPUS-MT has) or with two, and with a target tag or without."""
    folder.mkdir(parents=True)
    source = _numbered(train(folder / "source.spm"), separate=separate, tag=tag)
    target = source
    if separate:
        target = _numbered(train(folder / "target.spm"), separate=separate, tag=None)
        (folder / "target_vocab.json").write_text(json.dumps(target))
    else:
        shutil.copyfile(folder / "source.spm", folder / "target.spm")
    (folder / "vocab.json").write_text(json.dumps(source))
    names = {"unk_token": "<unk>", "eos_token": "</s>", "pad_token": "<pad>", "model_max_length": 512}
    kind = {"tokenizer_class": "MarianTokenizer", "source_lang": "ro", "target_lang": "en", "separate_vocabs": separate}
    (folder / "tokenizer_config.json").write_text(json.dumps({**kind, **names}))
    torch.manual_seed(seed)
    pad = source["<pad>"]
    config = MarianConfig(
        vocab_size=len(source), decoder_vocab_size=len(target), activation_function="swish", pad_token_id=pad,
        eos_token_id=0, bos_token_id=0, decoder_start_token_id=pad, forced_eos_token_id=0,
        share_encoder_decoder_embeddings=not separate, tie_word_embeddings=not separate, **SIZES,
    )  # fmt: skip
    model = MarianMTModel(config)
    with torch.no_grad():  # the decoder starts from a zero vector, in Marian and in CTranslate2
        model.model.decoder.embed_tokens.weight[pad] = 0
    model.save_pretrained(folder)
    return folder


def _merges(names: list[str]) -> list[Any]:
    """The merges that lead to the pieces of a BPE vocabulary, in their order, which is that of the training."""
    known = set(names)
    return [
        (name[:cut], name[cut:])
        for name in names
        for cut in range(1, len(name))
        if name[:cut] in known and name[cut:] in known
    ]


def nllb(folder: Path, *, seed: int = 0, pickled: bool = False) -> Path:
    """An NLLB checkpoint; `pickled` as the published ones are, in `pytorch_model.bin`."""
    folder.mkdir(parents=True)
    pieces = train(folder / "sentencepiece.bpe.model", model_type="bpe", bytes_too=False)
    names = [pieces.id_to_piece(number) for number in range(3, pieces.get_piece_size())]
    vocabulary = {token: number for number, token in enumerate(["<s>", "<pad>", "</s>", "<unk>", *names])}
    tokenizer = NllbTokenizer(vocab=vocabulary, merges=_merges(names), src_lang="ron_Latn")
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)
    config = M2M100Config(
        vocab_size=len(tokenizer) + 2, activation_function="relu", pad_token_id=1, bos_token_id=0, eos_token_id=2,
        decoder_start_token_id=2, encoder_layerdrop=0.0, decoder_layerdrop=0.0, tie_word_embeddings=True, **SIZES,
    )  # fmt: skip
    model = M2M100ForConditionalGeneration(config)
    model.save_pretrained(folder)
    if pickled:
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
        (folder / "model.safetensors").unlink()
    return folder
