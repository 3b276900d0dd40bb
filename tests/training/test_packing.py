import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from models.training.export import marian_config, marian_weights
from models.training.model import EOS, PAD, Batch, Shape, SmoothedCrossEntropy, Transformer, marian_order
from models.training.packing import ROW_MULTIPLE, from_grid, layout, to_grid

SHAPE = Shape(source_vocabulary=50, target_vocabulary=40, d=16, ff=32, encoder_layers=2, decoder_layers=2, heads=4)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_to_the_grid_and_back_is_the_same(lengths: list[int]) -> None:
    where = layout(np.array(lengths))
    total = sum(lengths)
    assert len(where.positions) % ROW_MULTIPLE == 0
    x = torch.arange(len(where.positions), dtype=torch.float32)[:, None].repeat(1, 3)
    assert torch.equal(from_grid(to_grid(x, where), where)[:total], x[:total])
    assert int(where.inside.sum()) == total


def test_gradients_of_both_ways_are_those_of_a_plain_gather() -> None:
    where = layout(np.array([3, 5, 2]))
    x = torch.randn(len(where.positions), 4, requires_grad=True)
    weight = torch.randn(*where.inside.shape, 4) * where.inside[..., None]
    ours = torch.autograd.grad((to_grid(x, where) * weight).sum(), x)[0]
    plain = torch.autograd.grad((x[where.grid].view(*where.inside.shape, 4) * weight).sum(), x)[0]
    assert torch.allclose(ours[:10], plain[:10])


def batch_of(sources: list[list[int]], targets: list[list[int]]) -> Batch:
    sides = []
    for rows in (sources, targets):
        where = layout(np.array([len(row) + 1 for row in rows]))
        flat = [piece for row in rows for piece in (*row, EOS)]
        sides.append((torch.tensor(flat + [PAD] * (len(where.positions) - len(flat))), where))
    (source, there), (target, where) = sides
    shifted = torch.cat([torch.tensor([PAD]), target[:-1]])
    shifted[shifted == EOS] = PAD
    return Batch(source, shifted, target, there, where, sum(len(row) + 1 for row in targets))


def marian_loss(model: Transformer, sources: list[list[int]], targets: list[list[int]]) -> float:
    """The summed negative log-likelihood by transformers' own implementation, one padded sentence after the other."""
    from transformers import MarianConfig, MarianMTModel

    theirs = MarianMTModel(MarianConfig(**marian_config(model.shape.as_dict()))).eval()  # type: ignore[no-untyped-call]
    theirs.load_state_dict(marian_weights(dict(model.state_dict()), model.shape.as_dict()), strict=False)
    places = [torch.argsort(marian_order(size)) for size in (SHAPE.source_vocabulary, SHAPE.target_vocabulary)]
    total = 0.0
    for source, target in zip(sources, targets, strict=True):
        ids, labels = (where[torch.tensor([*row, EOS])] for where, row in zip(places, (source, target), strict=True))
        start = torch.cat([torch.tensor([2]), labels[:-1]])
        logits = theirs(input_ids=ids[None], decoder_input_ids=start[None]).logits[0]
        total += float(torch.nn.functional.cross_entropy(logits, labels, reduction="sum"))
    return total


def test_a_packed_batch_has_the_loss_that_transformers_gives_sentence_by_sentence() -> None:
    torch.manual_seed(1)
    model = Transformer(SHAPE).eval()
    sources = [[5, 6, 7], [9], [11, 12, 13, 14, 15, 16, 17]]
    targets = [[4, 5], [21, 22, 23, 24, 25, 26], [8]]
    with torch.no_grad():
        _, nll = model.loss(batch_of(sources, targets), 0.0)
        # Padding can never be said there, while here it can: the difference is its share of the probability.
        assert float(nll) == pytest.approx(marian_loss(model, sources, targets), rel=0.02)


def test_order_and_company_of_a_sentence_do_not_matter() -> None:
    torch.manual_seed(2)
    model = Transformer(SHAPE).eval()
    pairs = [([5, 6, 7], [4, 5]), ([9], [21, 22, 23]), ([11, 12], [8])]
    with torch.no_grad():
        whole = model.loss(batch_of([s for s, _ in pairs], [t for _, t in pairs]), 0.1)[0]
        alone = sum(model.loss(batch_of([s], [t]), 0.1)[0] for s, t in pairs)
    assert float(whole) == pytest.approx(float(alone), rel=1e-5)


def test_the_loss_and_its_gradients_are_those_of_torch() -> None:
    torch.manual_seed(3)
    h, weight, bias = (torch.randn(*size, requires_grad=True) for size in ((7, 5), (11, 5), (11,)))
    target = torch.tensor([3, 4, PAD, 5, 6, 10, PAD])
    expected = torch.nn.functional.cross_entropy(
        h @ weight.t() + bias, target, reduction="sum", ignore_index=PAD, label_smoothing=0.1
    )
    gradients = torch.autograd.grad(expected, (h, weight, bias))
    loss, nll = SmoothedCrossEntropy.apply(h, weight, bias, target, 0.1)  # type: ignore[no-untyped-call]
    ours = torch.autograd.grad(loss, (h, weight, bias))
    assert float(loss.detach()) == pytest.approx(float(expected.detach()), rel=1e-5)
    assert float(nll.detach()) > 0
    for a, b in zip(ours, gradients, strict=True):
        assert torch.allclose(a, b, atol=1e-5)
