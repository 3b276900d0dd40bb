import itertools
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from models.training.batches import Feed, Position, assemble, plan, walk
from models.training.model import EOS, PAD, Batch
from models.training.tokens import Store


@pytest.fixture
def store() -> Store:
    rng = np.random.default_rng(1)
    lengths = rng.integers(1, 30, (2, 500))
    starts = [np.concatenate([[0], np.cumsum(row)]) for row in lengths]
    ids = [rng.integers(3, 100, row.sum()).astype(np.uint16) for row in lengths]
    weights = np.ones(500, np.float32)
    weights[:100], weights[100:200] = 0, 1.5
    return Store(ids[0], starts[0], ids[1], starts[1], weights, np.zeros(500, np.uint8))


def test_an_epoch_sees_every_pair_by_its_weight(store: Store) -> None:
    seen: Counter[int] = Counter()
    for epoch in range(20):
        for rows in plan(store, 3, epoch, 400):
            seen.update(rows.tolist())
    assert not any(seen[row] for row in range(100))
    assert all(20 <= seen[row] <= 40 for row in range(100, 200))
    assert sum(seen[row] for row in range(100, 200)) == pytest.approx(3000, rel=0.05)
    assert all(seen[row] == 20 for row in range(200, 500))


def test_batches_stay_near_their_size(store: Store) -> None:
    sizes = [int(store.source_lengths[rows].sum()) for rows in plan(store, 3, 0, 400)]
    assert max(sizes) <= 400 + 31


def test_a_batch_holds_its_rows(store: Store) -> None:
    rows = plan(store, 3, 0, 400)[0]
    batch = assemble(store, rows)
    target = batch.target.tolist()
    assert batch.tokens == sum(piece != PAD for piece in target)
    at = 0
    for row in rows:
        ids = store.target_ids[store.target_starts[row] : store.target_starts[row + 1]].tolist()
        assert target[at : at + len(ids) + 1] == [*ids, EOS]
        assert batch.shifted[at : at + len(ids) + 1].tolist() == [PAD, *ids]
        at += len(ids) + 1
    assert set(target[at:]) <= {PAD}


def test_a_walk_goes_on_where_it_was_across_epochs(store: Store) -> None:
    count = len(plan(store, 3, 0, 400)) + 3
    steps = list(itertools.islice(walk(store, 3, 400, Position()), count + 2))
    _, position = steps[count - 1]
    assert position.epoch == 1
    for (batch, _), (again, _) in zip(steps[count:], walk(store, 3, 400, position), strict=False):
        assert batch.source.tolist() == again.source.tolist()


def test_an_error_in_the_thread_arrives() -> None:
    def broken() -> Iterator[tuple[Batch, Position]]:
        yield from ()
        raise OSError("the disk is gone")

    feed = Feed(broken(), pin=False)
    with pytest.raises(OSError, match="the disk is gone"):
        feed.next()
    feed.close()


def test_a_feed_that_nobody_empties_can_be_closed(store: Store) -> None:
    feed = Feed(walk(store, 3, 400, Position()), pin=False)
    feed.next()
    feed.close()
