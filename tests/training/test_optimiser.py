import math

import pytest
import torch
from torch import Tensor, nn

from models.training.optimiser import MOST_SKIPPED, Optimiser, orthogonal


class Small(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.qkv = nn.Linear(4, 12)
        self.down = nn.Linear(12, 4)

    def forward(self, ids: Tensor) -> Tensor:
        made: Tensor = self.down(self.qkv(self.embedding(ids)))
        return made


def optimiser(seed: int = 1) -> tuple[Small, Optimiser]:
    torch.manual_seed(seed)
    model = Small()
    return model, Optimiser(model, muon=8.0, average=25.0, average_floor=0.005)


def step(model: Small, optimised: Optimiser, seed: int) -> float:
    torch.manual_seed(seed)
    loss = (model(torch.randint(7, (20,))) - 1.0).square().mean()
    loss.backward()
    optimised.step(3e-3)
    return float(loss.detach())


def test_singular_values_come_near_one() -> None:
    torch.manual_seed(1)
    values = torch.linalg.svdvals(orthogonal(torch.randn(3, 8, 20)))
    assert 0.5 < float(values.min()) <= float(values.max()) < 1.4


def test_the_loss_falls() -> None:
    model, optimised = optimiser()
    losses = [step(model, optimised, seed) for seed in range(60)]
    assert losses[-1] < losses[0] / 3


def test_a_restored_state_takes_the_same_next_step() -> None:
    model, optimised = optimiser()
    for seed in range(7):
        step(model, optimised, seed)
    state = {
        k: {n: t.clone() for n, t in v.items()} if isinstance(v, dict) else v for k, v in optimised.state().items()
    }
    other, again = optimiser(seed=99)
    again.restore(state)
    for seed in range(7, 12):
        assert step(model, optimised, seed) == step(other, again, seed)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), other.parameters(), strict=True))
    assert all(torch.equal(optimised.average[n], again.average[n]) for n in optimised.average)


def test_without_moments_only_the_weights_are_taken() -> None:
    model, optimised = optimiser()
    step(model, optimised, 0)
    other, again = optimiser(seed=99)
    again.restore(optimised.state(), moments=False)
    assert again.step_count == 0
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), other.parameters(), strict=True))
    assert not any(t.any() for t in again.first.values())


def test_a_gradient_that_is_no_number_does_not_move_the_weights_to_nowhere() -> None:
    model, optimised = optimiser()
    for parameter in model.parameters():
        parameter.grad = torch.zeros_like(parameter)
    assert model.qkv.weight.grad is not None
    model.qkv.weight.grad[0, 0] = float("inf")
    before = [parameter.detach().clone() for parameter in model.parameters()]
    assert math.isinf(optimised.step(1e-3))
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))
    assert not any(t.any() for t in optimised.first.values())
    assert optimised.step_count == 0
    step(model, optimised, 0)
    assert all(torch.isfinite(p).all() for p in model.parameters())


def test_gradients_that_are_no_numbers_for_long_end_the_run() -> None:
    model, optimised = optimiser()
    optimised.skipped = MOST_SKIPPED
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, float("nan"))
    with pytest.raises(ArithmeticError, match="21 steps in a row"):
        optimised.step(1e-3)
