from hypothesis import given
from hypothesis import strategies as st

from service.translation.lengths import equal_length_batches


@given(st.lists(st.integers(0, 200)), st.integers(1, 500))
def test_batches_hold_each_position_once_in_equal_lengths_within_the_bound(lengths: list[int], bound: int) -> None:
    batches = equal_length_batches(lengths, bound)
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len({lengths[position] for position in batch}) == 1
        assert len(batch) == 1 or len(batch) * lengths[batch[0]] <= bound
    firsts = [lengths[batch[0]] for batch in batches]
    assert firsts == sorted(firsts, reverse=True)
